//! Values to try a driver with. Change what matters to a test and leave the rest: `Cluster { docker_volume_size: Some(5),
//! ..cluster() }`.

use crate::{Cluster, ClusterTemplate, ClusterType, NodeGroup, Role, settings::Platform};

/// A cloud with an Octavia, whose services have public certificates.
pub fn platform() -> Platform {
    Platform {
        identity_url: "https://cloud.example/identity/v3".to_owned(),
        container_infra_url: "https://cloud.example/container-infra/v1".to_owned(),
        region: "RegionOne".to_owned(),
        verify_ca: true,
        openstack_ca: String::new(),
        load_balancers: true,
        cluster_user_trust: false,
        affinity_policy: "soft-anti-affinity".to_owned(),
        docker_volume_type: String::new(),
        etcd_volume_type: String::new(),
        boot_volume_type: String::new(),
        boot_volume_size: 0,
        extras: Vec::new(),
    }
}

/// (vm, fedora-coreos, kubernetes), with an external network and no labels.
pub fn template() -> ClusterTemplate {
    ClusterTemplate {
        uuid: "11111111-1111-4111-8111-111111111111".to_owned(),
        name: "template".to_owned(),
        cluster_type: ClusterType {
            server_type: "vm".to_owned(),
            os_distro: "fedora-coreos".to_owned(),
            coe: "kubernetes".to_owned(),
        },
        image: "fedora-coreos".to_owned(),
        flavor: Some("m1.small".to_owned()),
        master_flavor: Some("m1.small".to_owned()),
        keypair: Some("key".to_owned()),
        external_network: Some("public".to_owned()),
        fixed_network: None,
        fixed_subnet: None,
        dns_nameservers: vec!["8.8.8.8".to_owned()],
        network_driver: Some("flannel".to_owned()),
        volume_driver: Some("cinder".to_owned()),
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
        labels: Vec::new(),
        extras: Vec::new(),
    }
}

/// A default group.
pub fn node_group(role: Role, count: u32) -> NodeGroup {
    let (uuid, name, role_name) = match role {
        Role::Master => ("22222222-2222-4222-8222-222222222222", "default-master", "master"),
        Role::Worker => ("33333333-3333-4333-8333-333333333333", "default-worker", "worker"),
    };
    NodeGroup {
        uuid: uuid.to_owned(),
        name: name.to_owned(),
        role,
        role_name: role_name.to_owned(),
        is_default: true,
        node_count: count,
        min_node_count: 0,
        max_node_count: None,
        image: "fedora-coreos".to_owned(),
        flavor: "m1.small".to_owned(),
        docker_volume_size: None,
        labels: Vec::new(),
        nodes_to_remove: Vec::new(),
        stack_id: None,
        extras: Vec::new(),
    }
}

/// One master and one worker from [`template`], not made yet.
pub fn cluster() -> Cluster {
    Cluster {
        uuid: "44444444-4444-4444-8444-444444444444".to_owned(),
        name: "test".to_owned(),
        project_id: "0123456789abcdef0123456789abcdef".to_owned(),
        user_id: "fedcba9876543210fedcba9876543210".to_owned(),
        stack_name: "test-abcdefghijkl".to_owned(),
        stack_id: None,
        template: template(),
        groups: vec![node_group(Role::Master, 1), node_group(Role::Worker, 1)],
        keypair: Some("key".to_owned()),
        labels: Vec::new(),
        fixed_network: None,
        fixed_subnet: None,
        docker_volume_size: None,
        master_lb_enabled: false,
        floating_ip_enabled: true,
        discovery_url: None,
        api_address: None,
        coe_version: None,
        extras: Vec::new(),
    }
}
