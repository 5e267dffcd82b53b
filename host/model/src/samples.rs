//! Values to start from, for tests and benchmarks of any crate: as plain as they can be, to be changed with `..` or field by field.
//!
//! Always compiled: behind a feature, every crate would be built twice.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::{
    Cluster, ClusterId, ClusterTemplate, Coe, Labels, NodeGroup, NodeGroupId, Role, ServerType, Status, TemplateId,
    name::StackName,
};

/// A template of project `project` for (vm, fedora-coreos, kubernetes) that names nothing it need not.
pub fn template(name: &str) -> ClusterTemplate {
    ClusterTemplate {
        uuid: TemplateId::random(),
        name: name.to_owned(),
        project_id: "project".into(),
        user_id: "user".into(),
        coe: Coe::Kubernetes,
        server_type: ServerType::Vm,
        cluster_distro: "fedora-coreos".to_owned(),
        driver: Some("kubernetes".to_owned()),
        image_id: "fedora-coreos".to_owned(),
        flavor_id: None,
        master_flavor_id: None,
        keypair_id: None,
        external_network_id: None,
        fixed_network: None,
        fixed_subnet: None,
        dns_nameserver: Vec::new(),
        network_driver: None,
        volume_driver: None,
        docker_storage_driver: None,
        docker_volume_size: None,
        apiserver_port: None,
        http_proxy: None,
        https_proxy: None,
        no_proxy: None,
        insecure_registry: None,
        registry_enabled: false,
        tls_disabled: false,
        master_lb_enabled: false,
        floating_ip_enabled: true,
        public: false,
        hidden: false,
        labels: Labels::default(),
        tags: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: None,
    }
}

/// A cluster that has just been accepted, with what it inherits.
pub fn cluster(name: &str, template: &ClusterTemplate) -> Cluster {
    let uuid = ClusterId::random();
    Cluster {
        uuid,
        name: name.to_owned(),
        project_id: template.project_id.clone(),
        user_id: template.user_id.clone(),
        cluster_template_id: template.uuid,
        driver: template.driver.clone().unwrap_or_default(),
        driver_digest: None,
        keypair: template.keypair_id.clone(),
        labels: template.labels.clone(),
        flavor_id: template.flavor_id.clone(),
        master_flavor_id: template.master_flavor_id.clone(),
        docker_volume_size: template.docker_volume_size,
        fixed_network: template.fixed_network.clone(),
        fixed_subnet: template.fixed_subnet.clone(),
        floating_ip_enabled: template.floating_ip_enabled,
        master_lb_enabled: template.master_lb_enabled,
        create_timeout: None,
        discovery_url: None,
        stack_name: StackName::new(name, uuid.0),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        health_status: None,
        health_status_reason: BTreeMap::new(),
        api_address: None,
        coe_version: None,
        container_version: None,
        driver_memory: BTreeMap::new(),
        ca_generation: 0,
        upgrading_to: None,
        trustee: None,
        created_at: template.created_at,
        updated_at: None,
    }
}

/// The default group of a role.
pub fn group(cluster: &Cluster, role: Role, node_count: u32) -> NodeGroup {
    let (name, flavor_id) = match role {
        Role::Master => (NodeGroup::DEFAULT_MASTER, &cluster.master_flavor_id),
        Role::Worker => (NodeGroup::DEFAULT_WORKER, &cluster.flavor_id),
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
        min_node_count: 0,
        max_node_count: None,
        image_id: "fedora-coreos".to_owned(),
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
