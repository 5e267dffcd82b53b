//! `/v1/operations/{id}/actions/…`: retry and abort.

use http::StatusCode;
use jeroboam_conductor::{Abort, Retry};
use jeroboam_model::{self as model, OperationKind};

use super::show;
use crate::call::Call;
use crate::error::ApiError;
use crate::lookup::{Permit, Shared};
use crate::policy::Rule;
use crate::reply::Reply;

/// Takes an operation up again that has ended without success.
pub async fn retry(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let operation = show::find(&call, Permit::and(Rule::OperationRetry, Rule::OperationRetryAllProjects)).await?;
    if operation.kind == OperationKind::Create {
        let cluster = call.app.store.clusters().get_arc(operation.cluster).await;
        let cluster = cluster.map_err(|error| ApiError::store("read a cluster", error))?;
        let has_trust = |cluster: &model::Cluster| cluster.trustee.as_ref().is_some_and(|trustee| trustee.trust_id.is_some());
        if cluster.is_some_and(|cluster| !has_trust(&cluster)) {
            call.caller.delegation.required()?;
        }
    }
    call.app.intake.retry(Retry { operation: operation.id, requester: call.requester() }).await?;
    accepted(&call, &operation).await
}

/// Stops an operation.
pub async fn abort(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let operation = show::find(&call, Permit::and(Rule::OperationAbort, Rule::OperationAbortAllProjects)).await?;
    call.app.intake.abort(Abort { operation: operation.id, requester: call.requester() }).await?;
    accepted(&call, &operation).await
}

/// As it stands now.
async fn accepted(call: &Call, before: &Shared<model::Operation>) -> Result<Reply, ApiError> {
    let now = call.app.store.operations().get_arc(before.id).await;
    let now = now.map_err(|error| ApiError::store("read an operation", error))?;
    show::shown(call, StatusCode::ACCEPTED, now.as_ref().unwrap_or(before)).await
}
