//! A store with clusters in it, as many as it takes.

use anyhow::{Context, Result};
use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, Coe, Labels, NodeGroup, NodeGroupId, ProjectId, Role, ServerType, Status, TemplateId,
    UserId, name::StackName,
};
use jeroboam_store::{Store, StoreConfig};
use jeroboam_tests::{cloud::User, daemon::Place};
use time::OffsetDateTime;
use uuid::Uuid;

/// Clusters that go into one commit.
const BATCH: usize = 500;

/// Fills the store of a daemon that is not running; answers one of the clusters.
pub async fn clusters(place: &Place, user: &User, count: usize) -> Result<ClusterId> {
    let store = Store::open(StoreConfig { path: place.path().join("state/store"), ..StoreConfig::default() })?;
    let template = template(user);
    let mut tx = store.begin();
    tx.insert(&template);
    tx.commit().await?;
    let made: Vec<Cluster> = (0..count).map(|number| cluster(user, &template, number)).collect();
    for batch in made.chunks(BATCH) {
        let mut tx = store.begin();
        for cluster in batch {
            tx.insert(cluster);
            for role in [Role::Master, Role::Worker] {
                tx.insert(&group(cluster, role));
            }
        }
        tx.commit().await?;
    }
    made.get(count / 2).map(|cluster| cluster.uuid).context("no clusters")
}

fn template(user: &User) -> ClusterTemplate {
    ClusterTemplate {
        uuid: TemplateId::random(),
        name: "k8s".to_owned(),
        project_id: ProjectId(user.project_id.clone()),
        user_id: UserId(user.user_id.clone()),
        coe: Coe::Kubernetes,
        server_type: ServerType::Vm,
        cluster_distro: "fedora-coreos".to_owned(),
        driver: Some("kubernetes".to_owned()),
        image_id: "fedora-coreos-latest".to_owned(),
        flavor_id: Some("m1.small".to_owned()),
        master_flavor_id: Some("m1.small".to_owned()),
        keypair_id: Some("testkey".to_owned()),
        external_network_id: Some("public".to_owned()),
        fixed_network: None,
        fixed_subnet: None,
        dns_nameserver: vec![[8, 8, 8, 8].into()],
        network_driver: Some("flannel".to_owned()),
        volume_driver: Some("cinder".to_owned()),
        docker_storage_driver: Some("overlay2".to_owned()),
        docker_volume_size: Some(5),
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
        labels: labels(),
        tags: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
        updated_at: None,
    }
}

fn labels() -> Labels {
    [("kube_tag", "v1.34.2"), ("auto_healing_enabled", "true"), ("min_node_count", "1"), ("etcd_volume_size", "10")]
        .into_iter()
        .collect()
}

fn cluster(user: &User, template: &ClusterTemplate, number: usize) -> Cluster {
    let name = format!("cluster-{number}");
    Cluster {
        uuid: ClusterId::random(),
        project_id: template.project_id.clone(),
        user_id: UserId(user.user_id.clone()),
        cluster_template_id: template.uuid,
        driver: "kubernetes".to_owned(),
        keypair: template.keypair_id.clone(),
        labels: labels(),
        flavor_id: template.flavor_id.clone(),
        master_flavor_id: template.master_flavor_id.clone(),
        docker_volume_size: Some(5),
        fixed_network: None,
        fixed_subnet: None,
        floating_ip_enabled: true,
        master_lb_enabled: true,
        create_timeout: Some(60),
        discovery_url: None,
        stack_name: StackName::new(&name, Uuid::new_v4()),
        stack_id: Some(Uuid::new_v4().to_string()),
        status: Status::CreateComplete,
        status_reason: None,
        health_status: None,
        health_status_reason: std::collections::BTreeMap::new(),
        api_address: Some("https://203.0.113.7:6443".to_owned()),
        coe_version: Some("v1.34.2".to_owned()),
        container_version: None,
        trustee: None,
        created_at: OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(i64::try_from(number).unwrap_or_default()),
        updated_at: None,
        name,
    }
}

fn group(cluster: &Cluster, role: Role) -> NodeGroup {
    let name = if role == Role::Master { NodeGroup::DEFAULT_MASTER } else { NodeGroup::DEFAULT_WORKER };
    NodeGroup {
        uuid: NodeGroupId::random(),
        cluster_id: cluster.uuid,
        project_id: cluster.project_id.clone(),
        name: name.to_owned(),
        role,
        role_name: role.as_str().to_owned(),
        is_default: true,
        node_count: 3,
        min_node_count: 0,
        max_node_count: None,
        image_id: "fedora-coreos-latest".to_owned(),
        flavor_id: cluster.flavor_id.clone(),
        docker_volume_size: Some(5),
        labels: cluster.labels.clone(),
        node_addresses: (1..=3).map(|host| format!("203.0.113.{host}")).collect(),
        nodes_to_remove: Vec::new(),
        stack_id: cluster.stack_id.clone(),
        status: Status::CreateComplete,
        status_reason: None,
        created_at: cluster.created_at,
        updated_at: None,
    }
}
