//! `/v1/operations` and `/v1/clusters/{ident}/operations`: operations by page.

use http::StatusCode;
use jeroboam_model::{self as model, ClusterId, OperationId, OperationKind, OperationState};
use jeroboam_store::{Direction, ListQuery, Page};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::show::Operation;
use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::lookup::{self, Permit, Reach};
use crate::page::PageQuery;
use crate::policy::{Rule, Target};
use crate::query::Query;
use crate::reply::Reply;
use crate::resources::drivers::link_to;

/// A page of operations, the latest first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Operations {
    pub operations: Vec<Operation>,
    /// Where the next page is; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

const PERMIT: Permit = Permit::and(Rule::OperationGetAll, Rule::OperationGetAllAllProjects);

/// Which of them, and which page.
struct Wanted {
    page: PageQuery,
    status: Option<String>,
    kind: Option<String>,
    states: Vec<OperationState>,
    kinds: Vec<&'static str>,
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    let names = ["limit", "marker", "status", "kind", "cluster"];
    let [limit, marker, status, kind, cluster] = Query::read(call.query(), names)?.into_values();
    let wanted = Wanted::read(&call, limit, marker, status, kind)?;
    let id = |text: &String| text.parse::<ClusterId>().map_err(|_| ApiError::NotUuid { what: "cluster", value: echo(text) });
    let of = cluster.as_ref().map(id).transpose()?;
    call.enforce(PERMIT.rule, Target::own(&call.caller))?;
    let found = wanted.find(&call, of).await?;
    Ok(wanted.reply(&call, "operations", cluster.as_deref(), &found))
}

pub async fn of_cluster(call: Call) -> Result<Reply, ApiError> {
    let [limit, marker, status, kind] = Query::read(call.query(), ["limit", "marker", "status", "kind"])?.into_values();
    let wanted = Wanted::read(&call, limit, marker, status, kind)?;
    call.enforce(PERMIT.rule, Target::own(&call.caller))?;
    let (cluster, is_there) = match (lookup::cluster(&call, &call.ident, Reach::by(&call, PERMIT)).await, call.ident.parse()) {
        (Ok(cluster), _) => {
            call.enforce(PERMIT.rule, Target::cluster(&cluster))?;
            (cluster.uuid, Ok(()))
        }
        // What was done to a cluster that is gone is kept for a while.
        (Err(missing @ ApiError::NotFound { .. }), Ok(uuid)) => (uuid, Err(missing)),
        (Err(error), _) => return Err(error),
    };
    let found = wanted.find(&call, Some(cluster)).await?;
    if found.items.is_empty() {
        is_there?;
    }
    Ok(wanted.reply(&call, &format!("clusters/{cluster}/operations"), None, &found))
}

impl Wanted {
    fn read(
        call: &Call,
        limit: Option<String>,
        marker: Option<String>,
        status: Option<String>,
        kind: Option<String>,
    ) -> Result<Self, ApiError> {
        let page = PageQuery::marked(call, limit, marker)?;
        let states = known("status", status.as_deref(), &OperationState::ALL, |state| state.name())?;
        let kinds = known("kind", kind.as_deref(), &OperationKind::NAMES, |name| name)?;
        Ok(Self { page, status, kind, states, kinds })
    }

    async fn find(&self, call: &Call, cluster: Option<ClusterId>) -> Result<Page<model::Operation>, ApiError> {
        let reach = Reach::by(call, PERMIT);
        let project = match reach {
            Reach::Nobody => return Ok(Page { items: Vec::new(), more: false }),
            Reach::Everybody => None,
            Reach::Project(project) => Some(project),
        };
        let marker = self.page.marker.map(OperationId);
        let query = ListQuery { project, marker, limit: self.page.limit, direction: Direction::Descending };
        let is_wanted = |operation: &model::Operation| {
            reach.owns(&operation.project_id)
                && (self.states.is_empty() || self.states.contains(&operation.state))
                && (self.kinds.is_empty() || self.kinds.contains(&operation.kind.name()))
        };
        let found = call.app.store.operations().list_wanted(cluster, query, is_wanted).await;
        found.map_err(|error| ApiError::store("list operations", error))
    }

    fn reply(&self, call: &Call, path: &str, cluster: Option<&str>, found: &Page<model::Operation>) -> Reply {
        let filters = [("status", self.status.as_deref()), ("kind", self.kind.as_deref()), ("cluster", cluster)];
        let last = found.items.last().filter(|_| found.more);
        let next = last.map(|last| link_to(call, path, self.page.limit, &last.id.to_string(), &filters));
        let operations = found.items.iter().map(|operation| Operation::from(&operation.value)).collect();
        Reply::of(StatusCode::OK, &Operations { operations, next })
    }
}

/// The words of a list that is separated by commas, each one of those that there are; none if there is no list.
fn known<T: Copy>(
    what: &'static str,
    text: Option<&str>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, ApiError> {
    let words = text.into_iter().flat_map(|text| text.split(','));
    let find = |word: &str| {
        let known = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
        let found = all.iter().copied().find(|one| name(*one) == word);
        found.ok_or_else(|| ApiError::NotOneOf { what, value: echo(word), known: known() })
    };
    words.map(find).collect()
}
