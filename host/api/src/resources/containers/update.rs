//! `PATCH /v1/containers/{ident}`: what is on record. A container itself stays as it was made, so only its name can change; Magnum would write down what is not so.

use std::sync::Arc;

use time::OffsetDateTime;

use super::fields::{ContainerTable, Draft};
use super::state::State;
use super::{named, on_bays, written};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Patch, PatchError, Resource, changed};
use crate::policy::Rule;
use crate::reply::Reply;

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let patch = Patch::read::<ContainerTable>(&call.json("patch")?)?;
    let mut container = named(&call, Rule::ContainerUpdate).await?;
    let (mut before, mut after) = (Draft::of(&container), Draft::of(&container));
    patch.apply::<ContainerTable>(&mut after)?;
    let names = changed::<ContainerTable>(&mut before, &mut after);
    let fixed: Vec<String> = names.iter().filter(|name| **name != "name").map(|name| (*name).to_owned()).collect();
    if !fixed.is_empty() {
        return Err(PatchError::Unchangeable { resource: ContainerTable::ARGUMENT, names: fixed }.into());
    }
    if let Some(name) = after.name.value().filter(|_| !names.is_empty()) {
        let row = &mut Arc::make_mut(&mut container).value;
        row.name = name;
        row.updated_at = Some(OffsetDateTime::now_utc());
        let mut tx = call.app.store.begin();
        tx.update(&*container);
        tx.commit().await.map_err(|error| ApiError::commit("write the container", error))?;
    }
    let found = on_bays(&call, [container.cluster].into()).await;
    let state = found.get(&container.cluster).map_or(State::Unknown, |found| State::among(found, &container));
    Ok(Reply::ok(written(&call, container, state)))
}
