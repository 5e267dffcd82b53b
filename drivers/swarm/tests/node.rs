//! What nodes are given: user data that cloud-init and Nova take, and scripts whose variables are all set.
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
    process::Command,
};

use jeroboam_driver_common::testing::node::{self, assigned, variables};
use jeroboam_driver_sdk::{StackDefinition, settings::Platform};
use serde_json::Value as Json;
use support::{define, define_in, large, settings, trusting, world_on};

const USER_DATA: [&str; 2] = ["master-user-data", "node-user-data"];

fn user_data(definition: &StackDefinition, name: &str) -> String {
    definition.files.iter().find(|(given, _)| given == name).unwrap().1.clone()
}

/// What a role's nodes have once the archive is unpacked, by path.
fn installed(name: &str) -> BTreeMap<String, String> {
    node::installed(&user_data(&define(&large()), name))
}

#[test]
fn user_data_is_small_enough_for_nova() {
    let certificate = "-----BEGIN CERTIFICATE-----\n".to_owned() + &"MIIC".repeat(500) + "\n-----END CERTIFICATE-----\n";
    let definition = define_in(world_on(Platform { openstack_ca: certificate, ..trusting() }), &large());
    for name in USER_DATA {
        let size = user_data(&definition, name).len();
        assert!(size < 30_000, "{name} has {size} bytes; Nova takes 49,151, and Heat adds some 6,000");
    }
}

#[test]
fn user_data_is_a_cloud_config_without_secrets() {
    let definition = define(&large());
    for name in USER_DATA {
        let text = user_data(&definition, name);
        let config: Json = serde_json::from_str(text.strip_prefix("#cloud-config\n").unwrap()).unwrap();
        assert_eq!(config["ssh_authorized_keys"][0], "ssh-ed25519 AAAA owner");
        assert!(!text.to_lowercase().contains("password"));
    }
}

#[test]
fn each_role_gets_its_own_steps_and_no_others() {
    let script = &installed("master-user-data")["/opt/jeroboam/libexec/configure.sh"];
    let lists = script.split("steps").filter_map(|part| part.trim_start_matches('+').strip_prefix("=(")?.split(')').next());
    let [both, masters, nodes]: [Vec<&str>; 3] =
        lists.map(|list| list.split_whitespace().collect()).collect::<Vec<_>>().try_into().unwrap();
    for (name, own, others) in [("master-user-data", &masters, &nodes), ("node-user-data", &nodes, &masters)] {
        let files = installed(name);
        let has = |step: &&str| files.contains_key(&format!("/opt/jeroboam/libexec/{step}.sh"));
        assert!(both.iter().all(has) && own.iter().all(has) && has(&"ready"), "{name}");
        // Nodes start Docker by another step, which needs the script.
        assert!(!others.iter().any(|step| *step != "docker" && has(step)), "{name}");
    }
}

#[test]
fn each_role_gets_the_units_that_its_steps_start() {
    for (name, units) in [("master-user-data", ["etcd", "swarm-manager"]), ("node-user-data", ["flannel", "swarm-agent"])] {
        let files = installed(name);
        for unit in units {
            let text = &files[&format!("/etc/systemd/system/{unit}.service")];
            assert!(text.contains("WantedBy=multi-user.target docker.service"), "{unit} is to be back when Docker has restarted");
        }
    }
}

#[test]
fn scripts_are_bash() {
    for (path, text) in USER_DATA.into_iter().flat_map(installed).filter(|(path, _)| path.ends_with(".sh")) {
        // A machine without bash can still check the rest.
        if let Ok(output) = Command::new("bash").args(["-n", "-c", &text]).output() {
            assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// Variables that a node is given: what the driver sets, and what the templates add.
fn given() -> BTreeSet<String> {
    let definition = define(&large());
    let mut given: BTreeSet<String> = settings(&definition).keys().cloned().collect();
    given.extend(node::added_by_templates(&definition));
    given
}

#[test]
fn every_variable_that_scripts_read_is_set() {
    let mut read = 0;
    for name in USER_DATA {
        let files = installed(name);
        let mut known = given();
        known.extend(assigned(files.values().map(String::as_str)));
        known.extend(
            ["VERIFY_CA", "TOOLS_PROXY", "JQ_URL", "BASH_REMATCH", "RANDOM", "PATH", "NODEGROUP_NAME"].map(str::to_owned),
        );
        // flannel writes them to its subnet file.
        known.extend(["FLANNEL_SUBNET", "FLANNEL_MTU"].map(str::to_owned));
        for (path, text) in &files {
            for variable in variables(text) {
                read += 1;
                assert!(known.contains(&variable), "{path} reads {variable}, which nobody sets");
            }
        }
    }
    assert!(read > 50);
}

#[test]
fn every_variable_that_nodes_are_given_is_read() {
    let everything: Vec<String> = USER_DATA.into_iter().flat_map(|name| installed(name).into_values()).collect();
    for name in given() {
        assert!(everything.iter().any(|text| text.contains(&name)), "nobody reads {name}");
    }
}

#[test]
fn no_script_declares_anew_what_another_has_made_read_only() {
    for name in USER_DATA {
        assert_eq!(node::shadowed(&installed(name)), BTreeSet::new(), "{name}");
    }
}
