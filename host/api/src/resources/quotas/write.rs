//! `POST /v1/quotas`, and `PATCH` and `DELETE` of `/v1/quotas/{project_id}/{resource}`.

use http::StatusCode;
use jeroboam_model::{ProjectId, Quota};
use jeroboam_store::CommitError;
use time::OffsetDateTime;

use super::fields::{Draft, QuotaTable};
use super::{QuotaError, read, stored, written};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self as table, Resource};
use crate::policy::{Rule, Target};
use crate::reply::Reply;

/// Where a request does not say.
const HARD_LIMIT: u32 = 1;
/// How often a number is looked for that nobody else takes meanwhile.
const TRIES: usize = 32;

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = table::read::<QuotaTable>(&call.object(QuotaTable::ARGUMENT)?)?;
    call.enforce(Rule::QuotaCreate, Target::own(&call.caller))?;
    let project = ProjectId(draft.project_id.as_value().cloned().ok_or(QuotaError::NoProject)?);
    check_project(&call, &project).await?;
    let quota = insert(&call, &project, draft).await?;
    Ok(Reply::json(StatusCode::CREATED, written(&call, &quota.into())))
}

/// The body is an object, not a patch.
pub async fn update(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = table::read::<QuotaTable>(&call.object("quotapatch")?)?;
    call.enforce(Rule::QuotaUpdate, Target::own(&call.caller))?;
    let mut quota = stored(&call).await?;
    if draft.project_id.as_value().is_some_and(|project| *project != quota.project_id.0) {
        return Err(QuotaError::Unchangeable("project_id").into());
    }
    quota.value.hard_limit = draft.hard_limit.value().unwrap_or(quota.hard_limit);
    quota.value.updated_at = Some(OffsetDateTime::now_utc());
    let mut tx = call.app.store.begin();
    tx.update(&quota);
    tx.commit().await.map_err(|error| ApiError::commit("write the quota", error))?;
    Ok(Reply::json(StatusCode::ACCEPTED, written(&call, &quota.value.into())))
}

/// The operator's default holds again.
pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    call.enforce(Rule::QuotaDelete, Target::own(&call.caller))?;
    let quota = stored(&call).await?;
    let mut tx = call.app.store.begin();
    tx.remove(&quota);
    tx.commit().await.map_err(|error| ApiError::commit("remove the quota", error))?;
    Ok(Reply::no_content())
}

async fn check_project(call: &Call, project: &ProjectId) -> Result<(), ApiError> {
    let keystone = call.app.callers.service().with_request_id(call.onward_id().as_str()).keystone();
    match keystone.project(project.as_str()).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(QuotaError::UnknownProject(crate::error::echo(project.as_str())).into()),
        Err(error) if error.retry().is_some() => Err(ApiError::KeystoneUnavailable(error)),
        Err(error) => Err(ApiError::internal("look for the project", error)),
    }
}

async fn insert(call: &Call, project: &ProjectId, draft: Draft) -> Result<Quota, ApiError> {
    let resource = draft.resource.value().unwrap_or_default();
    let hard_limit = draft.hard_limit.value().unwrap_or(HARD_LIMIT);
    for _ in 0..TRIES {
        if read(call, project, resource).await?.is_some() {
            return Err(QuotaError::Exists { project: project.0.clone(), resource }.into());
        }
        let id = call.app.store.quotas().next_id().await.map_err(|error| ApiError::store("number the quota", error))?;
        let created_at = OffsetDateTime::now_utc();
        let quota = Quota { id, project_id: project.clone(), resource, hard_limit, created_at, updated_at: None };
        let mut tx = call.app.store.begin();
        tx.insert(&quota);
        match tx.commit().await {
            Ok(()) => return Ok(quota),
            // Somebody else has set it, or has got the number.
            Err(CommitError::Exists { .. }) => {}
            Err(error) => return Err(ApiError::commit("store the quota", error)),
        }
    }
    Err(ApiError::Contended)
}
