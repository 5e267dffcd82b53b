//! What nodes are given: user data that Ignition accepts and Nova takes, scripts whose variables are all set, and manifests that are YAML.
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
    io::Read,
    path::Path,
    process::Command,
};

use flate2::read::GzDecoder;
use jeroboam_driver_sdk::{StackDefinition, settings::Platform};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value as Json;
use support::{define, define_in, hot, large, settings, trusting, world_on};

const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");

fn user_data(definition: &StackDefinition, name: &str) -> String {
    definition.files.iter().find(|(given, _)| given == name).unwrap().1.clone()
}

/// The configuration that is merged in.
fn packed(outer: &Json) -> Json {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let merge = &outer["ignition"]["config"]["merge"][0];
    assert_eq!(merge["compression"], "gzip");
    let data = merge["source"].as_str().unwrap().strip_prefix("data:;base64,").unwrap();
    let mut text = String::new();
    GzDecoder::new(BASE64_STANDARD.decode(data).unwrap().as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn contents(ignition: &Json) -> BTreeMap<String, String> {
    let files = ignition["storage"]["files"].as_array().unwrap();
    let decode = |file: &Json| {
        let source = file["contents"]["source"].as_str().unwrap();
        let text = percent_decode_str(source.strip_prefix("data:,").unwrap()).decode_utf8().unwrap().into_owned();
        (file["path"].as_str().unwrap().to_owned(), text)
    };
    files.iter().map(decode).collect()
}

#[test]
fn user_data_is_small_enough_for_nova() {
    let certificate = "-----BEGIN CERTIFICATE-----\n".to_owned() + &"MIIC".repeat(500) + "\n-----END CERTIFICATE-----\n";
    let definition = define_in(world_on(Platform { openstack_ca: certificate, ..trusting() }), &large());
    for name in ["master.ign", "worker.ign"] {
        let size = user_data(&definition, name).len();
        assert!(size < 40_000, "{name} has {size} bytes; Nova takes 49,151, and Heat adds some 2,000");
    }
}

#[test]
fn user_data_has_the_structure_of_ignition_3_3() {
    let definition = define(&large());
    for name in ["master.ign", "worker.ign"] {
        let outer: Json = serde_json::from_str(&user_data(&definition, name)).unwrap();
        let inner = packed(&outer);
        for config in [&outer, &inner] {
            assert_eq!(config["ignition"]["version"], "3.3.0");
            let mut paths = BTreeSet::new();
            for file in config["storage"]["files"].as_array().unwrap() {
                let path = file["path"].as_str().unwrap();
                assert!(path.starts_with('/') && paths.insert(path.to_owned()), "{path}");
                assert!(file["mode"].as_u64().unwrap() <= 0o777, "{path}: the mode is a decimal number in JSON");
                assert!(file["contents"]["source"].as_str().unwrap().starts_with("data:"));
            }
        }
        assert_eq!(outer["passwd"]["users"][0]["sshAuthorizedKeys"][0], "ssh-ed25519 AAAA owner");
        for unit in inner["systemd"]["units"].as_array().unwrap() {
            assert_eq!(unit["mask"] == true, unit.get("contents").is_none(), "{unit}");
        }
    }
}

#[test]
fn user_data_holds_no_secret() {
    let definition = define(&large());
    for name in ["master.ign", "worker.ign"] {
        let outer = user_data(&definition, name);
        let inner = packed(&serde_json::from_str(&outer).unwrap());
        let certificates = &contents(&inner)["/usr/local/libexec/jeroboam/certificates.sh"];
        assert!(certificates.contains("env.TRUSTEE_PASSWORD"), "the password comes with the deployment");
        assert!(!outer.to_lowercase().contains("password"));
    }
}

#[test]
fn each_role_gets_its_own_scripts() {
    let definition = define(&large());
    let files = |name| contents(&packed(&serde_json::from_str(&user_data(&definition, name)).unwrap()));
    let (masters, workers) = (files("master.ign"), files("worker.ign"));
    assert!(workers.keys().all(|path| masters.contains_key(path)));
    assert!(!workers.keys().any(|path| path.contains("etcd") || path.contains("addons") || path.contains("cloud.conf")));
    for step in steps("configure.sh") {
        assert!(masters.contains_key(&format!("/usr/local/libexec/jeroboam/{step}.sh")), "{step}");
    }
}

fn steps(script: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("{NODE}/{script}")).unwrap();
    let lists = text.split("steps").filter_map(|part| part.trim_start_matches('+').strip_prefix("=(")?.split(')').next());
    lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn scripts_are_bash() {
    for (file, text) in texts(Path::new(NODE)).into_iter().filter(|(file, _)| file.ends_with(".sh")) {
        let shell = Command::new("bash").args(["-n", &file]).output();
        // A machine without bash can still check the rest.
        if let Ok(output) = shell {
            assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(
            text.starts_with("#!/usr/bin/env bash\n# ") || text.starts_with("# shellcheck shell=bash"),
            "{file} says what it is for"
        );
        let strict = text.contains("set -euo pipefail") || text.contains(". /usr/local/libexec/jeroboam/lib.sh");
        assert!(strict, "{file} goes on after errors");
    }
}

/// Variables that a node is given: what the driver sets, and what the templates add.
fn given() -> BTreeSet<String> {
    let definition = define(&large());
    let mut given: BTreeSet<String> = settings(&definition).keys().cloned().collect();
    for template in hot::templates(&definition).into_values() {
        for merged in hot::uses(&Json::Object(template), "map_merge") {
            let maps = merged.as_array().unwrap().iter().filter_map(Json::as_object);
            given.extend(
                maps.flat_map(|map| map.keys())
                    .filter(|key| key.chars().all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c)))
                    .cloned(),
            );
        }
    }
    given
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    found
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The names in `@NAME@`.
fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('@').filter(|name| is_variable(name)).map(str::to_owned).collect()
}

/// The names in `${NAME}`, `${NAME:-…}` and the like.
fn variables(text: &str) -> BTreeSet<String> {
    let names = text.split("${").skip(1).filter_map(|rest| Some(&rest[..rest.find(['}', ':', '%', '#', '/', ','])?]));
    names.filter(|name| is_variable(name)).map(str::to_owned).collect()
}

/// Variables that scripts give a value themselves.
fn assigned(scripts: &[(String, String)]) -> BTreeSet<String> {
    let words = scripts.iter().flat_map(|(_, text)| text.split_whitespace());
    words.filter_map(|word| word.split_once('=')).map(|(name, _)| name.trim_end_matches('+').to_owned()).collect()
}

#[test]
fn every_variable_that_scripts_and_manifests_read_is_set() {
    let scripts = texts(Path::new(NODE));
    let mut known = given();
    known.extend(assigned(&scripts));
    known.extend(["VERIFY_CA", "BASH_REMATCH", "RANDOM"].map(str::to_owned));
    let mut manifests = texts(&Path::new(NODE).join("manifests/static"));
    manifests.extend(texts(&Path::new(NODE).join("manifests/addons")));
    let mut read = 0;
    for (file, text) in scripts.iter().chain(&manifests) {
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
    let mut everything = texts(Path::new(NODE));
    everything.extend(texts(&Path::new(NODE).join("manifests/static")));
    everything.extend(texts(&Path::new(NODE).join("manifests/addons")));
    for name in given() {
        assert!(everything.iter().any(|(_, text)| text.contains(&name)), "nobody reads {name}");
    }
}

#[test]
fn manifests_are_yaml_once_they_are_rendered() {
    let mut documents = 0;
    for folder in ["manifests/static", "manifests/addons", "."] {
        for (file, text) in texts(&Path::new(NODE).join(folder)) {
            if !file.ends_with(".yaml") {
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
    }
    assert!(documents > 40);
}
