//! `/v1/clustertemplates`

mod create;
mod draft;
mod face;
mod fields;
mod update;

use jeroboam_model::{ClusterTemplate, TemplateId};
use jeroboam_store::{CommitError, Page};

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Form, Out, write};
use crate::lookup::{self, Reach};
use crate::page::{Column, PageQuery, moment};
use crate::policy::Target;
use crate::reply::Reply;

pub use create::{create, create_as};
pub use face::{Face, Rules};
pub use fields::{Draft, Shown, Template};
pub use update::{update, update_as};

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    page::<Template>(call, Form::Brief).await
}

/// Its items have no more than those of the plain list.
pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    page::<Template>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    show_as::<Template>(call).await
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    delete_as::<Template>(call).await
}

pub async fn show_as<F: Face>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let template = lookup::template(&call, &call.ident, Reach::by(&call, F::RULES.get)).await?;
    // What is public can be seen without any role.
    if !template.public {
        call.enforce(F::RULES.get.rule, Target::template(&template))?;
    }
    let mut out = Out::with_capacity(2048);
    write::<F>(&Shown { template, base: call.base() }, Form::Whole, call.version, &mut out);
    Ok(Reply::ok(out))
}

pub async fn delete_as<F: Face>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let template = lookup::template(&call, &call.ident, Reach::by(&call, F::RULES.delete)).await?;
    call.enforce(F::RULES.delete.rule, Target::template(&template))?;
    let mut transaction = call.app.store.begin();
    transaction.remove(&template);
    transaction.require_no_clusters_of(template.uuid);
    match transaction.commit().await {
        Ok(()) => Ok(Reply::no_content()),
        Err(error) => Err(refused(&call, template.uuid, error).await),
    }
}

/// Why a change of a template was not written, where no cluster may refer to it.
async fn refused(call: &Call, template: TemplateId, error: CommitError) -> ApiError {
    match (error, is_used(call, template).await) {
        (CommitError::Conflict { .. }, Ok(true)) => ApiError::TemplateInUse(template),
        (error, _) => ApiError::commit("write the template", error),
    }
}

async fn is_used(call: &Call, template: TemplateId) -> Result<bool, ApiError> {
    let count = call.app.store.clusters().count_of_template(template).await;
    Ok(count.map_err(|error| ApiError::store("count the template's clusters", error))? > 0)
}

pub async fn page<F: Face>(call: Call, form: Form) -> Result<Reply, ApiError> {
    let (permit, suffix) = match form {
        Form::Brief => (F::RULES.get_all, ""),
        _ => (F::RULES.detail, "/detail"),
    };
    let query = PageQuery::read(&call)?;
    call.enforce(permit.rule, Target::own(&call.caller))?;
    let page = read(&call, &query, Reach::by(&call, permit)).await?;

    let base = call.base();
    let mut out = Out::with_capacity(256 + 1536 * page.items.len());
    out.object(|out| {
        let last = page.items.last().map(|template| template.uuid.0);
        out.key(F::COLLECTION);
        out.array(|out| {
            for template in page.items {
                write::<F>(&Shown { template, base: base.clone() }, form, call.version, out);
            }
        });
        query.write_next(format_args!("{base}/v1/{}{suffix}", F::COLLECTION), page.more, last, out);
    });
    Ok(Reply::ok(out))
}

async fn read(call: &Call, query: &PageQuery, reach: Reach<'_>) -> Result<Page<ClusterTemplate>, ApiError> {
    let templates = call.app.store.templates();
    let list = query.list_query(None, TemplateId);
    let page = match (reach, query.column(COLUMNS)?) {
        (Reach::Nobody, _) => return Ok(Page { items: Vec::new(), more: false }),
        (Reach::Everybody, None) => templates.list(list).await,
        (Reach::Everybody, Some(column)) => templates.list_by(list, column.key).await,
        (Reach::Project(project), None) => templates.list_visible(project, list).await,
        (Reach::Project(project), Some(column)) => templates.list_visible_by(project, list, column.key).await,
    };
    page.map_err(|error| ApiError::store("list templates", error))
}

const COLUMNS: &[Column<ClusterTemplate>] = &[
    Column { name: "uuid", key: |t| t.uuid.to_string() },
    Column { name: "name", key: |t| t.name.clone() },
    Column { name: "coe", key: |t| t.coe.as_str().to_owned() },
    Column { name: "project_id", key: |t| t.project_id.0.clone() },
    Column { name: "user_id", key: |t| t.user_id.0.clone() },
    Column { name: "image_id", key: |t| t.image_id.clone() },
    Column { name: "flavor_id", key: |t| t.flavor_id.clone().unwrap_or_default() },
    Column { name: "master_flavor_id", key: |t| t.master_flavor_id.clone().unwrap_or_default() },
    Column { name: "keypair_id", key: |t| t.keypair_id.clone().unwrap_or_default() },
    Column { name: "cluster_distro", key: |t| t.cluster_distro.clone() },
    Column { name: "server_type", key: |t| t.server_type.as_str().to_owned() },
    Column { name: "network_driver", key: |t| t.network_driver.clone().unwrap_or_default() },
    Column { name: "volume_driver", key: |t| t.volume_driver.clone().unwrap_or_default() },
    Column { name: "public", key: |t| t.public.to_string() },
    Column { name: "hidden", key: |t| t.hidden.to_string() },
    Column { name: "tags", key: |t| t.tags.clone().unwrap_or_default() },
    Column { name: "driver", key: |t| t.driver.clone().unwrap_or_default() },
    Column { name: "created_at", key: |t| moment(Some(t.created_at)) },
    Column { name: "updated_at", key: |t| moment(t.updated_at) },
];
