//! Files in the drivers directory that are not what they should be: the daemon starts, names each with its reason, and serves the others.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod loops;

use std::{fs, time::Duration};

use anyhow::Result;
use jeroboam_devcloud::Who;
use jeroboam_tests::{cloud::Cloud, daemon::Place};
use reqwest::Method;
use serde_json::json;

/// An empty core module.
const CORE_MODULE: &str = "(module)";
/// A component, but with nothing that the contract asks for.
const OTHER_WORLD: &str =
    r#"(component (component $inner) (instance $i (instantiate $inner)) (export "somebody:else/thing@1.0.0" (instance $i)))"#;

#[tokio::test(flavor = "multi_thread")]
async fn bad_driver_files_are_named_and_stop_nothing_else() -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "")?;
    let drivers = place.path().join("state/drivers");
    fs::create_dir_all(&drivers)?;
    fs::write(drivers.join("a-text.wasm"), "hello")?;
    fs::write(drivers.join("b-core.wasm"), wat::parse_str(CORE_MODULE)?)?;
    fs::write(drivers.join("c-other.wasm"), wat::parse_str(OTHER_WORLD)?)?;
    fs::write(drivers.join("d-loops.wasm"), loops::component()?)?;
    let mut daemon = place.start(&[]).await?;

    let log = daemon.log()?;
    for (file, reason) in [
        ("a-text.wasm", "not webassembly"),
        ("b-core.wasm", "core module"),
        ("c-other.wasm", "something else"),
        ("d-loops.wasm", "describe"),
    ] {
        let line = log.lines().find(|line| line.contains(file) && line.contains(" ERROR "));
        let line = line.unwrap_or_else(|| panic!("no error about {file} in\n{log}"));
        assert!(line.to_lowercase().contains(reason), "{line}");
    }

    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let template = json!({"name": "k8s", "coe": "kubernetes", "image_id": "fedora-coreos-latest", "keypair_id": "testkey",
        "external_network_id": "public", "flavor_id": "m1.small", "master_flavor_id": "m1.small"});
    user.expect(Method::POST, "/clustertemplates", Some(&template), 201).await?;
    assert!(daemon.end()?.success());
    Ok(())
}
