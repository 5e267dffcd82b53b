//! From a request and a template to a cluster: what the request does not say, the template does.

use std::collections::BTreeMap;

use jeroboam_model::name::StackName;
use jeroboam_model::{Cluster, ClusterId, ClusterTemplate, ClusterView, Labels, NodeGroup, NodeGroupId, ProjectId, Role, Status};
use jeroboam_plugins::Driver;
use time::OffsetDateTime;
use uuid::Uuid;

use super::fields::Draft;
use crate::caller::Caller;
use crate::fields::Given;
use crate::names;

/// Minutes, where the request does not say.
const CREATE_TIMEOUT: u32 = 60;

/// The cluster as it will be stored, with its two groups.
pub fn view(
    uuid: ClusterId,
    draft: Draft,
    template: ClusterTemplate,
    project: ProjectId,
    caller: &Caller,
    driver: &Driver,
) -> ClusterView {
    let name = draft.name.value().unwrap_or_else(|| names::generate("cluster"));
    let merge = draft.merge_labels.value().unwrap_or(false);
    let labels = Labels::inherit(draft.labels.value().map(Labels), &template.labels, merge);
    let node_count = draft.node_count.value().unwrap_or(1);
    let master_count = draft.master_count.value().unwrap_or(1);
    let cluster = Cluster {
        uuid,
        stack_name: StackName::new(&name, Uuid::new_v4()),
        name,
        project_id: project,
        user_id: caller.user_id.clone(),
        cluster_template_id: template.uuid,
        driver: driver.name().to_owned(),
        driver_digest: Some(*driver.digest()),
        keypair: draft.keypair.value().or_else(|| template.keypair_id.clone()),
        labels,
        flavor_id: draft.flavor_id.value().or_else(|| template.flavor_id.clone()),
        master_flavor_id: draft.master_flavor_id.value().or_else(|| template.master_flavor_id.clone()),
        docker_volume_size: draft.docker_volume_size.value().or(template.docker_volume_size),
        fixed_network: draft.fixed_network.value().or_else(|| template.fixed_network.clone()),
        fixed_subnet: draft.fixed_subnet.value().or_else(|| template.fixed_subnet.clone()),
        floating_ip_enabled: draft.floating_ip_enabled.unwrap_or_else(|| template.floating_ip_enabled, || true),
        master_lb_enabled: draft.master_lb_enabled.unwrap_or_else(|| template.master_lb_enabled, || false),
        create_timeout: match draft.create_timeout {
            Given::Absent => Some(CREATE_TIMEOUT),
            Given::Null => None,
            Given::Value(minutes) => Some(minutes),
        },
        discovery_url: draft.discovery_url.value(),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        health_status: draft.health_status.value(),
        health_status_reason: draft.health_status_reason.value().unwrap_or_default(),
        api_address: None,
        coe_version: None,
        container_version: None,
        driver_memory: BTreeMap::new(),
        ca_generation: 0,
        upgrading_to: None,
        trustee: None,
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    };
    let groups =
        vec![group(&cluster, &template, Role::Master, master_count), group(&cluster, &template, Role::Worker, node_count)];
    ClusterView { cluster, template, groups }
}

/// One of the two that every cluster has.
fn group(cluster: &Cluster, template: &ClusterTemplate, role: Role, node_count: u32) -> NodeGroup {
    let bound = |label: &str| cluster.labels.get(label).and_then(|text| text.trim().parse().ok());
    let (name, flavor_id, min_node_count, max_node_count) = match role {
        Role::Master => (NodeGroup::DEFAULT_MASTER, &cluster.master_flavor_id, 1, None),
        Role::Worker => {
            (NodeGroup::DEFAULT_WORKER, &cluster.flavor_id, bound("min_node_count").unwrap_or(0), bound("max_node_count"))
        }
    };
    NodeGroup {
        uuid: NodeGroupId::random(),
        cluster_id: cluster.uuid,
        project_id: cluster.project_id.clone(),
        name: name.to_owned(),
        role,
        role_name: role.as_str().to_owned(),
        is_default: true,
        node_count,
        min_node_count,
        max_node_count,
        image_id: template.image_id.clone(),
        flavor_id: flavor_id.clone(),
        docker_volume_size: cluster.docker_volume_size,
        labels: cluster.labels.clone(),
        node_addresses: Vec::new(),
        nodes_to_remove: Vec::new(),
        node_labels: BTreeMap::new(),
        node_taints: Vec::new(),
        stack_name: None,
        stack_id: None,
        status: cluster.status,
        status_reason: None,
        created_at: cluster.created_at,
        updated_at: None,
    }
}
