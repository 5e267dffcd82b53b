//! What a stack was made from holds for as long as it is there. With the real driver, which asks.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use std::{borrow::Cow, path::PathBuf};

use jeroboam_conductor::KillSwitch;
use jeroboam_model::driver::{Platform, StackDefinition, StackScope};
use jeroboam_model::{ClusterId, ClusterTemplate, OperationState, Status, TemplateId};
use jeroboam_plugins::{Bundled, Host, Limits};
use jeroboam_rollout::{RolloutConfig, RolloutParts, Rollouts};
use jeroboam_store::{Recording, Store};
use support::{World, new_cluster};

/// The bundled driver, where `cargo xtask drivers` leaves it.
async fn kubernetes() -> Rollouts {
    let executable = std::env::current_exe().unwrap();
    let file: PathBuf = executable.ancestors().nth(3).unwrap().join("drivers/kubernetes.wasm");
    let bytes =
        std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask drivers` first", file.display()));
    let bundled = vec![Bundled { file_name: "kubernetes.wasm".to_owned(), bytes: Cow::Owned(bytes) }];
    let cache_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let parts = RolloutParts {
        store: Store::in_memory(),
        plugins: Host::new(Some(&cache_dir), Limits::default()).unwrap(),
        bundled,
        planner: None,
        config: RolloutConfig::default(),
    };
    Rollouts::start(parts).await.unwrap()
}

async fn recorded(world: &World, cluster: ClusterId) -> Option<Recording> {
    world.store.recordings().of_scope(cluster, StackScope::Cluster).await.unwrap().map(|recording| recording.value)
}

/// What is to be the same: all but counts of nodes and the region, which is where services are and not what servers are.
fn lasting(definition: &StackDefinition) -> Vec<(String, String)> {
    // Of the last, because a change of nothing but the count may touch all nodes at once.
    let counts = |name: &str| name.contains("count") || name.starts_with("number_of") || name == "update_max_batch_size";
    let parameters = definition.parameters.iter().filter(|(name, _)| !counts(name));
    parameters.map(|(name, value)| (name.clone(), format!("{value:?}").replace("RegionTwo", "RegionOne"))).collect()
}

/// A template that the driver can make something of.
async fn template(world: &World) -> ClusterTemplate {
    let template = ClusterTemplate {
        driver: Some("kubernetes".into()),
        image_id: "fedora-coreos-latest".into(),
        flavor_id: Some("m1.small".into()),
        master_flavor_id: Some("m1.small".into()),
        keypair_id: Some("testkey".into()),
        external_network_id: Some("public".into()),
        network_driver: Some("flannel".into()),
        labels: [("etcd_volume_size", "5")].into_iter().collect(),
        uuid: TemplateId::random(),
        ..world.template.clone()
    };
    let mut tx = world.store.begin();
    tx.insert(&template);
    tx.commit().await.unwrap();
    template
}

/// As if the cluster's nodes had answered.
async fn complete(world: &World, id: ClusterId) {
    let mut tx = world.store.begin();
    let mut cluster = world.store.clusters().get(id).await.unwrap().unwrap();
    cluster.status = Status::CreateComplete;
    tx.update(&cluster);
    for mut operation in world.operations(id).await {
        operation.state = OperationState::Done;
        tx.update(&operation);
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_an_operator_decides_anew_is_for_clusters_to_come() {
    let mut world = World::new().await;
    world.plugins = Some(kubernetes().await);
    let then = Platform {
        identity_url: world.devcloud.identity_url().to_owned(),
        container_infra_url: "http://127.0.0.1:9511/v1".into(),
        region: "RegionOne".into(),
        load_balancers: true,
        affinity_policy: "soft-anti-affinity".into(),
        ..Platform::default()
    };
    world.config.platform = then.clone();
    world.restart(KillSwitch::default());
    let template = template(&world).await;
    let mut new = new_cluster("web", &template, world.requester.clone());
    new.groups.iter_mut().for_each(|group| group.image_id.clone_from(&template.image_id));
    let id = new.cluster.uuid;
    world.intake().create(new, 10).await.unwrap();
    let before = world.until(async || recorded(&world, id).await).await;

    world.stop();
    complete(&world, id).await;
    world.config.platform = Platform {
        affinity_policy: "anti-affinity".into(),
        boot_volume_size: 40,
        boot_volume_type: "ssd".into(),
        etcd_volume_type: "ssd".into(),
        region: "RegionTwo".into(),
        ..then
    };
    world.restart(KillSwitch::default());
    world.resize(id, 4).await.unwrap();
    let after = world.until(async || recorded(&world, id).await.filter(|now| now.recorded_at != before.recorded_at)).await;

    let (before, after) = (&before.definition, &after.definition);
    assert_ne!(before.parameters, after.parameters, "it has another count");
    assert_eq!((&before.template, &before.environment), (&after.template, &after.environment));
    assert_eq!(lasting(before), lasting(after));
}
