//! `/v1/credentials/{cluster}`: what a cluster's nodes log in to OpenStack with.

use jeroboam_conductor::RotateCredential;

use crate::call::Call;
use crate::error::ApiError;
use crate::lookup::{self, Reach};
use crate::microversion::Microversion;
use crate::policy::{Rule, Target};
use crate::reply::Reply;

/// Another password for the cluster's own user, which all stacks that hold it are told. No body is needed, and any is taken.
pub async fn rotate(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::CREDENTIALS, "patch")?;
    call.no_query()?;
    call.enforce(Rule::CredentialRotate, Target::own(&call.caller))?;
    let cluster = lookup::cluster(&call, &call.ident, Reach::own(&call)).await?.uuid;
    call.app.intake.rotate_credential(RotateCredential { cluster, requester: call.requester() }).await?;
    Ok(Reply::accepted(cluster))
}
