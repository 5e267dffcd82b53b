//! `coe-resources` of 0.2.0: the component that was built when it was published goes on being served.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use jeroboam_model::{
    CallRecord, ClusterId,
    call_record::Outcome,
    driver::{ContainerAction, ContainerSpec, Details, KubernetesKind, Manifest, ResourceKind, ServicePort},
};
use jeroboam_plugins::{
    CallContext, CallError, Driver, DriverError, PluginsConfig, RecorderSink, ResourceError, replay, surface,
};
use serde_json::json;
use support::{guest::Guest, load, samples, whole::Whole};

/// Built when 0.2.0 was published; see `tests/contracts/README.md`.
fn second() -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/contracts/coe-0.2.0/contract.wasm")).unwrap()
}

async fn driver() -> Driver {
    load(second(), PluginsConfig::default()).await
}

#[test]
fn it_says_which_contract_it_needs() {
    let surface = surface(&second()).unwrap();
    assert_eq!(surface.contract.to_string(), "0.2.0");
    assert_eq!(surface.offers.into_iter().collect::<Vec<_>>(), ["coe-resources"]);
}

#[tokio::test]
async fn it_tells_all_that_each_kind_has() {
    let (driver, view, whole) = (driver().await, samples::view(), Whole::default());
    assert!(driver.offers_resources());
    let pairs = || vec![("a".to_owned(), "b".to_owned())];
    let port = ServicePort {
        name: Some("p".into()),
        protocol: Some("TCP".into()),
        port: 80,
        target_port: Some("web".into()),
        node_port: Some(30080),
    };
    let container = ContainerSpec {
        name: "c".into(),
        image: "i".into(),
        command: Some("ls".into()),
        memory: Some("1".into()),
        environment: pairs(),
        labels: pairs(),
    };
    let images = || vec!["i".to_owned()];
    for (kind, details) in [
        (ResourceKind::Pod, Details::Pod { images: images(), host: Some("h".into()) }),
        (ResourceKind::Service, Details::Service { selector: pairs(), ip: Some("10.0.0.1".into()), ports: vec![port] }),
        (ResourceKind::ReplicationController, Details::ReplicationController { images: images(), replicas: 3 }),
        (ResourceKind::Container, Details::Container(container)),
    ] {
        let things = driver.list_resources(&view, kind, whole.context()).await.unwrap();
        assert_eq!((things[0].id.as_str(), things[0].status.as_deref(), &things[0].labels), ("1", Some("Running"), &pairs()));
        assert_eq!(things[0].details, details);
        assert!(
            things[0].name.starts_with(&format!("{} kubernetes {}", view.cluster.name, view.cluster.uuid)),
            "{}",
            things[0].name
        );
        assert_eq!(driver.show_resource(&view, kind, "x", whole.context()).await.unwrap().name, "x");
    }
}

