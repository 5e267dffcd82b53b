//! `/v1/drivers/{name}/plans`: what a version would change about the clusters that there are.

use std::time::Duration;

use futures::{Stream, stream};
use http::StatusCode;
use jeroboam_model::ClusterId;
use jeroboam_model::driver::{self, ClusterVerdict, DriverPlan, PlanCounts};
use jeroboam_planner::PlanId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::moment::Moment;
use super::named::Named;
use super::next;
use crate::call::Call;
use crate::error::{ApiError, What};
use crate::page::PageQuery;
use crate::query::Query;
use crate::reply::{LINES, Reply};

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

/// Rows of a page, if the request does not say.
const PAGE: usize = 1000;
/// Between two lines of a stream: fast enough for a progress bar.
const BETWEEN: Duration = Duration::from_millis(100);

pub async fn begin(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let Begin { to, preview } = call.read_as("to")?;
    let to = Named::read(&to)?.digest(&call.app.rollouts).await?;
    call.app.rollouts.plan(&call.ident, &to, preview).await?;
    let plan = of(&call, &PlanId { driver: call.ident.clone(), to }).await?;
    Ok(Reply::of(StatusCode::ACCEPTED, &plan))
}

/// How far it is; to who asks for lines, also from now on.
pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let id = named(&call).await?;
    let plan = of(&call, &id).await?;
    if !call.prefers(LINES) {
        return Ok(Reply::of(StatusCode::OK, &plan));
    }
    Ok(match call.app.planner.watch(&id) {
        None => Reply::lines(stream::iter([plan])),
        Some(progress) => Reply::lines(lines(progress)),
    })
}

pub async fn clusters(call: Call) -> Result<Reply, ApiError> {
    let [limit, marker] = Query::read(call.query(), ["limit", "marker"])?.into_values();
    let page = PageQuery::marked(&call, limit, marker)?;
    let id = named(&call).await?;
    of(&call, &id).await?;
    let limit = page.limit.min(PAGE);
    let after = page.marker.map(ClusterId);
    let mut rows = call.app.planner.rows(&id, after, limit + 1).await.map_err(|error| ApiError::store("read a plan", error))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| next::link(&call, &format!("{}/plans/{}/clusters", id.driver, id.to), limit, &last.cluster.to_string(), &[]));
    let clusters = rows.into_iter().map(PlannedCluster::from).collect();
    Ok(Reply::of(StatusCode::OK, &PlannedClusters { clusters, next }))
}

/// The plan that the path names: by the version to go to.
async fn named(call: &Call) -> Result<PlanId, ApiError> {
    let to = Named::read(call.second_ident.as_deref().unwrap_or_default())?.digest(&call.app.rollouts).await?;
    Ok(PlanId { driver: call.ident.clone(), to })
}

async fn of(call: &Call, id: &PlanId) -> Result<Plan, ApiError> {
    let plan = call.app.planner.summary(id).await.map_err(|error| ApiError::store("read a plan", error))?;
    let what = What::Plan;
    plan.map(Plan::from).ok_or_else(|| ApiError::NotFound { what, ident: id.to.to_string() })
}

/// A line now and at each change, the last one when it is over.
fn lines(progress: watch::Receiver<DriverPlan>) -> impl Stream<Item = Plan> + Send + 'static {
    stream::unfold(Some(progress), |progress| async {
        let mut progress = progress?;
        let plan = Plan::from(progress.borrow_and_update().clone());
        if !plan.is_running() {
            return Some((plan, None));
        }
        tokio::time::sleep(BETWEEN).await;
        let goes_on = progress.changed().await.is_ok();
        Some((plan, goes_on.then_some(progress)))
    })
}

impl From<DriverPlan> for Plan {
    fn from(plan: DriverPlan) -> Self {
        let PlanCounts { total, done, same, in_place, replaces, fails, current, unrecorded, drifted, known } = plan.counts;
        Self {
            id: plan.to.to_string(),
            driver: plan.driver,
            preview: plan.preview,
            state: match plan.state {
                driver::PlanState::Running => PlanState::Running,
                driver::PlanState::Done => PlanState::Done,
                driver::PlanState::Cancelled => PlanState::Cancelled,
                driver::PlanState::Failed => PlanState::Failed,
                driver::PlanState::Interrupted => PlanState::Interrupted,
            },
            clusters: Counts { total, done, same, in_place, replaces, fails, current, unrecorded, drifted, known },
            began_at: plan.began_at.into(),
            ended_at: plan.ended_at.map(Moment::from),
            error: plan.error,
        }
    }
}

impl From<ClusterVerdict> for PlannedCluster {
    fn from(row: ClusterVerdict) -> Self {
        Self {
            cluster: row.cluster.to_string(),
            from: row.from.to_string(),
            verdict: row.verdict.into(),
            moved: row.moved,
            drifted: row.drifted,
            previewed: row.previewed,
        }
    }
}

impl From<driver::Verdict> for Verdict {
    fn from(verdict: driver::Verdict) -> Self {
        let all = |changes: Vec<driver::Change>| changes.into_iter().map(Change::from).collect();
        match verdict {
            driver::Verdict::Same => Self::Same,
            driver::Verdict::InPlace { changes } => Self::InPlace { changes: all(changes) },
            driver::Verdict::Replaces { resources, changes } => Self::Replaces { resources, changes: all(changes) },
            driver::Verdict::Fails { error } => Self::Fails { error },
        }
    }
}

impl From<driver::Change> for Change {
    fn from(change: driver::Change) -> Self {
        let driver::Change { path, before, after } = change;
        Self { path, before, after }
    }
}
