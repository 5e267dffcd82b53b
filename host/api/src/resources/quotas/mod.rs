//! `/v1/quotas`: how many clusters a project may have.

mod fields;
mod list;
mod write;

use http::StatusCode;
use jeroboam_model::{ProjectId, Quota, QuotaResource};
use jeroboam_store::Stored;

use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::fields::{self as table, Form, Out};
use crate::policy::{Rule, Target};
use crate::reply::Reply;

pub use list::list;
pub use write::{create, delete, update};

use fields::{QuotaTable, Shown};

/// Why there is no such quota, or none can be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuotaError {
    #[error("Quota could not be found: project_id {project} resource {resource}.")]
    NotFound { project: String, resource: String },
    #[error("Must provide a valid project ID.")]
    NoProject,
    #[error("The project_id {0} could not be found.")]
    UnknownProject(String),
    #[error("Quota for project {project} already exists for resource {}.", resource.as_str())]
    Exists { project: String, resource: QuotaResource },
    #[error("cannot change quota property(ies) {0}.")]
    Unchangeable(&'static str),
}

impl QuotaError {
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound { .. } | Self::UnknownProject(_) => StatusCode::NOT_FOUND,
            Self::NoProject | Self::Unchangeable(_) => StatusCode::BAD_REQUEST,
            Self::Exists { .. } => StatusCode::CONFLICT,
        }
    }
}

/// What holds for a project: what was set for it, or the operator's default.
pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    call.enforce(Rule::QuotaGet, Target::own(&call.caller))?;
    let project = ProjectId(call.ident.clone());
    if !call.is_admin() && call.caller.project_id() != Some(&project) {
        return Err(ApiError::NotAuthorized);
    }
    let shown = match stored(&call).await {
        Ok(quota) => quota.value.into(),
        Err(ApiError::Quotas(QuotaError::NotFound { .. })) => {
            Shown::default_for(project, call.app.config.max_clusters_per_project)
        }
        Err(error) => return Err(error),
    };
    Ok(Reply::ok(written(&call, &shown)))
}

/// How many clusters the project may have.
pub async fn cluster_limit(call: &Call, project: &ProjectId) -> Result<u32, ApiError> {
    let quota = read(call, project, QuotaResource::Cluster).await?;
    Ok(quota.map_or(call.app.config.max_clusters_per_project, |quota| quota.hard_limit))
}

/// The quota that the path names.
async fn stored(call: &Call) -> Result<Stored<Quota>, ApiError> {
    let name = call.second_ident.as_deref().unwrap_or_default();
    let found = match QuotaResource::named(name) {
        Some(resource) => read(call, &ProjectId(call.ident.clone()), resource).await?,
        None => None,
    };
    found.ok_or_else(|| QuotaError::NotFound { project: echo(&call.ident), resource: echo(name) }.into())
}

async fn read(call: &Call, project: &ProjectId, resource: QuotaResource) -> Result<Option<Stored<Quota>>, ApiError> {
    let quota = call.app.store.quotas().get((project.clone(), resource)).await;
    quota.map_err(|error| ApiError::store("read a quota", error))
}

/// The quota by itself, as an answer.
fn written(call: &Call, shown: &Shown) -> Out {
    let mut out = Out::with_capacity(256);
    table::write::<QuotaTable>(shown, Form::Whole, call.version, &mut out);
    out
}
