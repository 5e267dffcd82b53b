//! What the sandbox costs: one driver call with all limits on, part by part. `cargo xtask bench driver_calls` runs it.
//!
//! `define_stack` compares the bundled Kubernetes driver in the sandbox with the same function compiled natively; its
//! component is looked for where `cargo xtask drivers` puts it, or in the directory that `JEROBOAM_DRIVERS` names.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

#[path = "../tests/support/mod.rs"]
mod support;

#[path = "support/cloud.rs"]
mod cloud;

use std::{env, fs, hint::black_box, path::PathBuf};

use cloud::sources;
use criterion::{Criterion, criterion_group, criterion_main};
use jeroboam_driver_sdk::{
    Cluster, Driver as _, Role, lookup,
    testing::{self, World},
};
use jeroboam_model::{ClusterView, driver::StackScope};
use jeroboam_plugins::{CallContext, Driver, Plugins, PluginsConfig, Sources};
use support::{bundled, context, guest::Guest, load, samples};
use tokio::runtime::Runtime;

fn component() -> Option<Vec<u8>> {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/drivers");
    let dir = env::var_os("JEROBOAM_DRIVERS").map_or_else(|| PathBuf::from(built), PathBuf::from);
    fs::read(dir.join("kubernetes.wasm")).ok()
}

/// A call that asks for nothing and answers nothing: new store, limits, instance, arguments, answer, drop.
fn empty_call(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let nothing = Guest::new("guest").body(
        "validate-template",
        "(i64.store (i32.const 8192) (i64.const 0)) (i64.store (i32.const 8200) (i64.const 0)) i32.const 8192",
    );
    let driver = runtime.block_on(load(nothing.component(), PluginsConfig::default()));
    let template = samples::template();
    criterion.bench_function("driver call/empty guest", |bencher| {
        bencher.to_async(&runtime).iter(|| async { driver.validate_template(&template, context()).await.unwrap() });
    });
}

fn kubernetes(criterion: &mut Criterion) {
    let Some(component) = component() else {
        eprintln!("no kubernetes.wasm: run cargo xtask drivers first");
        return;
    };
    println!("component: {} KiB", component.len() / 1024);
    let runtime = Runtime::new().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let config = || PluginsConfig {
        bundled: vec![bundled("kubernetes.wasm", component.clone())],
        cache_dir: Some(cache.path().into()),
        ..PluginsConfig::default()
    };
    let plugins = runtime.block_on(Plugins::start(config())).unwrap();
    let driver = plugins.by_name("kubernetes").unwrap();

    criterion.bench_function("start/no driver", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let config = PluginsConfig { bundled: vec![], ..config() };
            Plugins::start(config).await.unwrap()
        });
    });
    criterion.bench_function("start/one driver, cached", |bencher| {
        bencher.to_async(&runtime).iter(|| async { Plugins::start(config()).await.unwrap() });
    });

    let view = samples::view();
    let sources = sources();
    let defined = runtime.block_on(define(&driver, &view, &sources));
    println!("template and files: {} KiB, {} parameters, {} reads", defined.0 / 1024, defined.1, defined.2);
    criterion.bench_function("define_stack/sandboxed", |bencher| {
        bencher.to_async(&runtime).iter(|| async { define(&driver, &view, &sources).await });
    });

    let cluster = native_cluster();
    criterion.bench_function("define_stack/native", |bencher| {
        let world = world();
        bencher.iter(|| {
            let defined = world.clone().run(|| {
                jeroboam_driver_kubernetes::Kubernetes::define_stack(
                    black_box(&cluster),
                    &jeroboam_driver_sdk::StackScope::Cluster,
                )
            });
            black_box(defined.unwrap())
        });
    });
}

/// Sizes of what was defined, so that both sides can be seen to do the same.
async fn define(driver: &Driver, view: &ClusterView, sources: &Sources) -> (usize, usize, usize) {
    let context = CallContext { sources: sources.clone(), ..context() };
    let defined = driver.define_stack(view, StackScope::Cluster, context).await.unwrap();
    let files: usize = defined.definition.files.iter().map(|(_, content)| content.len()).sum();
    (defined.definition.template.len() + files, defined.definition.parameters.len(), defined.reads.len())
}

/// The same for the native side.
fn world() -> World {
    let public = lookup::Network { id: "5b1b4d6c".into(), name: "public".into(), external: true, subnets: vec![] };
    World::new().keypair("key", "ssh-ed25519 AAAA").network(public).volume_type("ssd", true)
}

fn native_cluster() -> Cluster {
    let template = jeroboam_driver_sdk::ClusterTemplate { master_lb_enabled: true, ..testing::template() };
    let groups = vec![testing::node_group(Role::Master, 3), testing::node_group(Role::Worker, 2)];
    Cluster { template, groups, master_lb_enabled: true, ..testing::cluster() }
}

criterion_group!(benches, empty_call, kubernetes);
criterion_main!(benches);
