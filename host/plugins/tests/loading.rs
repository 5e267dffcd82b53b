//! Loading: what cannot serve is listed with what to do about it, and stops nothing else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::fs;

use jeroboam_model::{
    Coe, ServerType,
    driver::{ClusterType, Origin},
};
use jeroboam_plugins::{DriverState, EngineError, Grant, Interface, Limits, Plugins, PluginsConfig, ResolveError};
use support::{
    bundled, failure,
    guest::{self, FOREVER, Guest},
};

fn kubernetes(distro: &str) -> ClusterType {
    ClusterType { server_type: ServerType::Vm, os_distro: distro.into(), coe: Coe::Kubernetes }
}

/// Loads a good driver after one that is not; answers why that is not served.
async fn refused(bytes: Vec<u8>) -> String {
    refused_by(bytes, PluginsConfig::default()).await
}

async fn refused_by(bytes: Vec<u8>, config: PluginsConfig) -> String {
    let all = vec![bundled("bad.wasm", bytes), bundled("good.wasm", Guest::new("good").component())];
    let plugins = Plugins::start(PluginsConfig { bundled: all, ..config }).await.unwrap();
    assert_eq!(plugins.records()[1].state, DriverState::Active);
    assert_eq!(plugins.resolve(&kubernetes("good"), None).unwrap().name(), "good");
    let reason = failure(&plugins, 0);
    assert!(reason.starts_with("bad.wasm: "), "{reason}");
    reason
}

#[tokio::test]
async fn a_file_that_is_not_webassembly() {
    assert!(refused(b"#!/bin/sh\n".to_vec()).await.contains("not WebAssembly"));
    assert!(refused(Vec::new()).await.contains("not WebAssembly"));
}

#[tokio::test]
async fn a_core_module() {
    assert!(refused(Guest::new("bad").core()).await.contains("core module"));
}

#[tokio::test]
async fn a_component_cut_short() {
    let mut bytes = Guest::new("bad").component();
    bytes.truncate(bytes.len() / 2);
    assert!(refused(bytes).await.contains("damaged"));
}

#[tokio::test]
async fn a_component_of_another_world() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("other.wit"), "package other:thing@1.0.0;\nworld thing { export run: func(); }\n").unwrap();
    let core = wat::parse_str("(module (memory (export \"memory\") 1) (func (export \"run\")))").unwrap();
    assert!(refused(guest::component(core, dir.path(), "thing")).await.contains("exports no interface driver"));
}

#[tokio::test]
async fn a_component_for_a_later_contract() {
    let text = r#"(component (instance $i) (export "jeroboam:coe/driver@0.9.0" (instance $i)))"#;
    let reason = refused(wat::parse_str(text).unwrap()).await;
    assert!(reason.contains("0.9.0") && reason.contains("0.1 and 0.2"), "{reason}");
}

#[tokio::test]
async fn a_component_that_imports_wasi() {
    let text = r#"(component (import "wasi:sockets/tcp@0.2.0" (instance)) (instance $i) (export "jeroboam:coe/driver@0.1.0" (instance $i)))"#;
    assert!(refused(wat::parse_str(text).unwrap()).await.contains("wasi:sockets/tcp@0.2.0"));
}

#[tokio::test]
async fn a_driver_interface_with_nothing_in_it() {
    let text = r#"(component (instance $i) (export "jeroboam:coe/driver@0.1.0" (instance $i)))"#;
    assert!(refused(wat::parse_str(text).unwrap()).await.contains("does not fit the contract"));
}

#[tokio::test]
async fn a_loop_in_describe() {
    assert!(refused(Guest::new("bad").body("describe", FOREVER).component()).await.contains("describe failed"));
}

#[tokio::test]
async fn a_loop_while_the_instance_is_made() {
    assert!(refused(Guest::new("bad").start("(loop (br 0))").component()).await.contains("describe failed"));
}

#[tokio::test]
async fn a_question_in_describe() {
    let guest = Guest::new("bad")
        .import("settings", "get-platform", "(param i32)")
        .body("describe", "(call $get-platform (i32.const 8192)) unreachable");
    assert!(refused(guest.component()).await.contains("used settings"));
}

#[tokio::test]
async fn a_description_that_breaks_a_rule() {
    assert!(refused(Guest::new("Bad Name").component()).await.contains("describe answered wrongly: name"));
}

#[tokio::test]
async fn more_memory_than_there_may_be() {
    assert!(refused(Guest::new("bad").pages(2000).component()).await.contains("does not compile"));
}

#[tokio::test]
async fn a_component_that_is_too_large() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("large.wasm"), vec![0; 4097]).unwrap();
    let limits = Limits { component_bytes: 4096, ..Limits::default() };
    let plugins =
        Plugins::start(PluginsConfig { drivers_dir: Some(dir.path().into()), limits, ..Default::default() }).await.unwrap();
    assert!(failure(&plugins, 0).contains("more than 4096 bytes"));
}

#[tokio::test]
async fn an_interface_that_was_not_granted() {
    let guest = || Guest::new("guest").import("load-balancers", "list-owned", "(param i32)").component();
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("guest.wasm"), guest()).unwrap();
    let config = PluginsConfig { drivers_dir: Some(dir.path().into()), ..Default::default() };
    let reason = failure(&Plugins::start(config.clone()).await.unwrap(), 0);
    assert!(reason.contains("load-balancers") && reason.contains("grant"), "{reason}");

    let mut granting = config;
    granting.grants.by_file.insert("guest".into(), [Grant::Interface(Interface::LoadBalancers)].into());
    assert_eq!(Plugins::start(granting).await.unwrap().records()[0].state, DriverState::Active);
}

