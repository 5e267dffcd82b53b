//! What can be done with versions and rollouts: `/v1/drivers/versions/{digest}/actions/…` and `/v1/drivers/{name}/actions/…`.

use http::StatusCode;
use jeroboam_model::driver::Digest;
use jeroboam_rollout::{Moved, Which};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drivers::{self, Canary};
use super::ids;
use super::named::Named;
use super::versions::{self, Version};
use crate::call::Call;
use crate::error::ApiError;
use crate::reply::Reply;

/// How to activate a version.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activate {
    /// Only for these at first. Absent: for all new clusters at once.
    pub canary: Option<Canary>,
}

/// Why a version is revoked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Told to whoever asks why it is refused.
    pub why: String,
}

/// What was revoked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revoked {
    /// Null if it was never installed here. It will not be.
    pub version: Option<Version>,
    /// Uuids of the clusters that it touched.
    pub clusters: Vec<String>,
}

/// Which clusters are to be moved to the version that new ones get.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Move {
    /// All of the driver's: the value is true.
    All(bool),
    /// These, by their uuids.
    Clusters(Vec<String>),
}

/// What was moved.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MovedClusters {
    pub moved: Vec<MovedCluster>,
}

/// A cluster, and the version that it is on now.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MovedCluster {
    pub cluster: String,
    /// The digest of the version before.
    pub from: Option<String>,
    /// The digest of the version now.
    pub to: String,
}

pub async fn check(call: Call) -> Result<Reply, ApiError> {
    let version = call.app.rollouts.check(&named(&call).await?).await?;
    versions::shown(&call, StatusCode::ACCEPTED, version).await
}

pub async fn approve(call: Call) -> Result<Reply, ApiError> {
    let version = call.app.rollouts.approve(&named(&call).await?, &by(&call)).await?;
    versions::shown(&call, StatusCode::ACCEPTED, version).await
}

pub async fn activate(call: Call) -> Result<Reply, ApiError> {
    let canary = call.read_as::<Activate>("canary")?.canary.map(Canary::read).transpose()?;
    let rollout = call.app.rollouts.activate(&named(&call).await?, canary, &by(&call)).await?;
    drivers::shown(&call, &rollout.driver).await
}

pub async fn revoke(call: Call) -> Result<Reply, ApiError> {
    let why = call.read_as::<Revoke>("why")?.why;
    let revoked = call.app.rollouts.revoke(&named(&call).await?, &why, &by(&call)).await?;
    let version = match revoked.version {
        Some(version) => Some(versions::seen(&call, version).await?),
        None => None,
    };
    let clusters = revoked.clusters.iter().map(ToString::to_string).collect();
    Ok(Reply::of(StatusCode::OK, &Revoked { version, clusters }))
}

pub async fn confirm(call: Call) -> Result<Reply, ApiError> {
    call.app.rollouts.confirm(&call.ident, &by(&call)).await?;
    drivers::shown(&call, &call.ident).await
}

pub async fn rollback(call: Call) -> Result<Reply, ApiError> {
    call.app.rollouts.rollback(&call.ident, &by(&call)).await?;
    drivers::shown(&call, &call.ident).await
}

pub async fn move_clusters(call: Call) -> Result<Reply, ApiError> {
    let which = match call.read_as::<Move>("clusters")? {
        Move::All(true) => Which::All,
        Move::All(false) => Which::These(Vec::new()),
        Move::Clusters(ids) => Which::These(ids.iter().map(|id| ids::uuid("clusters", id)).collect::<Result<_, _>>()?),
    };
    let moved = call.app.rollouts.move_clusters(&call.ident, which).await?.into_iter().map(MovedCluster::from).collect();
    Ok(Reply::of(StatusCode::OK, &MovedClusters { moved }))
}

impl From<Moved> for MovedCluster {
    fn from(moved: Moved) -> Self {
        let Moved { cluster, from, to } = moved;
        Self { cluster: cluster.to_string(), from: from.map(|digest| digest.to_string()), to: to.to_string() }
    }
}

async fn named(call: &Call) -> Result<Digest, ApiError> {
    call.no_query()?;
    Named::read(&call.ident)?.digest(&call.app.rollouts).await
}

/// Who is written down as the one who did it.
pub fn by(call: &Call) -> String {
    let (name, id) = (&call.caller.user_name, &call.caller.user_id.0);
    if name.is_empty() || name == id { id.clone() } else { format!("{name} ({id})") }
}
