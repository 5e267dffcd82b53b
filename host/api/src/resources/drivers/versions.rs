//! `/v1/drivers/versions` and `/v1/drivers/versions/{digest}`: components that were installed, each known by its digest.

use http::StatusCode;
use jeroboam_model::driver::{self, DriverVersion, Rollout, VersionState};
use jeroboam_rollout::VersionOverview;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::advice;
use super::moment::Moment;
use super::named::Named;
use super::report::Report;
use crate::call::Call;
use crate::error::ApiError;
use crate::query::Query;
use crate::reply::Reply;

/// A version of a driver.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// The driver's name.
    pub name: String,
    /// As the component says; null until it was asked.
    pub version: Option<String>,
    pub state: State,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// Why nobody is to use it any more.
    pub revoked: Option<String>,
    pub origin: Origin,
    /// The file of the drivers directory that it came from.
    pub file: Option<String>,
    /// The version of the contract that it was made for.
    pub contract: Option<String>,
    /// Bytes of the component.
    pub size: u64,
    pub summary: Option<String>,
    /// What it provides, as `(server type, distribution, engine)`.
    pub cluster_types: Vec<String>,
    /// What it may use.
    pub granted: Vec<String>,
    /// What it asks for and nobody has granted yet: `approve` does.
    pub waits_for: Vec<Asked>,
    /// What the check found; null until it is over.
    pub report: Option<Report>,
    pub installed_at: Moment,
    pub changed_at: Moment,
    /// Who uses it at this moment.
    pub in_use: InUse,
    /// What an operator would do with it next, as a command.
    pub next: Option<String>,
}

/// What a version can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Stored, and not checked yet.
    Installed,
    /// Can be activated, once it has what it asks for.
    Checked,
    Active,
    /// Serves no new clusters, and still those that are on it.
    Draining,
    /// Serves nobody.
    Retired,
    Failed,
}

/// Where a component came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It is part of the daemon.
    Bundled,
    /// A file of the drivers directory.
    Directory,
    /// This API.
    Installed,
}

/// Why a version cannot be used, and what to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// For whoever runs it.
    pub operator: String,
    /// For whoever made it.
    pub author: Option<String>,
}

/// Something that a driver asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub name: String,
    /// The driver's own words.
    pub reason: String,
}

/// Who uses a version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InUse {
    /// Clusters that are on it.
    pub clusters: usize,
    /// Calls that have not ended yet.
    pub calls: usize,
    /// Seconds since the oldest of them began.
    pub oldest_call: Option<f64>,
    /// From when on no call begins that was decided on before the latest switch of versions; null if there is no such call.
    pub deadline: Option<Moment>,
}

/// Stores the component. The answer is sent once it is stored; its check goes on.
pub async fn install(call: Call) -> Result<Reply, ApiError> {
    let [name] = Query::read(call.query(), ["name"])?.into_values();
    let name = name.ok_or(ApiError::MissingArgument("name"))?;
    let stored = call.app.rollouts.install(call.component()?, &name, driver::Origin::Installed).await?;
    shown(&call, StatusCode::ACCEPTED, stored).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let digest = Named::read(&call.ident)?.digest(&call.app.rollouts).await?;
    let version = call.app.rollouts.version(&digest).await?;
    shown(&call, StatusCode::OK, version).await
}

pub async fn remove(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let digest = Named::read(&call.ident)?.digest(&call.app.rollouts).await?;
    call.app.rollouts.remove(&digest).await?;
    Ok(Reply::no_content())
}

/// A version, with whoever uses it now.
pub async fn shown(call: &Call, status: StatusCode, version: DriverVersion) -> Result<Reply, ApiError> {
    Ok(Reply::of(status, &seen(call, version).await?))
}

pub async fn seen(call: &Call, version: DriverVersion) -> Result<Version, ApiError> {
    let overview = call.app.rollouts.show(&version.name).await?;
    let known = overview.versions.into_iter().find(|known| known.version.digest == version.digest);
    let in_flight = known.as_ref().map(|known| known.in_flight).unwrap_or_default();
    let clusters = known.map_or(0, |known| known.clusters);
    Ok(version_of(&overview.rollout, VersionOverview { version, in_flight, clusters }))
}

/// A version of a driver whose rollout is so far.
pub fn version_of(rollout: &Rollout, overview: VersionOverview) -> Version {
    let next = advice::next(rollout, &overview);
    let VersionOverview { version, in_flight, clusters } = overview;
    let (origin, file) = match version.origin {
        driver::Origin::Bundled => (Origin::Bundled, None),
        driver::Origin::Directory(file) => (Origin::Directory, Some(file)),
        driver::Origin::Installed => (Origin::Installed, None),
    };
    let (state, reason) = match version.state {
        VersionState::Installed => (State::Installed, None),
        VersionState::Checked => (State::Checked, None),
        VersionState::Active => (State::Active, None),
        VersionState::Draining => (State::Draining, None),
        VersionState::Retired => (State::Retired, None),
        VersionState::Failed(reason) => (State::Failed, Some(Reason { operator: reason.operator, author: reason.author })),
    };
    let description = version.description;
    Version {
        digest: version.digest.to_string(),
        name: version.name,
        version: version.version,
        state,
        reason,
        revoked: version.revoked,
        origin,
        file,
        contract: version.contract,
        size: version.size,
        cluster_types: description.iter().flat_map(|known| &known.cluster_types).map(ToString::to_string).collect(),
        summary: description.map(|known| known.summary),
        granted: version.granted.into_iter().collect(),
        waits_for: version.waits_for.into_iter().map(|asked| Asked { name: asked.name, reason: asked.reason }).collect(),
        report: version.report.map(Report::from),
        installed_at: version.installed_at.into(),
        changed_at: version.changed_at.into(),
        in_use: InUse {
            clusters,
            calls: in_flight.calls,
            oldest_call: in_flight.oldest.map(|age| age.as_secs_f64()),
            deadline: in_flight.deadline.map(Moment::from),
        },
        next,
    }
}
