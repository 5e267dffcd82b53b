//! What nodes are given: user data that their operating system accepts and Nova takes, scripts whose variables are all set, and manifests that are YAML.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use jeroboam_driver_common::testing::node::{self, SHARED, assigned, placeholders, texts, variables};
use jeroboam_driver_sdk::{StackDefinition, settings::Platform};
use serde::Deserialize;
use serde_json::Value as Json;
use support::{define, define_in, large, trusting, variables_of, world_on};

const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");
const USER_DATA: [&str; 2] = ["master-user-data", "worker-user-data"];

fn user_data(definition: &StackDefinition, name: &str) -> String {
    definition.files.iter().find(|(given, _)| given == name).unwrap().1.clone()
}

/// What a role's nodes have once the archive is unpacked.
fn installed(definition: &StackDefinition, name: &str) -> BTreeMap<String, String> {
    node::installed(&user_data(definition, name))
}

#[test]
fn user_data_is_small_enough_for_nova() {
    let certificate = "-----BEGIN CERTIFICATE-----\n".to_owned() + &"MIIC".repeat(500) + "\n-----END CERTIFICATE-----\n";
    let definition = define_in(world_on(Platform { openstack_ca: certificate, ..trusting() }), &large());
    for name in USER_DATA {
        let size = user_data(&definition, name).len();
        assert!(size < 40_000, "{name} has {size} bytes; Nova takes 49,151, and Heat adds some 6,000");
    }
}

#[test]
fn user_data_has_the_structure_of_ignition_3_3() {
    let definition = define(&large());
    for name in USER_DATA {
        let config: Json = serde_json::from_str(&user_data(&definition, name)).unwrap();
        assert_eq!(config["ignition"]["version"], "3.3.0");
        let mut paths = BTreeSet::new();
        for file in config["storage"]["files"].as_array().unwrap() {
            let path = file["path"].as_str().unwrap();
            assert!(path.starts_with('/') && paths.insert(path.to_owned()), "{path}");
            assert!(file["mode"].as_u64().unwrap() <= 0o777, "{path}: the mode is a decimal number in JSON");
            assert!(file["contents"]["source"].as_str().unwrap().starts_with("data:"));
        }
        assert_eq!(config["passwd"]["users"][0]["sshAuthorizedKeys"][0], "ssh-ed25519 AAAA owner");
        for unit in config["systemd"]["units"].as_array().unwrap() {
            assert_eq!(unit["mask"] == true, unit.get("contents").is_none(), "{unit}");
        }
    }
}

#[test]
fn user_data_holds_no_secret() {
    let definition = define(&large());
    for name in USER_DATA {
        let signing = &installed(&definition, name)["/opt/jeroboam/libexec/signing.sh"];
        assert!(signing.contains("env.TRUSTEE_PASSWORD"), "the password comes with the deployment");
        assert!(!user_data(&definition, name).to_lowercase().contains("password"));
    }
}

#[test]
fn each_role_gets_its_own_scripts() {
    let definition = define(&large());
    let (masters, workers) = (installed(&definition, USER_DATA[0]), installed(&definition, USER_DATA[1]));
    assert!(workers.keys().all(|path| masters.contains_key(path)));
    assert!(!workers.keys().any(|path| path.contains("etcd") || path.contains("addons") || path.contains("cloud.conf")));
    for step in steps("configure.sh") {
        assert!(masters.contains_key(&format!("/opt/jeroboam/libexec/{step}.sh")), "{step}");
    }
}

fn steps(script: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("{NODE}/{script}")).unwrap();
    let lists = text.split("steps").filter_map(|part| part.trim_start_matches('+').strip_prefix("=(")?.split(')').next());
    lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The driver's own, and the shared ones that nodes are given.
fn files() -> Vec<(String, String)> {
    let given = installed(&define(&large()), USER_DATA[0]);
    let mut all = texts(Path::new(SHARED));
    all.retain(|(file, _)| given.keys().any(|path| path.rsplit('/').next() == file.rsplit('/').next()));
    assert!(all.len() > 8);
    all.extend(texts(Path::new(NODE)));
    all
}

