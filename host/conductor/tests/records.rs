//! Calls of the real driver, recorded while clusters are made: what is in the records, and what never is.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use std::{borrow::Cow, path::PathBuf, time::Duration};

use jeroboam_conductor::{KillSwitch, RecordLimits};
use jeroboam_model::{
    CallRecord, ClusterId, ClusterTemplate, Recorded, TemplateId,
    call_record::Outcome,
    driver::{Platform, StackScope},
};
use jeroboam_plugins::{Bundled, Host, Limits, RecorderSink, replay};
use jeroboam_rollout::{RolloutConfig, RolloutParts, Rollouts};
use jeroboam_store::{CallRecordQuery, Store};
use serde_json::json;
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

/// One in which Kubernetes clusters are made, and whose conductor keeps so much.
async fn world(limits: RecordLimits) -> World {
    let mut world = World::with(|config| config.records = limits).await;
    world.plugins = Some(kubernetes().await);
    world.config.platform = Platform {
        identity_url: world.devcloud.identity_url().to_owned(),
        container_infra_url: "http://127.0.0.1:9511/v1".into(),
        region: "RegionOne".into(),
        load_balancers: true,
        affinity_policy: "soft-anti-affinity".into(),
        ..Platform::default()
    };
    world.restart(KillSwitch::default());
    world
}

/// Has a stack defined for a new cluster with this label.
async fn defined(world: &World, name: &str, label: (&str, &str)) -> ClusterId {
    let template = ClusterTemplate {
        driver: Some("kubernetes".into()),
        image_id: "fedora-coreos-latest".into(),
        flavor_id: Some("m1.small".into()),
        master_flavor_id: Some("m1.small".into()),
        keypair_id: Some("testkey".into()),
        external_network_id: Some("public".into()),
        network_driver: Some("flannel".into()),
        uuid: TemplateId::random(),
        ..world.template.clone()
    };
    let mut tx = world.store.begin();
    tx.insert(&template);
    tx.commit().await.unwrap();
    let mut new = new_cluster(name, &template, world.requester.clone());
    new.groups.iter_mut().for_each(|group| group.image_id.clone_from(&template.image_id));
    new.cluster.labels = [label].into_iter().collect();
    let id = new.cluster.uuid;
    world.intake().create(new, 10).await.unwrap();
    world.until(async || world.store.recordings().of_scope(id, StackScope::Cluster).await.unwrap()).await;
    world.intake().recorder().settled().await;
    id
}

async fn records(world: &World, cluster: Option<ClusterId>) -> Vec<CallRecord> {
    let query = CallRecordQuery { cluster, limit: 100, ..CallRecordQuery::default() };
    let page = world.intake().recorder().query(&query).await.unwrap();
    page.items.iter().map(|record| record.value.clone()).collect()
}

fn everything() -> Recorded {
    Recorded::Driver("kubernetes".into())
}

#[tokio::test]
async fn a_recorded_creation_is_whole_holds_no_secret_and_comes_to_the_same_again() {
    let world = world(RecordLimits::default()).await;
    world.intake().recorder().switch_on(everything(), "admin").await.unwrap();
    let id = defined(&world, "web", ("etcd_volume_size", "5")).await;

    let records = records(&world, Some(id)).await;
    let define = records.iter().find(|record| record.function == "define-stack").unwrap();
    assert!(matches!(&define.outcome, Outcome::Ok(answer) if answer["template"].is_string()), "{:?}", define.outcome);
    assert!(define.gaps.is_empty() && !define.host_calls.is_empty());

    let cluster = world.cluster(id).await.unwrap();
    let driver = world.plugins.as_ref().unwrap().for_cluster(&cluster).await.unwrap();
    let trustee = cluster.trustee.unwrap();
    let password = world.vault.open(&format!("cluster/{id}/trustee-password"), &trustee.password).unwrap();
    let text = serde_json::to_string(&records).unwrap();
    for secret in [world.requester.token.expose(), password.expose(), trustee.trust_id.as_deref().unwrap()] {
        assert!(!text.contains(secret));
    }
    assert!(text.contains("{\"secret\":\"trustee-password\"}"), "secrets are there by name");

    let (made, unanswered) = replay(&driver, define).await.unwrap();
    assert_eq!((&made.outcome, unanswered.len()), (&define.outcome, 0));
    println!("a record of define-stack has {} bytes", serde_json::to_string(define).unwrap().len());
}

