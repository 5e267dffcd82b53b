//! `/v1/bays`: clusters, as clients of Liberty to Rocky know them.

use http::StatusCode;
use jeroboam_model::ClusterId;
use jeroboam_store::SharedView;

use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::{Field, Form, Resource, Slot};
use crate::lookup::Permit;
use crate::microversion::Microversion;
use crate::policy::Rule;
use crate::reply::Reply;
use crate::resources::clusters::{self, ClusterResource, Draft, Face, MAX_NODES, Rules, Shown};

/// The resource `bays`.
pub enum Bay {}

type F = Field<Bay>;

/// As clusters have it.
const fn same(name: &str) -> F {
    F::of::<ClusterResource>(name)
}

impl Resource for Bay {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "bay";
    const INTERNAL: &'static [&'static str] = ClusterResource::INTERNAL;
    const FIELDS: &'static [F] = &[
        same("uuid"),
        same("name"),
        same("cluster_template_id").named("baymodel_id").unremovable(),
        same("docker_volume_size"),
        same("labels"),
        same("master_flavor_id"),
        same("flavor_id"),
        same("node_count").optional(Slot::integer(1, MAX_NODES, |d| &mut d.node_count)),
        same("master_count"),
        same("create_timeout").named("bay_create_timeout"),
        F::new("links", |s, out| s.write_links(Bay::COLLECTION, out)),
        same("stack_id").until(Microversion::MAX),
        same("status"),
        same("status_reason"),
        same("discovery_url"),
        same("api_address"),
        same("coe_version"),
        same("container_version"),
        same("node_addresses"),
        same("master_addresses"),
        same("faults").named("bay_faults"),
        same("created_at"),
        same("updated_at"),
    ];
}

/// Administrators see the bays of their token's project only.
impl Face for Bay {
    const COLLECTION: &'static str = "bays";
    const KIND: &'static str = "bay";
    const RULES: Rules = Rules {
        get: Permit::own(Rule::BayGet),
        get_all: Permit::own(Rule::BayGetAll),
        detail: Permit::own(Rule::BayDetail),
        create: Rule::BayCreate,
        update: Permit::own(Rule::BayUpdate),
        delete: Permit::own(Rule::BayDelete),
        update_health_status: None,
    };
    const TEMPLATE_NOT_FOUND: Option<Microversion> = None;
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    clusters::page::<Bay>(call, Form::Brief).await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    clusters::page::<Bay>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    clusters::show_as::<Bay>(call).await
}

/// At 1.1 the answer is the bay, as if it had been waited for; its status says what is still to be done.
pub async fn create(call: Call) -> Result<Reply, ApiError> {
    let uuid = clusters::create_as::<Bay>(&call).await?;
    if call.version >= Microversion::ASYNC_BAYS {
        return Ok(Reply::accepted(uuid));
    }
    let location = format!("{}/v1/{}/{uuid}", call.base(), Bay::COLLECTION);
    let made = clusters::whole::<Bay>(&call, &view(&call, uuid).await?);
    Ok(Reply::json(StatusCode::CREATED, made).at(location))
}

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    let uuid = clusters::update_as::<Bay>(&call).await?;
    if call.version >= Microversion::ASYNC_BAYS {
        return Ok(Reply::accepted(uuid));
    }
    Ok(Reply::ok(clusters::whole::<Bay>(&call, &view(&call, uuid).await?)))
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    clusters::delete_as::<Bay>(call).await
}

/// What has just been accepted.
async fn view(call: &Call, uuid: ClusterId) -> Result<SharedView, ApiError> {
    let view = call.app.store.view_shared(uuid).await.map_err(|error| ApiError::store("read a cluster", error))?;
    view.ok_or(ApiError::Gone(What::Cluster))
}
