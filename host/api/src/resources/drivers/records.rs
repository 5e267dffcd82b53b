//! `/v1/drivers/{name}/records`: calls that were recorded. A whole one is what `jeroboam driver replay` takes.

use http::StatusCode;
use jeroboam_model::{CallRecord, CallRecordId};
use jeroboam_plugins::Phase;
use jeroboam_store::CallRecordQuery;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids;
use super::moment::Moment;
use super::next;
use crate::call::Call;
use crate::error::{ApiError, What, echo};
use crate::page::PageQuery;
use crate::query::Query;
use crate::reply::Reply;

/// A page of records, the newest first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CallRecords {
    pub records: Vec<BriefRecord>,
    /// Where the next page is; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A recorded call, without what was said in it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BriefRecord {
    pub id: String,
    pub at: Moment,
    pub version: String,
    /// The component's.
    pub digest: String,
    /// `define-stack`, …
    pub function: String,
    pub cluster: Option<String>,
    pub request_id: String,
    /// `ok`, `error`, `stopped` or `cut`.
    pub outcome: String,
    /// Milliseconds.
    pub took: f64,
    /// How often the driver asked the host.
    pub host_calls: usize,
    /// What had to be left out, and therefore why the call cannot be made again; empty: it can.
    pub gaps: Vec<String>,
}

/// The whole of a recorded call, by the contract's names; see `jeroboam driver replay`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct WholeRecord(pub serde_json::Map<String, serde_json::Value>);

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    let names = ["limit", "marker", "cluster", "function"];
    let [limit, marker, cluster, function] = Query::read(call.query(), names)?.into_values();
    let page = PageQuery::marked(&call, limit, marker)?;
    let query = CallRecordQuery {
        driver: Some(&call.ident),
        cluster: ids::cluster(cluster.as_deref())?,
        function: function.as_deref(),
        marker: page.marker.map(CallRecordId),
        limit: page.limit.min(MOST),
    };
    if let Some(function) = function.as_deref().filter(|function| Phase::parse(function).is_none()) {
        let known = Phase::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", ");
        return Err(ApiError::NoFunction { function: echo(function), known });
    }
    let found = call.app.intake.recorder().query(&query).await.map_err(|error| ApiError::store("read records", error))?;
    // Records of a driver stay when all its versions are removed.
    if found.items.is_empty() {
        call.app.rollouts.show(&call.ident).await?;
    }
    let next = found.items.last().filter(|_| found.more).map(|last| {
        let filters = [("cluster", cluster.as_deref()), ("function", function.as_deref())];
        next::link(&call, &format!("{}/records", call.ident), query.limit, &last.id.to_string(), &filters)
    });
    let records = found.items.iter().map(|record| BriefRecord::from(&record.value)).collect();
    Ok(Reply::of(StatusCode::OK, &CallRecords { records, next }))
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let ident = call.second_ident.clone().unwrap_or_default();
    let missing = || ApiError::NotFound { what: What::CallRecord, ident: echo(&ident) };
    let id: CallRecordId = ident.parse().map_err(|_| missing())?;
    let record = call.app.intake.recorder().record(id).await.map_err(|error| ApiError::store("read a record", error))?;
    let record = record.filter(|record| record.driver == call.ident).ok_or_else(missing)?;
    Ok(Reply::of(StatusCode::OK, &record))
}

/// Records are read whole, however little of them is told.
const MOST: usize = 100;

impl From<&CallRecord> for BriefRecord {
    fn from(record: &CallRecord) -> Self {
        Self {
            id: record.id.to_string(),
            at: record.at.into(),
            version: record.version.clone(),
            digest: record.digest.clone(),
            function: record.function.clone(),
            cluster: record.cluster.map(|id| id.to_string()),
            request_id: record.request_id.0.clone(),
            outcome: record.outcome.as_str().to_owned(),
            took: record.usage.wall_us as f64 / 1000.0,
            host_calls: record.host_calls.len(),
            gaps: record.gaps.clone(),
        }
    }
}
