//! Published versions of the contract: they do not change, and what was built for one is served for ever.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{fs, path::PathBuf};

use jeroboam_model::{
    HealthStatus, NodeGroupId,
    driver::{LabelType, Progress, StackScope, Value},
};
use jeroboam_plugins::{CallError, Driver, DriverError, Interface, PluginsConfig, surface};
use support::{load, samples, whole::Whole};

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Built when 0.1.0 was published; see `tests/contracts/README.md`.
fn first() -> Vec<u8> {
    fs::read(top().join("tests/contracts/coe-0.1.0/contract.wasm")).unwrap()
}

async fn driver() -> Driver {
    load(first(), PluginsConfig::default()).await
}

fn sha256(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lists are what `sha256sum -c` reads.
#[test]
fn a_published_contract_does_not_change() {
    let wit = top().join("wit");
    for folder in fs::read_dir(&wit).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        let Ok(list) = fs::read_to_string(wit.join(format!("{name}.sha256"))) else {
            let world = fs::read_to_string(folder.path().join("world.wit")).unwrap();
            assert!(world.starts_with("/// Draft"), "wit/{name} is published, and wit/{name}.sha256 is missing");
            continue;
        };
        let listed: Vec<(&str, &str)> = list.lines().map(|line| line.split_once("  ").unwrap()).collect();
        for (digest, path) in &listed {
            let bytes = fs::read(wit.join(path)).unwrap_or_else(|error| panic!("wit/{path}: {error}"));
            assert_eq!(
                sha256(&bytes),
                *digest,
                "wit/{path} is published: what is new goes to a later version, in a folder beside it"
            );
        }
        // What `deps` has are the published folders themselves.
        for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()).filter(|file| file.file_name() != "deps") {
            let path = format!("{name}/{}", file.file_name().into_string().unwrap());
            assert!(listed.iter().any(|(_, listed)| *listed == path), "wit/{path} was added to a published contract");
        }
    }
}

#[test]
fn a_guest_of_the_first_contract_says_so() {
    let surface = surface(&first()).unwrap();
    assert_eq!(surface.contract.to_string(), "0.1.0");
    assert_eq!(surface.imports.into_iter().collect::<Vec<_>>(), Interface::ALL);
    assert!(surface.offers.is_empty());
}

#[tokio::test]
async fn it_describes_itself() {
    let driver = driver().await;
    let description = driver.description();
    assert_eq!((driver.name(), driver.version()), ("contract", "1.2.3"));
    let types: Vec<&LabelType> = description.labels.iter().map(|label| &label.label_type).take(7).collect();
    let choices = || vec!["a".to_owned(), "b".to_owned()];
    let [integer, choice, choices] =
        [LabelType::Integer { min: -1, max: 9 }, LabelType::Choice(choices()), LabelType::Choices(choices())];
    let other = LabelType::Other("colour".into());
    assert_eq!(types, [&LabelType::Text, &integer, &LabelType::Boolean, &choice, &choices, &LabelType::Cidr, &other]);
    let features = description.features;
    assert!(features.upgrade && features.resize_masters && features.rotate_ca && features.node_groups && features.health);
    assert_eq!(description.capabilities[0].name, "ca-key");
}

#[tokio::test]
async fn it_reads_all_that_can_be_looked_up() {
    let told = driver().await.validate_template(&samples::template(), Whole::default().context()).await.unwrap();
    let told: Vec<(&str, &str)> =
        told.iter().map(|warning| (warning.field.as_deref().unwrap_or("-"), warning.message.as_str())).collect();
    let image = format!("i-1 {} 10 Some(\"contract\") [(\"a\", \"b\")]", samples::template().image_id);
    assert_eq!(
        told[..8],
        [
            ("image", image.as_str()),
            ("flavor", "f-1 m1.small 2 4096 40"),
            ("network", "n-1 private false [\"s-1\", \"s-2\"]"),
            ("external", "n-2 public true [\"s-1\", \"s-2\"]"),
            ("subnet", "s-1 subnet n-1 10.0.0.0/24 4"),
            ("keypair", "key ssh-ed25519 AAAA"),
            ("types", "1 type 1 true, 2 type 2 false"),
            ("regions", "RegionOne, RegionTwo"),
        ]
    );
    assert_eq!(told[8].0, "-");
}

