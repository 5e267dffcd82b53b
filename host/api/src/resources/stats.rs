//! `/v1/stats`: how many clusters and nodes there are. Counted from indexes, without reading a cluster.

use jeroboam_model::ProjectId;

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{FieldError, Out, echo};
use crate::policy::{Rule, Target};
use crate::query::Query;
use crate::reply::Reply;

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    let [project, kind] = Query::read(call.query(), ["project_id", "type"])?.into_values();
    call.enforce(Rule::StatsGetAll, Target::own(&call.caller))?;
    let project = project.map(ProjectId);
    let own = call.caller.project_id();
    if !call.is_admin() && project.is_some() && project.as_ref() != own {
        return Err(ApiError::NotAuthorized);
    }
    if let Some(kind) = kind.filter(|kind| !kind.eq_ignore_ascii_case("cluster")) {
        let reason = "Invalid stats type. Allowed values are 'cluster'";
        return Err(FieldError::invalid("type", echo(&kind), reason).into());
    }
    let project = match project.as_ref().or(own.filter(|_| !call.is_admin())) {
        Some(project) => Some(project),
        // Administrators who name no project mean all of them.
        None if call.is_admin() => None,
        None => return Err(ApiError::NotAuthorized),
    };

    let store = &call.app.store;
    let (clusters, groups) = (store.clusters(), store.node_groups());
    let (clusters, nodes) = futures::join!(clusters.count(project), groups.count_nodes(project));
    let clusters = clusters.map_err(|error| ApiError::store("count clusters", error))?;
    let nodes = nodes.map_err(|error| ApiError::store("count nodes", error))?;
    let mut out = Out::with_capacity(64);
    out.object(|out| {
        out.key("clusters");
        out.value(&clusters);
        out.key("nodes");
        out.value(&nodes);
    });
    Ok(Reply::ok(out))
}
