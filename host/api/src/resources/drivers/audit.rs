//! `/v1/drivers/{name}/audit`: what a driver did to the world outside, effect by effect.

use http::StatusCode;
use jeroboam_model::{AuditId, AuditRecord};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids;
use super::moment::Moment;
use super::next;
use crate::call::Call;
use crate::error::ApiError;
use crate::page::PageQuery;
use crate::query::Query;
use crate::reply::Reply;

/// A page of effects, the latest first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Audit {
    pub effects: Vec<Effect>,
    /// Where the next page is; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A host call that had an effect, or was to have one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    pub id: String,
    pub at: Moment,
    pub version: String,
    /// The component's.
    pub digest: String,
    /// The driver's function that was being called: `before-delete`, …
    pub during: String,
    pub cluster: String,
    pub project_id: String,
    pub request_id: String,
    /// That of the request which came from somebody's other service, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_request_id: Option<String>,
    /// Interface and function of the contract: `load-balancers.delete`, …
    pub effect: String,
    /// What it was done to: an id, an authority with a name, a method with a path.
    pub target: String,
    /// `intended` (it was about to be done, and nobody knows), `done` or `failed`.
    pub outcome: String,
    pub ended_at: Option<Moment>,
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    let [limit, marker, cluster] = Query::read(call.query(), ["limit", "marker", "cluster"])?.into_values();
    let page = PageQuery::marked(&call, limit, marker)?;
    let (marker, limit) = (page.marker.map(AuditId), page.limit);
    let audits = call.app.store.audits();
    let found = match ids::cluster(cluster.as_deref())? {
        Some(cluster) => audits.of_cluster(cluster, marker, limit).await,
        None => audits.of_driver(&call.ident, marker, limit).await,
    };
    let found = found.map_err(|error| ApiError::store("read the audit", error))?;
    // What a driver did stays on record when all its versions are removed.
    if found.items.is_empty() {
        call.app.rollouts.show(&call.ident).await?;
    }
    let next = found.items.last().filter(|_| found.more).map(|last| {
        next::link(&call, &format!("{}/audit", call.ident), limit, &last.id.to_string(), &[("cluster", cluster.as_deref())])
    });
    // A cluster that is another driver's has effects of that one.
    let own = found.items.iter().filter(|record| record.driver == call.ident);
    Ok(Reply::of(StatusCode::OK, &Audit { effects: own.map(|record| Effect::from(&record.value)).collect(), next }))
}

impl From<&AuditRecord> for Effect {
    fn from(record: &AuditRecord) -> Self {
        Self {
            id: record.id.to_string(),
            at: record.at.into(),
            version: record.version.clone(),
            digest: record.digest.to_string(),
            during: record.during.clone(),
            cluster: record.cluster.to_string(),
            project_id: record.project_id.0.clone(),
            request_id: record.request_id.0.clone(),
            global_request_id: record.global_request_id.as_ref().map(|id| id.0.clone()),
            effect: record.effect.as_str().to_owned(),
            target: record.target.clone(),
            outcome: record.outcome.as_str().to_owned(),
            ended_at: record.ended_at.map(Moment::from),
        }
    }
}
