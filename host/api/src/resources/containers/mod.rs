//! `/v1/containers`: containers of Docker on bays of Swarm, as clients of Liberty and Mitaka know them.
//!
//! Unlike pods they are on record, since `/v1/containers/{ident}` names no bay. A container is on record before it is made, and carries its uuid as a label: whatever
//! happens in between, it is found again, and goes with its record.

mod actions;
mod create;
mod fields;
mod state;
mod update;

use std::collections::HashMap;

use futures::StreamExt;
use jeroboam_model::driver::{CoeResource, ResourceKind};
use jeroboam_model::{ClusterId, Container, ContainerId};
use jeroboam_store::Page;

use super::coe::{CoeError, SWARM, Site};
use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::{Form, Out, write};
use crate::lookup::{self, Reach, Shared};
use crate::page::{Column, PageQuery, moment};
use crate::policy::{Rule, Target};
use crate::query::Query;
use crate::reply::Reply;

pub use actions::{execute, logs, pause, reboot, start, stop, unpause};
pub use create::create;
pub use update::update;

use fields::{COLLECTION, ContainerTable, Shown};
use state::{State, find};

/// Bays that are asked at the same time.
const BAYS: usize = 8;

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::ContainerGetAll, Form::Brief, "").await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::ContainerDetail, Form::Detailed, "/detail").await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let container = named(&call, Rule::ContainerGet).await?;
    let found = on_bays(&call, [container.cluster].into()).await;
    let state = found.get(&container.cluster).map_or(State::Unknown, |found| State::among(found, &container));
    Ok(Reply::ok(written(&call, container, state)))
}

/// What is on the bay goes first. What is not there any more is as good as deleted.
pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let container = named(&call, Rule::ContainerDelete).await?;
    let site = Site::find(&call, &container.cluster.to_string(), SWARM).await?;
    if let Some(id) = docker_id(&call, &site, &container).await? {
        match site.delete(&call, ResourceKind::Container, &id).await {
            Err(error) if !error.is_not_found() => return Err(error.into()),
            _ => {}
        }
    }
    let mut tx = call.app.store.begin();
    tx.remove(&container);
    tx.commit().await.map_err(|error| ApiError::commit("remove the container", error))?;
    Ok(Reply::no_content())
}

/// The one that the path names, of the caller's project, if the caller may.
async fn named(call: &Call, rule: Rule) -> Result<Shared<Container>, ApiError> {
    let containers = call.app.store.containers();
    let found = match call.ident.parse::<ContainerId>() {
        Ok(id) => containers.get_arc(id).await.map(|found| found.into_iter().collect()),
        Err(_) => containers.by_name(&call.ident).await,
    };
    let found = found.map_err(|error| ApiError::store("read containers", error))?;
    let own = call.caller.project_id();
    let container = lookup::only(What::Container, &call.ident, found, |container| own == Some(&container.project_id))?;
    call.enforce(rule, Target::project(&container.project_id))?;
    Ok(container)
}

/// Docker's id of it. Whoever was to write it down may have been stopped before: then the label says.
async fn docker_id(call: &Call, site: &Site, container: &Shared<Container>) -> Result<Option<String>, ApiError> {
    if let Some(id) = &container.container_id {
        return Ok(Some(id.clone()));
    }
    let found = site.list(call, ResourceKind::Container).await?;
    Ok(find(&found, container).map(|found| found.id.clone()))
}

/// What these bays have. Those that do not answer are left out.
async fn on_bays(call: &Call, mut bays: Vec<ClusterId>) -> HashMap<ClusterId, Vec<CoeResource>> {
    bays.sort_unstable();
    bays.dedup();
    let asked = bays.into_iter().map(|bay| async move {
        let found = async {
            let site = Site::find(call, &bay.to_string(), SWARM).await?;
            Ok::<_, ApiError>(site.list(call, ResourceKind::Container).await?)
        };
        let found = found.await.inspect_err(|error| tracing::warn!(cluster = %bay, "its containers cannot be listed: {error}"));
        Some((bay, found.ok()?))
    });
    let answers: Vec<Option<_>> = futures::stream::iter(asked).buffer_unordered(BAYS).collect().await;
    answers.into_iter().flatten().collect()
}