#[tokio::test]
async fn two_drivers_for_one_cluster_type_are_named_both() {
    let all = vec![
        bundled("a.wasm", Guest::new("first").distro("x").component()),
        bundled("b.wasm", Guest::new("second").distro("x").component()),
    ];
    let config = PluginsConfig { bundled: all, ..Default::default() };
    let plugins = Plugins::start(config.clone()).await.unwrap();
    let reason = failure(&plugins, 1);
    assert!(reason.contains("b.wasm") && reason.contains("first") && reason.contains("(vm, x, kubernetes)"), "{reason}");

    let plugins = Plugins::start(PluginsConfig { preferred: vec!["second".into()], ..config }).await.unwrap();
    assert_eq!(plugins.resolve(&kubernetes("x"), None).unwrap().name(), "second");
    assert_eq!(plugins.resolve(&kubernetes("x"), Some("first")).unwrap().name(), "first");
}

#[tokio::test]
async fn one_name_is_taken_once() {
    let all =
        vec![bundled("a.wasm", Guest::new("same").component()), bundled("b.wasm", Guest::new("same").distro("x").component())];
    let plugins = Plugins::start(PluginsConfig { bundled: all, ..Default::default() }).await.unwrap();
    assert!(failure(&plugins, 1).contains("calls itself same"));
    assert!(plugins.resolve(&kubernetes("x"), None).is_err());
}

#[tokio::test]
async fn a_disabled_driver_is_listed_and_does_not_serve() {
    let all = vec![bundled("a.wasm", Guest::new("one").component())];
    let config = PluginsConfig { bundled: all, disabled: vec!["one".into()], ..Default::default() };
    let plugins = Plugins::start(config.clone()).await.unwrap();
    assert!(failure(&plugins, 0).contains("disabled"));
    assert!(plugins.by_name("one").is_none());

    let digest = plugins.records()[0].digest.unwrap().to_string();
    let plugins = Plugins::start(PluginsConfig { disabled: vec![digest], ..config }).await.unwrap();
    assert!(failure(&plugins, 0).contains("disabled"));
}

#[tokio::test]
async fn the_directory_is_read_in_the_order_of_its_names_after_what_is_bundled() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["b", "a"] {
        fs::write(dir.path().join(format!("{name}.wasm")), Guest::new(name).component()).unwrap();
    }
    fs::write(dir.path().join("README"), "not a driver").unwrap();
    fs::write(dir.path().join(".c.wasm"), "being written").unwrap();
    fs::create_dir(dir.path().join("d.wasm")).unwrap();
    let all = vec![bundled("z.wasm", Guest::new("z").component())];
    let config = PluginsConfig { bundled: all, drivers_dir: Some(dir.path().into()), ..Default::default() };
    let plugins = Plugins::start(config).await.unwrap();
    let records = plugins.records();
    let names: Vec<&str> = records.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["z", "a", "b", "d"]);
    assert_eq!(records[1].origin, Origin::Directory("a.wasm".into()));
    assert!(failure(&plugins, 3).contains("cannot be read"));
}

#[tokio::test]
async fn a_type_without_a_driver_is_answered_with_those_that_have_one() {
    let plugins =
        Plugins::start(PluginsConfig { bundled: vec![bundled("a.wasm", Guest::new("one").component())], ..Default::default() })
            .await
            .unwrap();
    let Err(error @ ResolveError::TypeNotSupported { .. }) = plugins.resolve(&kubernetes("two"), None) else {
        panic!("resolved")
    };
    assert_eq!(error.to_string(), "no driver provides (vm, two, kubernetes); there are drivers for: (vm, one, kubernetes)");
    assert_eq!(plugins.resolve(&kubernetes("two"), Some("one")).unwrap_err(), ResolveError::DriverNotSupported("one".into()));
}

#[tokio::test]
async fn a_second_start_uses_the_first_ones_code() {
    let dir = tempfile::tempdir().unwrap();
    let cache = dir.path().join("cache");
    let all = vec![bundled("a.wasm", Guest::new("one").component())];
    let config = PluginsConfig { bundled: all, cache_dir: Some(cache.clone()), ..Default::default() };
    let code = || {
        fs::read_dir(&cache)
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|e| e == "cwasm"))
    };
    Plugins::start(config.clone()).await.unwrap();
    let file = code().unwrap();
    let made = fs::metadata(&file).unwrap().modified().unwrap();
    assert_eq!(Plugins::start(config.clone()).await.unwrap().records()[0].state, DriverState::Active);
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), made, "it was compiled again");

    fs::write(&file, "forged").unwrap();
    assert_eq!(Plugins::start(config).await.unwrap().records()[0].state, DriverState::Active);
    assert_ne!(fs::read(&file).unwrap(), b"forged", "it was not compiled again");
}

#[tokio::test]
async fn a_cache_that_others_can_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let started = Plugins::start(PluginsConfig { cache_dir: Some(dir.path().into()), ..Default::default() }).await;
    let Err(EngineError::Cache(error)) = started else { panic!("it was used") };
    assert!(error.to_string().contains("chmod go-w"), "{error}");
}
