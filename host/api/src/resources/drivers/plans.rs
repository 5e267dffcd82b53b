//! `/v1/drivers/{name}/plans`: what a version would change about the clusters that there are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moment::Moment;
use super::named::Named;
use crate::call::Call;
use crate::error::ApiError;
use crate::reply::Reply;

/// What to plan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// The version to go to: its digest, the beginning of it, or `name@version`.
    pub to: String,
    /// Ask Heat what it would replace, too. Takes a request for each cluster that would change.
    #[serde(default)]
    pub preview: bool,
}

/// A plan, and how far it is. There is one for each driver and version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The digest of the version to go to.
    pub id: String,
    pub driver: String,
    /// Whether Heat is asked as well.
    pub preview: bool,
    pub state: PlanState,
    pub clusters: Counts,
    pub began_at: Moment,
    pub ended_at: Option<Moment>,
    /// Why it did not end well.
    pub error: Option<String>,
}

/// How far a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    Running,
    Done,
    Cancelled,
    Failed,
    /// The process that made it is no more. Begun again, it goes on where it was.
    Interrupted,
}

/// Numbers of clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Of the driver, when the plan began.
    pub total: u64,
    /// Looked at so far.
    pub done: u64,
    pub same: u64,
    pub in_place: u64,
    pub replaces: u64,
    pub fails: u64,
    /// On the version already.
    pub current: u64,
    /// Whose stacks have not been defined yet.
    pub unrecorded: u64,
    /// For which the version that they are on would by now define something else itself.
    pub drifted: u64,
    /// Whose verdict was there already.
    pub known: u64,
}

/// A page of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlannedClusters {
    pub clusters: Vec<PlannedCluster>,
    /// Where the next page is; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What would become of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedCluster {
    pub cluster: String,
    /// The digest of the version that it is on.
    pub from: String,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Whether an operator has said that it moves.
    pub moved: bool,
    /// Whether the version that it is on would by now define something else itself: not all of the difference is the other version's doing.
    pub drifted: bool,
    /// Whether Heat was asked as well.
    pub previewed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Both versions define the same stack: it moves by itself.
    Same,
    /// Heat would change it without replacing a server.
    InPlace { changes: Vec<Change> },
    /// Heat would make servers, or what they hang on, anew.
    Replaces { resources: Vec<String>, changes: Vec<Change> },
    /// The version to go to cannot define it.
    Fails { error: String },
}

/// A difference between what two versions define.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Where in the definition.
    pub path: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Plan {
    /// Whether it is still under way.
    pub fn is_running(&self) -> bool {
        self.state == PlanState::Running
    }
}

pub async fn begin(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let Begin { to, preview } = call.read_as("to")?;
    let to = Named::read(&to)?.digest(&call.app.rollouts).await?;
    call.app.rollouts.plan(&call.ident, &to, preview).await?;
    Err(ApiError::NoRoute)
}

pub async fn show(_: Call) -> Result<Reply, ApiError> {
    Err(ApiError::NoRoute)
}

pub async fn clusters(_: Call) -> Result<Reply, ApiError> {
    Err(ApiError::NoRoute)
}
