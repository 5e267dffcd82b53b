//! `PATCH /v1/federations/{ident}`: who joins and who leaves. Unlike in other patches, what is removed has a value: which member it is.

use std::sync::Arc;

use jeroboam_model::{Federation, Status};
use serde_json::Value;
use time::OffsetDateTime;

use super::fields::FederationTable;
use super::{FederationError, REASON, find, member};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Patch, PatchError, Resource};
use crate::policy::{Rule, Target};
use crate::reply::Reply;
use crate::resources::clusters::rollback;

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    rollback(&call)?;
    let body = call.json("patch")?;
    Patch::read::<FederationTable>(&body)?;
    let stored = find(&call).await?;
    call.enforce(Rule::FederationUpdate, Target::project(&stored.project_id))?;
    let elements = body.as_array().map(Vec::as_slice).unwrap_or_default();
    for element in elements {
        check(&call, &stored, element).await?;
    }
    if !elements.is_empty() {
        let mut failed = Arc::unwrap_or_clone(stored.clone());
        failed.value.status = Status::UpdateFailed;
        failed.value.status_reason = Some(REASON.to_owned());
        failed.value.updated_at = Some(OffsetDateTime::now_utc());
        let mut tx = call.app.store.begin();
        tx.update(&failed);
        tx.commit().await.map_err(|error| ApiError::commit("write the federation", error))?;
    }
    Ok(Reply::accepted(stored.uuid))
}

/// Whether the change could be asked for.
async fn check(call: &Call, federation: &Federation, element: &Value) -> Result<(), ApiError> {
    let text = |name: &str| element.get(name).and_then(Value::as_str).unwrap_or_default();
    let root = text("path").split('/').nth(1).unwrap_or_default();
    match root {
        "properties" => return Ok(()),
        "member_ids" => {}
        other => {
            let names = vec![crate::error::echo(other)];
            return Err(PatchError::Unchangeable { resource: FederationTable::ARGUMENT, names }.into());
        }
    }
    let found = member(call, text("value")).await;
    let is_member = found.as_ref().is_ok_and(|cluster| federation.member_ids.contains(&cluster.uuid));
    let (member, federation) = (crate::error::echo(text("value")), federation.name.clone());
    match text("op") {
        "remove" if !is_member => Err(FederationError::NoMember { member, federation }.into()),
        "remove" => Ok(()),
        _ if is_member => Err(FederationError::MemberExists { member, federation }.into()),
        _ => found.map(drop),
    }
}
