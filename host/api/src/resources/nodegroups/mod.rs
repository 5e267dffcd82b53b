//! `/v1/clusters/{ident}/nodegroups`

mod create;
mod fields;
mod update;

use jeroboam_conductor::DeleteGroup;
use jeroboam_model::{Cluster, NodeGroup};
use jeroboam_store::SharedView;

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Form, Out, write};
use crate::lookup::{self, Reach, Shared};
use crate::microversion::Microversion;
use crate::page::{Column, PageError, PageQuery, moment};
use crate::policy::{Rule, Target};
use crate::reply::Reply;
use crate::resources::clusters::group_of;

pub use create::create;
pub use update::update;

use fields::{NodegroupResource, Shown};

const COLLECTION: &str = "nodegroups";

/// A cluster has a handful of groups, so they are sorted and paged in memory.
pub async fn list(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::NODEGROUPS, "get_all")?;
    let (query, role) = PageQuery::read_with(&call, "role")?;
    call.enforce(Rule::NodegroupGetAll, Target::own(&call.caller))?;
    let view = lookup::view(&call, &call.ident, Reach::of(&call, Rule::NodegroupGetAllAllProjects)).await?;
    let groups = page(&view, &query, role.as_deref())?;
    let (more, groups) = (groups.len() > query.limit, groups.into_iter().take(query.limit));

    let base = call.base();
    let mut out = Out::with_capacity(2048);
    out.object(|out| {
        let mut last = None;
        out.key(COLLECTION);
        out.array(|out| {
            for group in groups {
                last = Some(group.uuid.0);
                let shown = Shown::new(group.value.clone(), view.cluster.clone(), base.clone());
                write::<NodegroupResource>(&shown, Form::Brief, call.version, out);
            }
        });
        let path = format_args!("{base}/v1/clusters/{}/{COLLECTION}", view.cluster.uuid).to_string();
        query.write_next(format_args!("{path}"), more, last, out);
    });
    Ok(Reply::ok(out))
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::NODEGROUPS, "get_one")?;
    call.no_query()?;
    call.enforce(Rule::NodegroupGet, Target::own(&call.caller))?;
    let view = lookup::view(&call, &call.ident, Reach::of(&call, Rule::NodegroupGetOneAllProjects)).await?;
    let group = group_of(&view, call.second_ident.as_deref().unwrap_or_default())?;
    Ok(Reply::ok(whole(&call, group.value.clone(), &view.cluster)))
}

/// In any status, and again while it is under way. The groups that came with the cluster go with it.
pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::NODEGROUPS, "delete")?;
    call.no_query()?;
    let view = lookup::view(&call, &call.ident, Reach::own(&call)).await?;
    call.enforce(Rule::NodegroupDelete, Target::cluster(&view.cluster))?;
    let group = group_of(&view, call.second_ident.as_deref().unwrap_or_default())?;
    if group.is_default {
        return Err(ApiError::DefaultGroup);
    }
    let delete = DeleteGroup { cluster: view.cluster.uuid, group: group.uuid, requester: call.requester() };
    call.app.intake.delete_group(delete).await?;
    Ok(Reply::no_content())
}

/// The group by itself, as an answer.
fn whole(call: &Call, group: NodeGroup, cluster: &Shared<Cluster>) -> Out {
    let mut out = Out::with_capacity(1024);
    let shown = Shown::new(group, cluster.clone(), call.base());
    write::<NodegroupResource>(&shown, Form::Whole, call.version, &mut out);
    out
}

/// The part that is asked for, and one more if there is more.
fn page(view: &SharedView, query: &PageQuery, role: Option<&str>) -> Result<Vec<Shared<NodeGroup>>, PageError> {
    let mut groups = view.groups.to_vec();
    match query.column(COLUMNS)? {
        None => groups.sort_by_key(|group| group.created_at),
        Some(column) => groups.sort_by_cached_key(|group| (column.key)(group)),
    }
    if query.descending {
        groups.reverse();
    }
    groups.retain(|group| role.is_none_or(|role| group.role_name == role));
    if let Some(marker) = query.marker {
        let place = groups.iter().position(|group| group.uuid.0 == marker);
        let place = place.ok_or_else(|| PageError::NoSuchMarker(marker.to_string()))?;
        groups.drain(..=place);
    }
    Ok(groups.into_iter().take(query.limit.saturating_add(1)).collect())
}

const COLUMNS: &[Column<NodeGroup>] = &[
    Column { name: "uuid", key: |g| g.uuid.to_string() },
    Column { name: "name", key: |g| g.name.clone() },
    Column { name: "role", key: |g| g.role_name.clone() },
    Column { name: "status", key: |g| g.status.as_str().to_owned() },
    Column { name: "status_reason", key: |g| g.status_reason.clone().unwrap_or_default() },
    Column { name: "flavor_id", key: |g| g.flavor_id.clone().unwrap_or_default() },
    Column { name: "image_id", key: |g| g.image_id.clone() },
    Column { name: "is_default", key: |g| u8::from(g.is_default).to_string() },
    Column { name: "node_count", key: |g| format!("{:010}", g.node_count) },
    Column { name: "min_node_count", key: |g| format!("{:010}", g.min_node_count) },
    Column { name: "max_node_count", key: |g| format!("{:010}", g.max_node_count.unwrap_or_default()) },
    Column { name: "docker_volume_size", key: |g| format!("{:010}", g.docker_volume_size.unwrap_or_default()) },
    Column { name: "stack_id", key: |g| g.stack_id.clone().unwrap_or_default() },
    Column { name: "created_at", key: |g| moment(Some(g.created_at)) },
    Column { name: "updated_at", key: |g| moment(g.updated_at) },
];
