//! What nodes are given: user data that their operating system accepts and Nova takes, and scripts whose variables are all set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use jeroboam_driver_common::testing::node::{self, assigned, texts, variables};
use jeroboam_driver_sdk::{StackDefinition, StackScope, settings::Platform};
use serde_json::json;
use support::{SYSTEMS, define, define_in, file, json as parameter_json, large, on, small, trusting, with_labels, world_on};

const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");
const USER_DATA: [&str; 2] = ["master-user-data", "worker-user-data"];
const LIBEXEC: &str = "/opt/jeroboam/libexec";

/// Path and text of what is installed on the nodes of a role.
fn installed(definition: &StackDefinition, name: &str) -> std::collections::BTreeMap<String, String> {
    node::installed(&file(definition, name))
}

fn settings(definition: &StackDefinition) -> serde_json::Value {
    parameter_json(definition, "node_settings")
}

#[test]
fn user_data_is_small_enough_for_nova_on_every_operating_system() {
    let certificate = "-----BEGIN CERTIFICATE-----\n".to_owned() + &"MIIC".repeat(500) + "\n-----END CERTIFICATE-----\n";
    for system in SYSTEMS {
        let world = world_on(Platform { openstack_ca: certificate.clone(), ..trusting() });
        let definition = define_in(world, &on(system), &StackScope::Cluster);
        for name in USER_DATA {
            let size = file(&definition, name).len();
            assert!(size < 40_000, "{name} of {system} has {size} bytes; Nova takes 49,151, and Heat adds some 6,000");
        }
    }
}

#[test]
fn user_data_is_in_the_words_of_its_operating_system() {
    for system in SYSTEMS {
        let text = file(&define(&on(system)), USER_DATA[0]);
        assert_eq!(text.starts_with("#cloud-config\n"), system != "fedora-coreos", "{system}");
        assert!(text.contains("ssh-ed25519 AAAA owner"), "{system}");
    }
}

#[test]
fn user_data_holds_no_secret() {
    let definition = define(&large());
    for name in USER_DATA {
        let signing = &installed(&definition, name)["/opt/jeroboam/libexec/signing.sh"];
        assert!(signing.contains("env.TRUSTEE_PASSWORD"), "the password comes with the deployment");
        assert!(!file(&definition, name).to_lowercase().contains("password"));
    }
}

#[test]
fn each_step_is_installed_and_only_masters_lead_others() {
    let definition = define(&large());
    let (masters, workers) = (installed(&definition, USER_DATA[0]), installed(&definition, USER_DATA[1]));
    let configure = fs::read_to_string(format!("{NODE}/configure.sh")).unwrap();
    let steps = configure.lines().find_map(|line| line.strip_prefix("run_steps ")).unwrap();
    for step in steps.split_whitespace() {
        assert!(workers.contains_key(&format!("{LIBEXEC}/{step}.sh")), "{step}");
    }
    for (deployment, script) in [("configure-members.sh", "members.sh"), ("drain-nodes.sh", "drain.sh")] {
        let path = format!("{LIBEXEC}/{script}");
        assert!(masters.contains_key(&path) && !workers.contains_key(&path), "{path}");
        assert!(file(&definition, deployment).contains(&path), "{deployment}");
    }
}

#[test]
fn what_scripts_source_is_installed() {
    let installed = installed(&define(&large()), USER_DATA[0]);
    for (path, text) in &installed {
        for sourced in text.lines().filter_map(|line| line.strip_prefix(". \"${libexec}/")) {
            let name = sourced.trim_end_matches('"').replace("${OPERATING_SYSTEM}", "fedora");
            assert!(installed.contains_key(&format!("{LIBEXEC}/{name}")), "{path}: {name}");
        }
    }
}

