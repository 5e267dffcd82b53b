//! A template and a cluster to start from.

use std::collections::BTreeMap;

use jeroboam_conductor::{NewCluster, NewRequester};
use jeroboam_model::name::StackName;
use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, Coe, Labels, NodeGroup, NodeGroupId, Role, ServerType, Status, TemplateId,
};
use time::OffsetDateTime;

pub fn template(owner: &NewRequester) -> ClusterTemplate {
    ClusterTemplate {
        uuid: TemplateId::random(),
        name: "small".into(),
        project_id: owner.project_id.clone(),
        user_id: owner.user_id.clone(),
        coe: Coe::Kubernetes,
        server_type: ServerType::Vm,
        cluster_distro: "fedora-coreos".into(),
        driver: Some("test".into()),
        image_id: "fedora-coreos".into(),
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
        floating_ip_enabled: false,
        public: false,
        hidden: false,
        labels: Labels::default(),
        tags: None,
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    }
}

/// One master and two workers.
pub fn new_cluster(name: &str, template: &ClusterTemplate, requester: NewRequester) -> NewCluster {
    let uuid = ClusterId::random();
    let now = OffsetDateTime::now_utc();
    let group = |role: Role, name: &str, node_count| NodeGroup {
        uuid: NodeGroupId::random(),
        cluster_id: uuid,
        project_id: requester.project_id.clone(),
        name: name.into(),
        role,
        role_name: role.as_str().into(),
        is_default: true,
        node_count,
        min_node_count: 0,
        max_node_count: None,
        image_id: template.image_id.clone(),
        flavor_id: None,
        docker_volume_size: None,
        labels: Labels::default(),
        node_addresses: Vec::new(),
        nodes_to_remove: Vec::new(),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        created_at: now,
        updated_at: None,
    };
    let groups = [group(Role::Master, NodeGroup::DEFAULT_MASTER, 1), group(Role::Worker, NodeGroup::DEFAULT_WORKER, 2)];
    let cluster = Cluster {
        uuid,
        name: name.into(),
        project_id: requester.project_id.clone(),
        user_id: requester.user_id.clone(),
        cluster_template_id: template.uuid,
        driver: "test".into(),
        keypair: None,
        labels: Labels::default(),
        flavor_id: None,
        master_flavor_id: None,
        docker_volume_size: None,
        fixed_network: None,
        fixed_subnet: None,
        floating_ip_enabled: false,
        master_lb_enabled: false,
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
        trustee: None,
        created_at: now,
        updated_at: None,
    };
    NewCluster { cluster, groups, requester }
}