#[tokio::test]
async fn it_reads_settings_and_refuses_in_every_way() {
    let driver = driver().await;
    let told = driver.validate_cluster(&samples::view(), Whole::default().context()).await.unwrap();
    let told: Vec<&str> = told.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(told, ["RegionOne true 20", "Some(\"contract/greeting\")"]);

    for case in ["invalid", "unsupported", "not-found", "conflict", "denied", "quota", "unavailable", "internal", "other"] {
        let mut view = samples::view();
        view.cluster.labels = [("error", case.to_owned())].into_iter().collect();
        let Err(CallError::Refused { error, .. }) = driver.validate_cluster(&view, Whole::default().context()).await else {
            panic!("{case} was not refused")
        };
        let (named, text) = match error {
            DriverError::Invalid(fields) => ("invalid", format!("{} {}", fields[0].field, fields[0].message)),
            DriverError::Unsupported(text) => ("unsupported", text),
            DriverError::NotFound(text) => ("not-found", text),
            DriverError::Conflict(text) => ("conflict", text),
            DriverError::Denied(text) => ("denied", text),
            DriverError::Quota(text) => ("quota", text),
            DriverError::Unavailable { message, after } => ("unavailable", format!("{message} {}", after.as_millis())),
            DriverError::Internal(text) => ("internal", text),
            DriverError::Other(text) => ("other", text),
        };
        assert_eq!(named, case);
        assert!(matches!(text.as_str(), "said the driver" | "said the driver 1500" | "labels/error choose another"), "{text}");
    }
}

#[tokio::test]
async fn it_defines_stacks_and_upgrades() {
    let (driver, view, whole) = (driver().await, samples::view(), Whole::default());
    let group = view.groups[1].uuid;
    let defined = driver.define_stack(&view, StackScope::NodeGroup(group), whole.context()).await.unwrap().definition;
    assert_eq!(defined.files[0].0, "a.yaml");
    assert_eq!(defined.environment, "parameter_defaults: {b: 1}\n");
    let values: Vec<&Value> = defined.parameters.iter().map(|(_, value)| value).collect();
    let text = Value::Text(format!("test {group}"));
    assert_eq!(values[..4], [&text, &Value::Number(2), &Value::Flag(true), &Value::Json(serde_json::json!({"a": [1]}))]);
    assert!(matches!(values[4], Value::Secret(_)));

    let plan = driver.plan_upgrade(&view, &samples::template(), Some(group), 3, whole.context()).await.unwrap();
    assert_eq!(plan.steps[0].summary, "To template, 3 at a time");
    assert_eq!(plan.steps[0].scope, StackScope::NodeGroup(group));
    assert_eq!(plan.warnings[0].message, "3");
}

#[tokio::test]
async fn it_reads_stacks() {
    let (driver, view, whole) = (driver().await, samples::view(), Whole::default());
    let group: NodeGroupId = view.groups[0].uuid;
    assert_eq!(driver.pick_removals(&view, group, 2, whole.context()).await.unwrap(), ["server-0", "server-1"]);
    let outputs = vec![("api".to_owned(), serde_json::json!("https://203.0.113.7:6443"))];
    let seen = driver.read_stack(&view, StackScope::Cluster, outputs, whole.context()).await.unwrap();
    assert_eq!(seen.api_address.as_deref(), Some("https://203.0.113.7:6443"));
    assert_eq!((seen.coe_version.as_deref(), seen.container_version.as_deref()), (Some("v1.34.1"), Some("2.1.0")));
    assert_eq!((seen.groups[0].group, seen.groups[0].node_addresses[0].as_str()), (group, "10.0.0.5"));
    assert_eq!(seen.memory.get("network").map(String::as_str), Some("[\"n-1\"]"));
}

#[tokio::test]
async fn it_cleans_up_and_checks_health() {
    let (driver, view, whole) = (driver().await, samples::view(), Whole::default());
    let Progress::Waiting { message, after } = driver.before_delete(&view, whole.context()).await.unwrap() else {
        panic!("there was something left")
    };
    assert_eq!((message.as_str(), after.as_millis()), ("1 load balancers, 1 volumes, 1 addresses", 2500));
    let health = driver.check_health(&view, whole.context()).await.unwrap();
    assert_eq!(health.status, HealthStatus::Healthy);
    let reasons: Vec<(&str, &str)> = health.reasons.iter().map(|(name, said)| (name.as_str(), said.as_str())).collect();
    assert_eq!(reasons, [("api", "ok"), ("ca", "Kubernetes"), ("signed", "FrontProxy request")]);
    let request = "Get /healthz [(\"accept\", \"text/plain\")] Some(\"Etcd health ops\")";
    assert_eq!(whole.done(), ["load balancer lb-1", "volume v-1", "address fip-1", request]);
}

/// Of what a toolchain makes, at the end of each section and in between.
#[test]
fn a_beginning_of_it_is_whole_only_when_all_it_exports_is_there() {
    let whole = first();
    let complete = surface(&whole).unwrap();
    for end in (0..whole.len()).step_by(611).chain(whole.len() - 600..=whole.len()) {
        if jeroboam_plugins::whole(&whole[..end]).is_ok() {
            assert_eq!(surface(&whole[..end]).unwrap(), complete, "{end} of {}", whole.len());
        }
    }
    assert!(jeroboam_plugins::whole(&whole).is_ok() && jeroboam_plugins::whole(&whole[..whole.len() / 2]).is_err());
}