#[test]
fn scripts_are_bash() {
    for (file, text) in texts(Path::new(NODE)) {
        // A machine without bash can still check the rest.
        if let Ok(output) = Command::new("bash").args(["-n", &file]).output() {
            assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let sourced = text.starts_with("# shellcheck shell=bash");
        assert!(sourced || text.starts_with("#!/usr/bin/env bash\n# "), "{file} says what it is for");
        let strict = text.contains("set -euo pipefail") || text.contains(". /opt/jeroboam/libexec/lib.sh");
        assert!(sourced || strict, "{file} goes on after errors");
    }
}

#[test]
fn every_variable_that_scripts_read_is_set() {
    let definition = define(&large());
    let mut known: BTreeSet<String> = settings(&definition).as_object().unwrap().keys().cloned().collect();
    known.extend(node::added_by_templates(&definition));
    known.extend(["JQ_URL", "TOOLS_PROXY", "BASH_REMATCH"].map(str::to_owned));
    let mut scripts = installed(&definition, USER_DATA[0]);
    scripts.retain(|path, _| path.ends_with(".sh"));
    scripts.insert("configure-node.sh".into(), file(&definition, "configure-node.sh"));
    known.extend(assigned(scripts.values().map(String::as_str)));
    for (path, text) in &scripts {
        for name in variables(text) {
            assert!(known.contains(&name), "{path} reads {name}, which nobody sets");
        }
    }
}

/// A join token that is an argument can be read by every process of the node, one that is logged by whoever reads the log.
#[test]
fn tokens_are_neither_arguments_nor_logged_nor_kept() {
    let script = fs::read_to_string(format!("{NODE}/swarm.sh")).unwrap();
    let uses: Vec<&str> = script.lines().filter(|line| line.contains("${token}")).collect();
    assert_eq!(uses.len(), 1, "{uses:?}");
    assert!(uses[0].contains("--rawfile token <(printf %s \"${token}\")"), "a builtin writes it into a pipe: {}", uses[0]);
    for (file, text) in texts(Path::new(NODE)) {
        let logged = text.lines().any(|line| line.contains("log ") && line.contains("oken}"));
        assert!(!logged && !text.contains("set -x") && !text.contains("join --token"), "{file}");
    }
}

#[test]
fn the_api_has_tls_and_its_usual_port_unless_told_otherwise() {
    let said = |cluster: &jeroboam_driver_sdk::Cluster| {
        let settings = settings(&define(cluster));
        (settings["DOCKER_TLS"].clone(), settings["SWARM_PORT"].clone())
    };
    let mut cluster = small();
    assert_eq!(said(&cluster), (json!("true"), json!("2376")));
    cluster.template.apiserver_port = Some(2375);
    assert_eq!(said(&cluster), (json!("true"), json!("2375")));
    cluster.template.apiserver_port = None;
    cluster.template.tls_disabled = true;
    assert_eq!(said(&cluster), (json!("false"), json!("2375")));
}

#[test]
fn settings_follow_the_request() {
    let mut cluster = with_labels(
        on("fedora-atomic"),
        &[("rexray_preempt", "True"), ("swarm_network_cidr", "172.30.0.0/16"), ("availability_zone", "az-1")],
    );
    cluster.template.docker_storage_driver = Some("overlay".into());
    cluster.template.insecure_registry = Some("registry.example:5000".into());
    cluster.template.https_proxy = Some("http://proxy.example:3128".into());
    let settings = settings(&define(&cluster));
    for (name, value) in [
        ("OPERATING_SYSTEM", "fedora"),
        ("DOCKER_STORAGE_DRIVER", "overlay"),
        ("DOCKER_OPTIONS", "{}"),
        ("REXRAY_ENABLED", "true"),
        ("REXRAY_PREEMPT", "true"),
        ("REXRAY_AVAILABILITY_ZONE", "az-1"),
        ("SWARM_NETWORK_CIDR", "172.30.0.0/16"),
        ("SWARM_NETWORK_SUBNETLEN", "24"),
        ("INSECURE_REGISTRY_URL", "registry.example:5000"),
        ("NO_PROXY", "localhost,127.0.0.1,169.254.169.254,10.0.0.0/24"),
        ("CA_GENERATION", "0"),
        ("GUARDED_NETWORKS", "0.0.0.0/0"),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
}
