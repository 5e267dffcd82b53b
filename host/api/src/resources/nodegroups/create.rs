//! `POST /v1/clusters/{ident}/nodegroups`. Of several things wrong, the first in this order is what the client is told.

use jeroboam_conductor::{IntakeError, NewGroup};
use jeroboam_model::name::StackName;
use jeroboam_model::{Labels, NodeGroup, NodeGroupId, Role, Status};
use jeroboam_store::SharedView;
use time::OffsetDateTime;
use uuid::Uuid;

use super::fields::{Draft, NodegroupResource};
use super::whole;
use crate::admission::{self, Openstack, Refusal, Wanted};
use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::fields::{self, Resource};
use crate::lookup::{self, Reach};
use crate::microversion::Microversion;
use crate::policy::{Rule, Target};
use crate::reply::Reply;

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::NODEGROUPS, "post")?;
    call.no_query()?;
    let draft = fields::read::<NodegroupResource>(&call.object(NodegroupResource::ARGUMENT)?)?;
    call.enforce(Rule::NodegroupCreate, Target::own(&call.caller))?;
    let view = lookup::view(&call, &call.ident, Reach::own(&call)).await?;
    if view.cluster.api_address.is_none() {
        return Err(ApiError::NoApiAddress);
    }
    let exists = |name: &str| ApiError::GroupExists { group: echo(name), cluster: echo(&view.cluster.name) };
    let group = group(draft, &view);
    if view.groups.iter().any(|other| other.name == group.name) {
        return Err(exists(&group.name));
    }
    admission::check_counts(&group)?;
    admission::check_node_settings(&group)?;
    if group.role_name == Role::Master.as_str() {
        return Err(ApiError::MasterGroup);
    }
    admit_resources(&call, &view, &group).await?;
    admission::admit_group(&call, &view, &group).await?;
    match call.app.intake.create_group(NewGroup { group: group.clone(), requester: call.requester() }).await {
        Err(IntakeError::GroupExists) => Err(exists(&group.name)),
        outcome => Ok(outcome.map(|_| Reply::json(http::StatusCode::ACCEPTED, whole(&call, group, &view.cluster)))?),
    }
}

/// What the cloud says, asked by the names that the group has: the image has to be for the operating system that the driver was chosen by.
async fn admit_resources(call: &Call, view: &SharedView, group: &NodeGroup) -> Result<(), ApiError> {
    let openstack = Openstack::new(call);
    let wanted = Wanted { flavor: group.flavor_id.as_deref(), ..Wanted::default() };
    let (image, flavors) = futures::join!(openstack.image(&group.image_id), openstack.check(wanted));
    let (image, wanted) = (image?, &view.template.cluster_distro);
    let distro = image.property("os_distro").unwrap_or_default();
    if distro != wanted {
        let (image, distro) = (echo(&image.name), echo(distro));
        return Err(Refusal::ImageDistro { image, distro, wanted: wanted.clone() }.into());
    }
    let mut labels = view.cluster.labels.clone();
    labels.0.extend(group.labels.0.clone());
    Ok(admission::check_root_volumes(&labels, call.app.config.default_boot_volume_size, &flavors?)?)
}

/// The group as it will be stored: what the request does not say, the cluster does.
fn group(draft: Draft, view: &SharedView) -> NodeGroup {
    let cluster = &view.cluster;
    let name = draft.name.value().unwrap_or_default();
    let labels = match (draft.labels.value(), draft.merge_labels.value().unwrap_or(false)) {
        (None, _) => cluster.labels.clone(),
        (Some(labels), true) => Labels::inherit(Some(Labels(labels)), &cluster.labels, true),
        // Unlike a cluster's, a group's empty labels are labels.
        (Some(labels), false) => Labels(labels),
    };
    NodeGroup {
        uuid: NodeGroupId::random(),
        cluster_id: cluster.uuid,
        project_id: cluster.project_id.clone(),
        stack_name: Some(StackName::of_group(&cluster.name, &name, Uuid::new_v4())),
        name,
        role: Role::Worker,
        role_name: draft.role.value().unwrap_or_else(|| Role::Worker.as_str().to_owned()),
        is_default: false,
        node_count: draft.node_count.value().unwrap_or(1),
        min_node_count: draft.min_node_count.value().unwrap_or(0),
        max_node_count: draft.max_node_count.value(),
        image_id: draft.image_id.value().unwrap_or_else(|| view.template.image_id.clone()),
        flavor_id: draft.flavor_id.value().or_else(|| cluster.flavor_id.clone()),
        docker_volume_size: draft.docker_volume_size.value(),
        labels,
        node_addresses: Vec::new(),
        nodes_to_remove: Vec::new(),
        node_labels: draft.node_labels.value().unwrap_or_default(),
        node_taints: draft.node_taints.value().unwrap_or_default(),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    }
}