#[tokio::test]
async fn a_call_whose_record_would_hold_a_secret_is_not_kept() {
    let world = world(RecordLimits::default()).await;
    let recorder = world.intake().recorder();
    recorder.switch_on(everything(), "admin").await.unwrap();
    let token = world.requester.token.clone();
    let leaking = defined(&world, "leaking", ("note", token.expose())).await;
    assert_eq!(records(&world, Some(leaking)).await, []);

    let clean = defined(&world, "clean", ("note", "hello")).await;
    let mut record = records(&world, Some(clean)).await.remove(0);
    record.id = jeroboam_model::CallRecordId::random();
    record.input.insert("inner".into(), json!(json!({"quoted": token.expose()}).to_string()));
    let listener = recorder.of_request(token);
    listener.keep(record.clone());
    recorder.settled().await;
    assert_eq!(recorder.record(record.id).await.unwrap(), None);
    record.input.remove("inner");
    listener.keep(record.clone());
    recorder.settled().await;
    assert_eq!(recorder.record(record.id).await.unwrap(), Some(record));
}

#[tokio::test]
async fn only_what_is_switched_on_is_recorded_and_stays_so_after_a_restart() {
    let mut world = world(RecordLimits::default()).await;
    defined(&world, "before", ("etcd_volume_size", "5")).await;
    assert_eq!(records(&world, None).await, []);

    world.intake().recorder().switch_on(everything(), "admin").await.unwrap();
    world.restart(KillSwitch::default());
    let after = defined(&world, "after", ("etcd_volume_size", "5")).await;
    assert!(!records(&world, Some(after)).await.is_empty());
    assert_eq!(world.intake().recorder().switches().await.unwrap()[0].by, "admin");

    assert!(world.intake().recorder().switch_off(&everything()).await.unwrap());
    world.restart(KillSwitch::default());
    let off = defined(&world, "off", ("etcd_volume_size", "5")).await;
    assert_eq!(records(&world, Some(off)).await, []);

    let listener = world.intake().recorder().of_request(world.requester.token.clone());
    world.intake().recorder().switch_on(Recorded::Cluster(after), "admin").await.unwrap();
    assert!(
        listener.wants("kubernetes", Some(after))
            && !listener.wants("kubernetes", Some(off))
            && !listener.wants("kubernetes", None)
    );
}

#[tokio::test]
async fn no_more_are_kept_than_may_be_and_none_for_longer() {
    let limits = RecordLimits { kept: 3, ..RecordLimits::default() };
    let mut world = world(limits).await;
    world.intake().recorder().switch_on(everything(), "admin").await.unwrap();
    let id = defined(&world, "web", ("etcd_volume_size", "5")).await;
    let sample = records(&world, Some(id)).await.remove(0);
    let listener = world.intake().recorder().of_request(world.requester.token.clone());
    let mut last = sample.id;
    for _ in 0..80 {
        let record =
            CallRecord { id: jeroboam_model::CallRecordId::random(), at: time::OffsetDateTime::now_utc(), ..sample.clone() };
        last = record.id;
        listener.keep(record);
        world.intake().recorder().settled().await;
    }
    let kept = world.store.call_records().count().await.unwrap();
    assert!(kept < 80, "{kept}: the oldest go while records come");

    world.config.records.kept_for = Duration::ZERO;
    world.restart(KillSwitch::default());
    world.until(async || (world.store.call_records().count().await.unwrap() == 0).then_some(())).await;
    assert_eq!(world.intake().recorder().record(last).await.unwrap(), None);
}
