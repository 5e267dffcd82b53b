//! `/v1/drivers/{name}/recording`: whether calls of a driver are recorded, all of them or those about some clusters.

use http::StatusCode;
use jeroboam_model::{ClusterId, Recorded, RecordingSwitch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::by;
use super::ids;
use super::moment::Moment;
use crate::call::Call;
use crate::error::{ApiError, What};
use crate::query::Query;
use crate::reply::Reply;

/// What is recorded of a driver.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Recording {
    /// Absent if it is off; an entry without a cluster stands for all calls.
    pub switches: Vec<Switch>,
}

/// Recording is on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Switch {
    /// Only calls about this cluster; null: all of the driver's.
    pub cluster: Option<String>,
    /// Who switched it on.
    pub by: String,
    pub since: Moment,
}

/// What to record.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Only calls about this cluster. Absent: all of the driver's.
    pub cluster: Option<String>,
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    shown(&call).await
}

pub async fn on(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let cluster = ids::cluster(call.read_as::<Record>("cluster")?.cluster.as_deref())?;
    let of = recorded(&call, cluster).await?;
    call.app.intake.recorder().switch_on(of, &by(&call)).await.map_err(|error| ApiError::internal("begin recording", error))?;
    shown(&call).await
}

pub async fn off(call: Call) -> Result<Reply, ApiError> {
    let [cluster] = Query::read(call.query(), ["cluster"])?.into_values();
    let cluster = ids::cluster(cluster.as_deref())?;
    let switch_off = async |of: &Recorded| {
        call.app.intake.recorder().switch_off(of).await.map_err(|error| ApiError::internal("end recording", error))
    };
    match (recorded(&call, cluster).await, cluster) {
        (Ok(of), _) => drop(switch_off(&of).await?),
        // What was on for a cluster that is gone can still be ended.
        (Err(ApiError::NotFound { .. }), Some(id)) if switch_off(&Recorded::Cluster(id)).await? => {}
        (Err(error), _) => return Err(error),
    }
    Ok(Reply::no_content())
}

async fn shown(call: &Call) -> Result<Reply, ApiError> {
    call.app.rollouts.show(&call.ident).await?;
    let switches =
        call.app.intake.recorder().switches().await.map_err(|error| ApiError::store("read what is recorded", error))?;
    let mut own = Vec::new();
    for switch in switches {
        let is_own = match &switch.of {
            Recorded::Driver(name) => *name == call.ident,
            Recorded::Cluster(id) => driver_of(call, *id).await?.is_some_and(|driver| driver == call.ident),
        };
        own.extend(is_own.then(|| Switch::from(switch)));
    }
    Ok(Reply::of(StatusCode::OK, &Recording { switches: own }))
}

/// All calls of the driver that the path names, or those about a cluster of its.
async fn recorded(call: &Call, cluster: Option<ClusterId>) -> Result<Recorded, ApiError> {
    call.app.rollouts.show(&call.ident).await?;
    let Some(id) = cluster else { return Ok(Recorded::Driver(call.ident.clone())) };
    match driver_of(call, id).await? {
        Some(driver) if driver == call.ident => Ok(Recorded::Cluster(id)),
        Some(driver) => Err(ApiError::OtherDriver { cluster: id, driver, not: call.ident.clone() }),
        None => Err(ApiError::NotFound { what: What::Cluster, ident: id.to_string() }),
    }
}

/// Whose the cluster is; none: it is gone, or never was.
async fn driver_of(call: &Call, id: ClusterId) -> Result<Option<String>, ApiError> {
    let cluster = call.app.store.clusters().get_arc(id).await.map_err(|error| ApiError::store("read a cluster", error))?;
    Ok(cluster.map(|cluster| cluster.driver.clone()))
}

impl From<RecordingSwitch> for Switch {
    fn from(switch: RecordingSwitch) -> Self {
        let cluster = match switch.of {
            Recorded::Driver(_) => None,
            Recorded::Cluster(id) => Some(id.to_string()),
        };
        Self { cluster, by: switch.by, since: switch.since.into() }
    }
}