fn manifests() -> Vec<(String, String)> {
    let mut all = texts(&Path::new(NODE).join("manifests/static"));
    all.extend(texts(&Path::new(NODE).join("manifests/addons")));
    all
}

#[test]
fn scripts_are_bash() {
    for (file, text) in files().into_iter().filter(|(file, _)| file.ends_with(".sh")) {
        let shell = Command::new("bash").args(["-n", &file]).output();
        // A machine without bash can still check the rest.
        if let Ok(output) = shell {
            assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let sourced = text.starts_with("# shellcheck shell=bash");
        assert!(sourced || text.starts_with("#!/usr/bin/env bash\n# "), "{file} says what it is for");
        let strict = text.contains("set -euo pipefail") || text.contains(". /opt/jeroboam/libexec/");
        assert!(sourced || strict, "{file} goes on after errors");
    }
}

/// Variables that a node is given: what the driver sets, and what the templates add.
fn given() -> BTreeSet<String> {
    let definition = define(&large());
    let masters = support::addons::everything().map(|cluster| support::addons::settings(&define(&cluster)));
    let addons = masters.into_iter().flat_map(|settings| settings.into_iter().map(|(name, _)| name));
    let mut given = BTreeSet::new();
    for parameter in ["node_settings", "master_settings", "minion_settings", "addon_settings"] {
        given.extend(variables_of(&definition, parameter).keys().cloned());
    }
    given.extend(node::added_by_templates(&definition));
    given.extend(addons);
    given
}

#[test]
fn every_variable_that_scripts_and_manifests_read_is_set() {
    let files = files();
    let mut known = given();
    known.extend(assigned(files.iter().map(|(_, text)| text.as_str())));
    known.extend(["VERIFY_CA", "TOOLS_PROXY", "JQ_URL", "BASH_REMATCH", "RANDOM", "PATH"].map(str::to_owned));
    // A manifest that stands for many objects has a list of what differs in them beside it.
    let lists = manifests().into_iter().filter(|(file, _)| file.ends_with(".each"));
    known.extend(
        lists.flat_map(|(_, text)| text.lines().next().unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>()),
    );
    let mut read = 0;
    for (file, text) in files.iter().chain(&manifests()) {
        let names = if file.ends_with(".sh") { variables(text) } else { placeholders(text) };
        for name in names {
            read += 1;
            assert!(known.contains(&name), "{file} reads {name}, which nobody sets");
        }
    }
    assert!(read > 100);
}

#[test]
fn every_variable_that_nodes_are_given_is_read() {
    let everything: Vec<_> = files().into_iter().chain(manifests()).collect();
    for name in given() {
        assert!(everything.iter().any(|(_, text)| text.contains(&name)), "nobody reads {name}");
    }
}

#[test]
fn manifests_are_yaml_once_they_are_rendered() {
    let mut documents = 0;
    for (file, text) in texts(Path::new(NODE)).into_iter().chain(manifests()) {
        // The registry's configuration is no object of Kubernetes.
        if !file.ends_with(".yaml") || file.ends_with("registry-config.yaml") {
            continue;
        }
        let mut rendered = text.clone();
        for name in placeholders(&text) {
            let value = match name.as_str() {
                "KUBELET_TAINTS" => "[{key: a, effect: NoSchedule}]",
                name if name.ends_with("_ARGS") && name.starts_with("KUBE_PROXY") => "        - \"--v=2\"",
                name if name.ends_with("_ARGS") => "    - \"--v=2\"",
                _ => "10",
            };
            rendered = rendered.replace(&format!("@{name}@"), value);
        }
        for document in serde_yaml_ng::Deserializer::from_str(&rendered) {
            let value = Json::deserialize(document).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(value["kind"].is_string() && value["apiVersion"].is_string(), "{file}: {value}");
            documents += 1;
        }
    }
    assert!(documents > 40);
}
