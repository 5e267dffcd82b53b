//! `PATCH /v1/clusters/{ident}/nodegroups/{nodegroup}`: the bounds, and what nodes are called. The number of nodes goes by a resize.

use jeroboam_conductor::{GroupUpdate, Resize, ResizeVia};
use jeroboam_model::NodeGroup;

use super::fields::{Draft, NodegroupResource};
use super::whole;
use crate::admission;
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Patch, PatchError, Resource};
use crate::lookup::{self, Reach};
use crate::microversion::Microversion;
use crate::policy::{Rule, Target};
use crate::reply::Reply;
use crate::resources::clusters::group_of;

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::NODEGROUPS, "patch")?;
    call.no_query()?;
    let patch = Patch::read::<NodegroupResource>(&call.json("patch")?)?;
    let view = lookup::view(&call, &call.ident, Reach::own(&call)).await?;
    call.enforce(Rule::NodegroupUpdate, Target::cluster(&view.cluster))?;
    let group = group_of(&view, call.second_ident.as_deref().unwrap_or_default())?;

    let mut before = Draft::from(&group.value);
    let mut after = before.clone();
    patch.apply::<NodegroupResource>(&mut after)?;
    let changed = fields::changed::<NodegroupResource>(&mut before, &mut after);
    let is_fixed = |name: &&&str| !matches!(**name, "min_node_count" | "max_node_count" | "node_labels" | "node_taints");
    let fixed: Vec<String> = changed.iter().filter(is_fixed).map(|name| (*name).to_owned()).collect();
    if !fixed.is_empty() {
        return Err(PatchError::Unchangeable { resource: NodegroupResource::ARGUMENT, names: fixed }.into());
    }
    let wanted = NodeGroup {
        min_node_count: after.min_node_count.value().unwrap_or(0),
        max_node_count: after.max_node_count.value(),
        node_labels: after.node_labels.value().unwrap_or_default(),
        node_taints: after.node_taints.value().unwrap_or_default(),
        ..group.value.clone()
    };
    admission::check_counts(&wanted)?;
    admission::check_node_settings(&wanted)?;
    // Bounds are for whoever scales; what nodes are called they have to be told.
    let is_told = changed.iter().any(|name| name.starts_with("node_"));
    if is_told && !ResizeVia::Resize.allowed(view.cluster.status) {
        return Err(ApiError::Busy(view.cluster.status));
    }
    let update = GroupUpdate {
        cluster: view.cluster.uuid,
        group: group.uuid,
        min_node_count: Some(wanted.min_node_count),
        max_node_count: Some(wanted.max_node_count),
        node_labels: is_told.then_some(wanted.node_labels),
        node_taints: is_told.then_some(wanted.node_taints),
    };
    let updated = call.app.intake.update_group(update).await?;
    if is_told {
        tell(&call, &updated).await?;
    }
    let updated = lookup::view(&call, &call.ident, Reach::own(&call)).await?;
    let group = group_of(&updated, &group.uuid.to_string())?;
    Ok(Reply::json(http::StatusCode::ACCEPTED, whole(&call, group.value.clone(), &updated.cluster)))
}

/// Has the group's stack defined anew, with as many nodes as before.
async fn tell(call: &Call, group: &NodeGroup) -> Result<(), ApiError> {
    let resize = Resize {
        cluster: group.cluster_id,
        group: group.uuid,
        node_count: group.node_count,
        nodes_to_remove: Vec::new(),
        rollback: false,
        via: ResizeVia::Resize,
        requester: call.requester(),
    };
    call.app.intake.resize(resize).await?;
    Ok(())
}

impl From<&NodeGroup> for Draft {
    /// What a patch is applied to.
    fn from(group: &NodeGroup) -> Self {
        let group = group.clone();
        Self {
            name: group.name.into(),
            docker_volume_size: group.docker_volume_size.into(),
            labels: group.labels.0.into(),
            flavor_id: group.flavor_id.into(),
            image_id: group.image_id.into(),
            node_count: group.node_count.into(),
            role: group.role_name.into(),
            min_node_count: group.min_node_count.into(),
            max_node_count: group.max_node_count.into(),
            merge_labels: false.into(),
            node_labels: group.node_labels.into(),
            node_taints: group.node_taints.into(),
        }
    }
}
