//! Records to test with.

#![allow(dead_code, reason = "each test uses some")]

use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, Coe, Labels, NodeGroup, NodeGroupId, Operation, OperationId, OperationKind,
    OperationState, ProjectId, RequestId, Requester, Role, ServerType, Status, Step, TemplateId, UserId, name::StackName,
};
use time::OffsetDateTime;
use uuid::Uuid;

pub fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_700_000_000 + seconds).unwrap()
}

pub fn template(name: &str) -> ClusterTemplate {
    ClusterTemplate {
        uuid: TemplateId::random(),
        name: name.to_owned(),
        project_id: "p1".into(),
        user_id: UserId::from("u1"),
        coe: Coe::Kubernetes,
        server_type: ServerType::Vm,
        cluster_distro: "fedora-coreos".to_owned(),
        driver: Some("kubernetes".to_owned()),
        image_id: "coreos".to_owned(),
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
        created_at: at(0),
        updated_at: None,
    }
}

pub fn cluster(name: &str, template: TemplateId) -> Cluster {
    Cluster {
        uuid: ClusterId::random(),
        name: name.to_owned(),
        project_id: ProjectId::from("p1"),
        user_id: UserId::from("u1"),
        cluster_template_id: template,
        driver: "kubernetes".to_owned(),
        keypair: None,
        labels: Labels::default(),
        flavor_id: None,
        master_flavor_id: None,
        docker_volume_size: None,
        fixed_network: None,
        fixed_subnet: None,
        floating_ip_enabled: true,
        master_lb_enabled: false,
        create_timeout: None,
        discovery_url: None,
        stack_name: StackName::new(name, Uuid::new_v4()),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        health_status: None,
        health_status_reason: Default::default(),
        api_address: None,
        coe_version: None,
        container_version: None,
        trustee: None,
        created_at: at(0),
        updated_at: None,
    }
}

pub fn group(cluster: &Cluster, name: &str, role: Role, is_default: bool) -> NodeGroup {
    NodeGroup {
        uuid: NodeGroupId::random(),
        cluster_id: cluster.uuid,
        project_id: cluster.project_id.clone(),
        name: name.to_owned(),
        role,
        role_name: role.as_str().to_owned(),
        is_default,
        node_count: 1,
        min_node_count: 0,
        max_node_count: None,
        image_id: "coreos".to_owned(),
        flavor_id: None,
        docker_volume_size: None,
        labels: Labels::default(),
        node_addresses: Vec::new(),
        nodes_to_remove: Vec::new(),
        stack_id: None,
        status: Status::CreateInProgress,
        status_reason: None,
        created_at: at(0),
        updated_at: None,
    }
}

pub fn operation(cluster: &Cluster, created_at: OffsetDateTime) -> Operation {
    Operation {
        id: OperationId::random(),
        cluster: cluster.uuid,
        project_id: cluster.project_id.clone(),
        kind: OperationKind::Create,
        requester: Requester {
            user_id: UserId::from("u1"),
            user_name: "demo".to_owned(),
            project_id: cluster.project_id.clone(),
            roles: vec!["member".to_owned()],
            request_id: RequestId::random(),
            token: None,
            token_expires_at: None,
        },
        state: OperationState::Queued,
        step: Step::Certificates,
        attempts: 0,
        not_before: None,
        deadline: created_at + time::Duration::HOUR,
        events: Vec::new(),
        cause: None,
        created_at,
        updated_at: created_at,
    }
}