#[tokio::test]
async fn it_is_told_manifests_and_actions_and_asks_the_clusters_api_with_every_method() {
    let (driver, view, whole) = (driver().await, samples::view(), Whole::default());
    for kind in [KubernetesKind::Pod, KubernetesKind::Service, KubernetesKind::ReplicationController] {
        let manifest = Manifest::Kubernetes(kind, "{\"a\":1}".to_owned());
        let made = driver.create_resource(&view, &manifest, whole.context()).await.unwrap();
        assert_eq!((made.name.as_str(), made.details.kind()), ("{\"a\":1}", kind.into()));
        assert_eq!(driver.replace_resource(&view, "it", &manifest, whole.context()).await.unwrap().name, "it");
    }
    let manifest = Manifest::Container(ContainerSpec { name: "c".into(), image: "i".into(), ..ContainerSpec::default() });
    let made = driver.create_resource(&view, &manifest, whole.context()).await.unwrap();
    assert!(made.name.contains("name: \"c\", image: \"i\""), "{}", made.name);
    assert_eq!(whole.done().len(), 4);
    for (action, word) in [
        (ContainerAction::Start, "Start"),
        (ContainerAction::Stop, "Stop"),
        (ContainerAction::Reboot, "Reboot"),
        (ContainerAction::Pause, "Pause"),
        (ContainerAction::Unpause, "Unpause"),
        (ContainerAction::Logs, "Logs"),
        (ContainerAction::Execute("ls".into()), "Execute(\"ls\")"),
    ] {
        let said = driver.act_on_container(&view, "c", &action, whole.context()).await.unwrap();
        assert!(said.starts_with("c ") && said.ends_with(word), "{said}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_clusters_api_is_told_from_an_error_of_the_drivers() {
    let (driver, view, whole) = (driver().await, samples::view(), Whole::default());
    let show = |ident: &'static str| driver.show_resource(&view, ResourceKind::Pod, ident, whole.context());
    assert_eq!(show("refused").await, Err(ResourceError::Refused { status: 422, message: "said the API".into() }));
    let Err(ResourceError::Call(CallError::Refused { error: DriverError::Unavailable { message, .. }, .. })) = show("away").await
    else {
        panic!("it was not refused")
    };
    assert_eq!(message, "said the driver");
    let gone = driver.delete_resource(&view, ResourceKind::Service, "x", whole.context()).await;
    assert!(matches!(gone, Err(ResourceError::Call(CallError::Refused { error: DriverError::NotFound(_), .. }))), "{gone:?}");
}

/// Keeps what comes.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<CallRecord>>>);

impl RecorderSink for Shelf {
    fn wants(&self, _: &str, _: Option<ClusterId>) -> bool {
        true
    }
    fn record_bytes(&self) -> usize {
        1 << 20
    }
    fn keep(&self, record: CallRecord) {
        self.0.lock().unwrap().push(record);
    }
}

#[tokio::test]
async fn calls_are_recorded_and_come_to_the_same_when_they_are_made_again() {
    let (driver, view, shelf) = (driver().await, samples::view(), Shelf::default());
    let context = || {
        let context = Whole::default().context();
        CallContext { sources: context.sources.with_recorder(shelf.clone()), ..context }
    };
    let manifest = Manifest::Kubernetes(KubernetesKind::ReplicationController, "{}".to_owned());
    drop(driver.list_resources(&view, ResourceKind::Service, context()).await);
    drop(driver.show_resource(&view, ResourceKind::Pod, "refused", context()).await);
    drop(driver.create_resource(&view, &manifest, context()).await);
    drop(driver.replace_resource(&view, "it", &manifest, context()).await);
    drop(driver.delete_resource(&view, ResourceKind::Container, "it", context()).await);
    drop(driver.act_on_container(&view, "it", &ContainerAction::Execute("ls".into()), context()).await);
    let records = shelf.0.lock().unwrap().clone();
    let functions: Vec<&str> = records.iter().map(|record| record.function.as_str()).collect();
    let all = ["list-resources", "show-resource", "create-resource", "replace-resource", "delete-resource", "act-on-container"];
    assert_eq!(functions, all);
    assert_eq!(records[2].input["manifest"], json!({"replication-controller": "{}"}));
    let Outcome::Ok(refused) = &records[1].outcome else { panic!("{:?}", records[1].outcome) };
    assert_eq!(*refused, json!({"refused": {"status": 422, "message": "said the API"}}));
    for record in &records {
        let (made, unanswered) = replay(&driver, record).await.unwrap();
        assert_eq!((&made.outcome, unanswered.as_slice()), (&record.outcome, [].as_slice()), "{}", record.function);
    }
}

#[tokio::test]
async fn a_driver_that_leaves_it_out_is_not_asked() {
    let driver = load(Guest::new("first").component(), PluginsConfig::default()).await;
    let (view, whole) = (samples::view(), Whole::default());
    assert!(!driver.offers_resources());
    let asked = driver.list_resources(&view, ResourceKind::Pod, whole.context()).await;
    assert_eq!(asked, Err(ResourceError::NotOffered { driver: "first".to_owned() }));
}