async fn page(call: Call, rule: Rule, form: Form, suffix: &str) -> Result<Reply, ApiError> {
    let names = ["limit", "marker", "sort_key", "sort_dir", "bay_ident", "container_uuid"];
    let [limit, marker, sort_key, sort_dir, bay, _] = Query::read(call.query(), names)?.into_values();
    let query = PageQuery::of(&call, limit, marker, sort_key, sort_dir)?;
    call.enforce(rule, Target::own(&call.caller))?;
    let bay = match bay {
        Some(bay) => Some(lookup::cluster(&call, &bay, Reach::own(&call)).await?.uuid),
        None => None,
    };
    let page = read(&call, &query, bay).await?;
    let found = on_bays(&call, page.items.iter().map(|container| container.cluster).collect()).await;
    let base = call.base();
    let mut out = Out::with_capacity(256 + 512 * page.items.len());
    out.object(|out| {
        let last = page.items.last().map(|container| container.uuid);
        out.key(COLLECTION);
        out.array(|out| {
            for container in page.items {
                let state = found.get(&container.cluster).map_or(State::Unknown, |found| State::among(found, &container));
                write::<ContainerTable>(&Shown { container, state, base: base.clone() }, form, call.version, out);
            }
        });
        let own = bay.map(|bay| format!("bay_ident={bay}&")).unwrap_or_default();
        query.write_next_with(format_args!("{base}/v1/{COLLECTION}{suffix}"), format_args!("{own}"), page.more, last, out);
    });
    Ok(Reply::ok(out))
}

async fn read(call: &Call, query: &PageQuery, bay: Option<ClusterId>) -> Result<Page<Container>, ApiError> {
    let Some(project) = call.caller.project_id() else { return Ok(Page { items: Vec::new(), more: false }) };
    let containers = call.app.store.containers();
    let failed = |error| ApiError::store("list containers", error);
    let column = query.column(COLUMNS)?;
    if let Some(bay) = bay {
        let own = containers.of_cluster(bay).await.map_err(failed)?.into_iter().map(Shared::new);
        let mut own: Vec<Shared<Container>> = own.filter(|container| container.project_id == *project).collect();
        own.sort_by_key(|container| (container.created_at, container.uuid));
        let (items, more) = query
            .cut(own, column.map(|column| move |of: &Shared<Container>| (column.key)(&of.value)), |of| of.uuid.to_string())?;
        return Ok(Page { items, more });
    }
    let list = query.list_query(Some(project), ContainerId);
    let page = match column {
        None => containers.list(list).await,
        Some(column) => containers.list_by(list, column.key).await,
    };
    page.map_err(failed)
}

fn written(call: &Call, container: Shared<Container>, state: State) -> Out {
    let mut out = Out::with_capacity(1024);
    write::<ContainerTable>(&Shown { container, state, base: call.base() }, Form::Whole, call.version, &mut out);
    out
}

const COLUMNS: &[Column<Container>] = &[
    Column { name: "uuid", key: |c| c.uuid.to_string() },
    Column { name: "name", key: |c| c.name.clone() },
    Column { name: "bay_uuid", key: |c| c.cluster.to_string() },
    Column { name: "image", key: |c| c.image.clone() },
    Column { name: "command", key: |c| c.command.clone().unwrap_or_default() },
    Column { name: "memory", key: |c| c.memory.clone().unwrap_or_default() },
    Column { name: "created_at", key: |c| moment(Some(c.created_at)) },
    Column { name: "updated_at", key: |c| moment(c.updated_at) },
];

impl CoeError {
    /// Whether it is certain that nothing was made: the bay said so, or was never asked.
    fn is_certain(&self) -> bool {
        self.status().is_client_error()
    }
}
