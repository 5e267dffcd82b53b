//! `POST /v1/federations`

use jeroboam_model::{Federation, FederationId, Status};
use time::OffsetDateTime;

use super::fields::FederationTable;
use super::{FederationError, REASON, member};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Resource};
use crate::names;
use crate::policy::{Rule, Target};
use crate::reply::Reply;

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = fields::read::<FederationTable>(&call.object(FederationTable::ARGUMENT)?)?;
    call.enforce(Rule::FederationCreate, Target::own(&call.caller))?;
    let project = call.caller.project_id().ok_or(ApiError::Policy(Rule::FederationCreate.name()))?;
    let host = member(&call, draft.hostcluster_id.as_value().ok_or(FederationError::NoHost)?).await?;
    let properties = draft.properties.value().ok_or(FederationError::NoProperties)?;
    if !properties.contains_key("dns-zone") {
        return Err(FederationError::NoDnsZone.into());
    }
    let mut member_ids = Vec::new();
    for ident in draft.member_ids.value().unwrap_or_default() {
        member_ids.push(member(&call, &ident).await?.uuid);
    }
    let federation = Federation {
        uuid: FederationId::random(),
        name: draft.name.value().unwrap_or_else(|| names::generate("federation")),
        project_id: project.clone(),
        hostcluster_id: host.uuid,
        member_ids,
        status: Status::CreateFailed,
        status_reason: Some(REASON.to_owned()),
        properties,
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    };
    let mut tx = call.app.store.begin();
    tx.insert(&federation);
    tx.commit().await.map_err(|error| ApiError::commit("store the federation", error))?;
    Ok(Reply::accepted(federation.uuid))
}
