//! A cluster to call drivers with.

use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, ClusterView, Coe, Labels, NodeGroup, NodeGroupId, ProjectId, Role, ServerType, Status,
    TemplateId, UserId, name::StackName,
};
use time::OffsetDateTime;

pub fn template() -> ClusterTemplate {
    ClusterTemplate {
        uuid: TemplateId::random(),
        name: "template".into(),
        project_id: ProjectId::from("project"),
        user_id: UserId::from("user"),
        coe: Coe::Kubernetes,
        server_type: ServerType::Vm,
        cluster_distro: "fedora-coreos".into(),
        driver: None,
        image_id: "fedora-coreos".into(),
        flavor_id: Some("m1.small".into()),
        master_flavor_id: Some("m1.small".into()),
        keypair_id: Some("key".into()),
        external_network_id: Some("public".into()),
        fixed_network: None,
        fixed_subnet: None,
        dns_nameserver: vec!["8.8.8.8".parse().unwrap()],
        network_driver: Some("flannel".into()),
        volume_driver: Some("cinder".into()),
        docker_storage_driver: None,
        docker_volume_size: None,
        apiserver_port: None,
        http_proxy: None,
        https_proxy: None,
        no_proxy: None,
        insecure_registry: None,
        registry_enabled: false,
        tls_disabled: false,
        master_lb_enabled: true,
        floating_ip_enabled: true,
        public: false,
        hidden: false,
        labels: Labels::default(),
        tags: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: None,
    }
}

pub fn view() -> ClusterView {
    let template = template();
    let uuid = ClusterId::random();
    let cluster = Cluster {
        uuid,
        name: "test".into(),
        project_id: template.project_id.clone(),
        user_id: template.user_id.clone(),
        cluster_template_id: template.uuid,
        driver: "guest".into(),
        keypair: Some("key".into()),
        labels: Labels::default(),
        flavor_id: template.flavor_id.clone(),
        master_flavor_id: template.master_flavor_id.clone(),
        docker_volume_size: None,
        fixed_network: None,
        fixed_subnet: None,
        floating_ip_enabled: true,
        master_lb_enabled: true,
        create_timeout: None,
        discovery_url: None,
        stack_name: StackName::new("test", uuid.0),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        health_status: None,
        health_status_reason: Default::default(),
        api_address: None,
        coe_version: None,
        container_version: None,
        trustee: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: None,
    };
    let groups = vec![group(&cluster, Role::Master, 3), group(&cluster, Role::Worker, 2)];
    ClusterView { cluster, template, groups }
}

fn group(cluster: &Cluster, role: Role, node_count: u32) -> NodeGroup {
    NodeGroup {
        uuid: NodeGroupId::random(),
        cluster_id: cluster.uuid,
        project_id: cluster.project_id.clone(),
        name: format!("default-{}", role.as_str()),
        role,
        role_name: role.as_str().into(),
        is_default: true,
        node_count,
        min_node_count: 0,
        max_node_count: None,
        image_id: "fedora-coreos".into(),
        flavor_id: Some("m1.small".into()),
        docker_volume_size: None,
        labels: Labels::default(),
        node_addresses: vec![],
        nodes_to_remove: vec![],
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: None,
    }
}

/// A view whose labels tell the puppet what to do.
pub fn acting(act: &str, times: u64) -> ClusterView {
    let mut view = view();
    view.cluster.labels = [("act", act.to_owned()), ("times", times.to_string())].into_iter().collect();
    view
}
