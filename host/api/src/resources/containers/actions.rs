//! `/v1/containers/{ident}/start` and the like.

use jeroboam_model::driver::ContainerAction;

use super::{docker_id, named};
use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::Out;
use crate::policy::Rule;
use crate::query::Query;
use crate::reply::Reply;
use crate::resources::coe::{CoeError, SWARM, Site};

pub async fn start(call: Call) -> Result<Reply, ApiError> {
    act(call, Rule::ContainerUpdate, ContainerAction::Start).await
}

pub async fn stop(call: Call) -> Result<Reply, ApiError> {
    act(call, Rule::ContainerUpdate, ContainerAction::Stop).await
}

pub async fn reboot(call: Call) -> Result<Reply, ApiError> {
    act(call, Rule::ContainerUpdate, ContainerAction::Reboot).await
}

pub async fn pause(call: Call) -> Result<Reply, ApiError> {
    act(call, Rule::ContainerUpdate, ContainerAction::Pause).await
}

pub async fn unpause(call: Call) -> Result<Reply, ApiError> {
    act(call, Rule::ContainerUpdate, ContainerAction::Unpause).await
}

pub async fn logs(call: Call) -> Result<Reply, ApiError> {
    act(call, Rule::ContainerGet, ContainerAction::Logs).await
}

pub async fn execute(call: Call) -> Result<Reply, ApiError> {
    let [command] = Query::read(call.query(), ["command"])?.into_values();
    let command = command.filter(|command| !command.trim().is_empty()).ok_or(CoeError::NoCommand)?;
    act_on(call, Rule::ContainerUpdate, ContainerAction::Execute(command)).await
}

async fn act(call: Call, rule: Rule, action: ContainerAction) -> Result<Reply, ApiError> {
    call.no_query()?;
    act_on(call, rule, action).await
}

async fn act_on(call: Call, rule: Rule, action: ContainerAction) -> Result<Reply, ApiError> {
    let container = named(&call, rule).await?;
    let site = Site::find(&call, &container.cluster.to_string(), SWARM).await?;
    let id = docker_id(&call, &site, &container).await?;
    let id = id.ok_or_else(|| ApiError::NotFound { what: What::ContainerOnBay, ident: container.uuid.to_string() })?;
    let output = site.act(&call, &id, &action).await?;
    let mut out = Out::with_capacity(64 + output.len());
    out.object(|out| {
        out.key("output");
        out.text(&output);
    });
    Ok(Reply::ok(out))
}
