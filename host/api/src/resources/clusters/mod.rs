//! `/v1/clusters`

mod create;
mod face;
mod fields;
mod inherit;
mod resize;
mod update;
mod upgrade;
mod written;

use jeroboam_conductor::Delete;
use jeroboam_model::{Cluster, ClusterId, HealthStatus};
use jeroboam_store::{SharedView, ViewPage};

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Form, Out};
use crate::lookup::{self, Reach};
use crate::page::{Column, PageQuery, moment};
use crate::policy::Target;
use crate::reply::Reply;

pub use create::{create, create_as};
pub use face::{Face, Rules};
pub use fields::{ClusterResource, Draft, MAX_NODES, Shown};
pub use resize::{group_of, resize};
pub use update::{rollback, update, update_as};
pub use upgrade::upgrade;

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    page::<ClusterResource>(call, Form::Brief).await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    page::<ClusterResource>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    show_as::<ClusterResource>(call).await
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    delete_as::<ClusterResource>(call).await
}

pub async fn show_as<F: Face>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let view = lookup::view(&call, &call.ident, Reach::by(&call, F::RULES.get)).await?;
    call.enforce(F::RULES.get.rule, Target::cluster(&view.cluster))?;
    Ok(Reply::ok(whole::<F>(&call, &view)))
}

/// In any status, and again while it is under way.
pub async fn delete_as<F: Face>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let cluster = lookup::cluster(&call, &call.ident, Reach::by(&call, F::RULES.delete)).await?;
    call.enforce(F::RULES.delete.rule, Target::cluster(&cluster))?;
    call.app.intake.delete(Delete { cluster: cluster.uuid, requester: call.requester() }).await?;
    Ok(Reply::no_content())
}

/// The cluster by itself, as an answer.
pub fn whole<F: Face>(call: &Call, view: &SharedView) -> Out {
    let mut out = Out::with_capacity(2560);
    written::write::<F>(view, Form::Whole, call.version, &call.base(), &mut out);
    out
}

pub async fn page<F: Face>(call: Call, form: Form) -> Result<Reply, ApiError> {
    let (permit, suffix) = match form {
        Form::Brief => (F::RULES.get_all, ""),
        _ => (F::RULES.detail, "/detail"),
    };
    let query = PageQuery::read(&call)?;
    call.enforce(permit.rule, Target::own(&call.caller))?;
    let ViewPage { items: views, more } = read(&call, &query, Reach::by(&call, permit)).await?;
    let last = views.last().map(|view| view.cluster.uuid.0);

    let base = call.base();
    let mut out = Out::with_capacity(256 + 2048 * views.len());
    out.object(|out| {
        out.key(F::COLLECTION);
        out.array(|out| {
            for view in &views {
                written::write::<F>(view, form, call.version, &base, out);
            }
        });
        query.write_next(format_args!("{base}/v1/{}{suffix}", F::COLLECTION), more, last, out);
    });
    Ok(Reply::ok(out))
}

async fn read(call: &Call, query: &PageQuery, reach: Reach<'_>) -> Result<ViewPage, ApiError> {
    let project = match reach {
        Reach::Nobody => return Ok(ViewPage { items: Vec::new(), more: false }),
        Reach::Everybody => None,
        Reach::Project(project) => Some(project),
    };
    let list = query.list_query(project, ClusterId);
    let store = &call.app.store;
    let page = match query.column(COLUMNS)? {
        None => store.views_page(list).await,
        Some(column) => store.views_page_by(list, column.key).await,
    };
    page.map_err(|error| ApiError::store("list clusters", error))
}

const COLUMNS: &[Column<Cluster>] = &[
    Column { name: "uuid", key: |c| c.uuid.to_string() },
    Column { name: "name", key: |c| c.name.clone() },
    Column { name: "status", key: |c| c.status.as_str().to_owned() },
    Column { name: "status_reason", key: |c| c.status_reason.clone().unwrap_or_default() },
    Column { name: "health_status", key: |c| c.health_status.map(HealthStatus::as_str).unwrap_or_default().to_owned() },
    Column { name: "cluster_template_id", key: |c| c.cluster_template_id.to_string() },
    Column { name: "project_id", key: |c| c.project_id.0.clone() },
    Column { name: "user_id", key: |c| c.user_id.0.clone() },
    Column { name: "stack_id", key: |c| c.stack_id.clone().unwrap_or_default() },
    Column { name: "keypair", key: |c| c.keypair.clone().unwrap_or_default() },
    Column { name: "flavor_id", key: |c| c.flavor_id.clone().unwrap_or_default() },
    Column { name: "master_flavor_id", key: |c| c.master_flavor_id.clone().unwrap_or_default() },
    Column { name: "create_timeout", key: |c| format!("{:010}", c.create_timeout.unwrap_or_default()) },
    Column { name: "docker_volume_size", key: |c| format!("{:010}", c.docker_volume_size.unwrap_or_default()) },
    Column { name: "api_address", key: |c| c.api_address.clone().unwrap_or_default() },
    Column { name: "coe_version", key: |c| c.coe_version.clone().unwrap_or_default() },
    Column { name: "labels", key: |c| format!("{:?}", c.labels) },
    Column { name: "created_at", key: |c| moment(Some(c.created_at)) },
    Column { name: "updated_at", key: |c| moment(c.updated_at) },
];
