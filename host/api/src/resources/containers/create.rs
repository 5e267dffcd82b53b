//! `POST /v1/containers`

use std::sync::Arc;

use http::StatusCode;
use jeroboam_model::driver::{ContainerSpec, Manifest, ResourceKind};
use jeroboam_model::{Container, ContainerId};
use time::OffsetDateTime;

use super::fields::{COLLECTION, ContainerTable, Draft};
use super::state::State;
use super::written;
use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::{self, Resource};
use crate::lookup::Shared;
use crate::names;
use crate::policy::{Rule, Target};
use crate::reply::Reply;
use crate::resources::coe::{SWARM, Site};

/// On record first; then made, with its uuid as a label; then its id is written down. If it is not certain that nothing was made, the record stays: it shows the state, and
/// can be deleted with what was made.
pub async fn create(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = fields::read::<ContainerTable>(&call.object(ContainerTable::ARGUMENT)?)?;
    call.enforce(Rule::ContainerCreate, Target::own(&call.caller))?;
    let site = Site::named(&call, draft.bay_uuid.as_value().map_or("", String::as_str), SWARM).await?;
    call.enforce(Rule::ContainerCreate, Target::cluster(&site.view.cluster))?;
    let container = record(&call, &site, draft);
    let stored = insert(&call, &site, &container).await?;
    let made = match site.create(&call, &Manifest::Container(wanted(&container))).await {
        Ok(made) => made,
        Err(error) => {
            if error.is_certain() {
                let mut tx = call.app.store.begin();
                tx.remove(&stored);
                // Who deleted it meanwhile had the same in mind.
                _ = tx.commit().await;
            }
            return Err(error.into());
        }
    };
    let mut known = stored;
    Arc::make_mut(&mut known).value.container_id = Some(made.id.clone());
    let mut tx = call.app.store.begin();
    tx.update(&*known);
    if let Err(error) = tx.commit().await {
        // Deleted while it was being made: nothing on record would lead to it.
        _ = site.delete(&call, ResourceKind::Container, &made.id).await;
        return Err(ApiError::commit("write the container", error));
    }
    let location = format!("{}/v1/{COLLECTION}/{}", call.base(), known.uuid);
    Ok(Reply::json(StatusCode::CREATED, written(&call, known, State::of(&made))).at(location))
}

fn record(call: &Call, site: &Site, draft: Draft) -> Container {
    let cluster = &site.view.cluster;
    Container {
        uuid: ContainerId::random(),
        name: draft.name.value().unwrap_or_else(|| names::generate("container")),
        project_id: cluster.project_id.clone(),
        user_id: call.caller.user_id.clone(),
        cluster: cluster.uuid,
        image: draft.image.value().unwrap_or_default(),
        command: draft.command.value(),
        memory: draft.memory.value(),
        environment: draft.environment.value().unwrap_or_default(),
        container_id: None,
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    }
}

/// Into a bay that is there: it would not go with one that is gone.
async fn insert(call: &Call, site: &Site, container: &Container) -> Result<Shared<Container>, ApiError> {
    let store = &call.app.store;
    let cluster = store.clusters().get(site.cluster()).await.map_err(|error| ApiError::store("read a cluster", error))?;
    let mut tx = store.begin();
    tx.require(&cluster.ok_or(ApiError::Gone(What::Cluster))?);
    tx.insert(container);
    tx.commit().await.map_err(|error| ApiError::commit("store the container", error))?;
    let stored = store.containers().get_arc(container.uuid).await.map_err(|error| ApiError::store("read a container", error))?;
    stored.ok_or(ApiError::Gone(What::Container))
}

fn wanted(container: &Container) -> ContainerSpec {
    ContainerSpec {
        name: container.name.clone(),
        image: container.image.clone(),
        command: container.command.clone(),
        memory: container.memory.clone(),
        environment: container.environment.clone().into_iter().collect(),
        labels: vec![(Container::LABEL.to_owned(), container.uuid.to_string())],
    }
}
