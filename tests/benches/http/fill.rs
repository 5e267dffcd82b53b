//! A store with clusters in it, as many as it takes.

use anyhow::{Context, Result};
use jeroboam_model::{Cluster, ClusterId, ClusterTemplate, NodeGroup, ProjectId, Role, Status, TemplateId, UserId, samples};
use jeroboam_store::{Store, StoreConfig};
use jeroboam_tests::{cloud::User, daemon::Place};

/// Clusters that go into one commit.
const BATCH: usize = 500;

/// Fills the store of a daemon that is not running; answers one of the clusters.
pub async fn clusters(place: &Place, user: &User, count: usize) -> Result<ClusterId> {
    let store = Store::open(StoreConfig { path: place.path().join("state/store"), ..StoreConfig::default() })?;
    let template = template(user);
    let mut tx = store.begin();
    tx.insert(&template);
    tx.commit().await?;
    let made: Vec<Cluster> = (0..count).map(|number| cluster(&template, number)).collect();
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
        project_id: ProjectId(user.project_id.clone()),
        user_id: UserId(user.user_id.clone()),
        flavor_id: Some("m1.small".to_owned()),
        master_flavor_id: Some("m1.small".to_owned()),
        keypair_id: Some("testkey".to_owned()),
        external_network_id: Some("public".to_owned()),
        dns_nameserver: vec![[8, 8, 8, 8].into()],
        network_driver: Some("flannel".to_owned()),
        volume_driver: Some("cinder".to_owned()),
        docker_volume_size: Some(5),
        master_lb_enabled: true,
        labels: [("kube_tag", "v1.34.1"), ("min_node_count", "1"), ("etcd_volume_size", "10")].into_iter().collect(),
        ..samples::template("k8s")
    }
}

fn cluster(template: &ClusterTemplate, number: usize) -> Cluster {
    let number = i64::try_from(number).unwrap_or_default();
    Cluster {
        stack_id: Some(TemplateId::random().to_string()),
        status: Status::CreateComplete,
        api_address: Some("https://203.0.113.7:6443".to_owned()),
        coe_version: Some("v1.34.1".to_owned()),
        created_at: template.created_at + time::Duration::seconds(number),
        ..samples::cluster(&format!("cluster-{number}"), template)
    }
}

fn group(cluster: &Cluster, role: Role) -> NodeGroup {
    NodeGroup {
        node_addresses: (1..=3).map(|host| format!("203.0.113.{host}")).collect(),
        stack_id: cluster.stack_id.clone(),
        ..samples::group(cluster, role, 3)
    }
}
