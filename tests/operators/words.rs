//! What commands say, to people and to programs, and how they end.

use std::{
    fs,
    io::{self, Read},
    os::unix::net::{UnixListener, UnixStream},
    process::Stdio,
    thread,
};

use anyhow::{Context, Result, ensure};
use jeroboam_tests::{balancer::balancer, cluster, guest::Guest};
use serde_json::{Value, json};

use crate::{operator::Operator, site::Site};

const NAME: &str = "asking";

/// A component in a file, NAME@NUMBER.wasm; answers its path.
fn component(site: &Site, number: &str, asks: Option<&str>) -> Result<String> {
    let path = site.place.path().join(format!("{NAME}@{number}.wasm"));
    fs::write(&path, Guest { asks, ..Guest::new(NAME, number) }.component()?)?;
    Ok(path.display().to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_asks_for_more_waits_until_it_is_approved() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    let first = root.json(&["install", &component(&site, "1.0.0", None)?])?;
    ensure!(first["next"].as_str().is_some_and(|next| next.contains("activate")), "there is nothing to plan for: {first:#}");
    root.ends(0, &["activate", "asking@1.0.0"])?;
    root.ends(3, &["approve", "asking@1.0.0"])?;

    let more = component(&site, "1.1.0", Some("ca-key"))?;
    let waiting = root.json_ending(3, &["install", &more])?;
    ensure!(waiting["waits_for"] == json!([{"name": "ca-key", "reason": "to be asked"}]), "{waiting:#}");
    ensure!(waiting["report"]["capabilities"]["added"] == json!(["ca-key"]), "{waiting:#}");
    let told = root.ends(3, &["install", &more])?;
    ensure!(told.contains("waits for    ca-key: to be asked") && told.contains("once it is approved"), "{told}");
    for words in [&["activate", "asking@1.1.0"], &["plan", "asking@1.1.0"]] {
        let told = root.ends(3, words)?;
        ensure!(told.contains("ca-key") && told.contains("approve it first"), "{told}");
    }
    let told = root.ends(0, &["show", NAME])?;
    ensure!(told.contains("waits for approval") && told.contains("jeroboam driver approve"), "{told}");

    let approved = root.json(&["approve", "asking@1.1.0"])?;
    ensure!(approved["waits_for"] == json!([]), "{approved:#}");
    ensure!(approved["granted"].as_array().is_some_and(|granted| granted.contains(&json!("ca-key"))), "{approved:#}");
    ensure!(approved["report"]["self_test"].as_array().is_some_and(|tests| !tests.is_empty()), "{approved:#}");
    root.ends(3, &["approve", "asking@1.1.0"])?;
    root.ends(0, &["activate", "asking@1.1.0"])?;
    // What serves has it; the next one need not ask again.
    ensure!(root.json(&["install", &component(&site, "1.2.0", Some("ca-key"))?])?["waits_for"] == json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_programs_in_json() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    let files = [component(&site, "1.0.0", None)?, component(&site, "1.1.0", None)?];
    let nothing = || json!([]);
    let is = |words: &[&str], pointer: &str, wanted: Value| -> Result<()> {
        let said = root.json(words)?;
        ensure!(said.pointer(pointer) == Some(&wanted), "{words:?}: {pointer} of {said:#}");
        Ok(())
    };
    is(&["install", &files[0]], "/state", json!("checked"))?;
    is(&["activate", "asking@1.0.0"], "/stage", json!("steady"))?;
    is(&["install", &files[1]], "/version", json!("1.1.0"))?;
    is(&["check", "asking@1.1.0"], "/reason", Value::Null)?;
    is(&["plan", "asking@1.1.0"], "/plan/clusters/total", json!(0))?;
    is(&["activate", "asking@1.1.0", "--canary", "share=10%"], "/canary/share", json!(10))?;
    is(&["rollback", NAME], "/stage", json!("steady"))?;
    is(&["activate", "asking@1.1.0"], "/stage", json!("unconfirmed"))?;
    is(&["move", NAME, "--all"], "/moved", nothing())?;
    is(&["confirm", NAME], "/history/0/what", json!("activated"))?;
    is(&["show", NAME], "/versions/0/version", json!("1.1.0"))?;
    is(&["record", NAME, "--on"], "/switches/0/cluster", Value::Null)?;
    is(&["record", NAME], "/switches/0/by", json!("local:root"))?;
    is(&["record", NAME, "--off"], "/switches", nothing())?;
    is(&["records", NAME], "/records", nothing())?;
    is(&["audit", NAME], "/effects", nothing())?;
    is(&["revoke", "asking@1.0.0", "--why", "a test"], "/version/revoked", json!("a test"))?;
    is(&["revoke", &"ab".repeat(32), "--why", "known elsewhere"], "/version", Value::Null)?;
    is(&["remove", "asking@1.0.0"], "/version", json!("1.0.0"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_driver_did_outside_is_listed() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    let told = root.ends(0, &["audit", "kubernetes"])?;
    ensure!(told.contains("did nothing outside"), "{told}");

    let template = cluster::template(&site.user, &json!({})).await?;
    let id = cluster::create(&site.user, &template).await?;
    cluster::becomes(&site.user, &id, "CREATE_COMPLETE").await?;
    let balancer = balancer(&site.cloud, &site.user, &id).await?;
    cluster::delete(&site.user, &id).await?;
    cluster::gone(&site.user, &id).await?;

    let audit = root.json(&["audit", "kubernetes", "--cluster", &id, "--limit", "5"])?;
    let effect = &audit["effects"][0];
    ensure!((&effect["effect"], &effect["outcome"]) == (&json!("load-balancers.delete"), &json!("done")), "{audit:#}");
    ensure!((&effect["target"], &effect["cluster"]) == (&json!(balancer), &json!(id)), "{audit:#}");
    let told = root.ends(0, &["audit", "kubernetes"])?;
    let line = told.lines().find(|line| line.contains(&balancer)).with_context(|| told.clone())?;
    ensure!(line.contains("load-balancers.delete") && line.contains("before-delete") && line.contains("req-"), "{line}");
    let nobodys = "11111111-1111-1111-1111-111111111111";
    let told = root.ends(0, &["audit", "kubernetes", "--cluster", nobodys])?;
    ensure!(told.contains(&format!("nothing outside for cluster {nobodys}")), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_can_be_revoked_twice_and_its_driver_says_what_is_left() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    root.ends(0, &["install", &component(&site, "1.0.0", None)?])?;
    root.ends(0, &["activate", "asking@1.0.0"])?;
    for why in ["it mines coins", "again"] {
        let told = root.ends(0, &["revoke", "asking@1.0.0", "--why", why])?;
        ensure!(told.contains("asking@1.0.0 is revoked. Clusters that it touched: 0"), "{told}");
        ensure!(told.contains("no version is active") && told.contains("because it mines coins"), "{told}");
        ensure!(told.contains("activated asking@1.0.0 (") && told.contains("by local:root"), "its history: {told}");
    }
    let told = root.ends(3, &["activate", "asking@1.0.0"])?;
    ensure!(told.contains("it mines coins") && told.contains("for ever"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_ends_with_2_and_what_is_not_there_with_1() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    for (code, words, says) in [
        (2, &["plan", "xyz"][..], "names no version"),
        (2, &["move", "kubernetes", "xyz"], "no uuid"),
        (2, &["activate", "kubernetes@0.1.0", "--canary", "templates=xyz"], "no uuid"),
        (2, &["records", "kubernetes", "--function", "define"], "define-stack"),
        (2, &["record", "kubernetes", "--on", "--cluster", "xyz"], "no uuid"),
        (1, &["show", "nothing"], "driver list"),
        (1, &["audit", "nothing"], "driver list"),
        (1, &["records", "nothing"], "driver list"),
        (1, &["check", "kubernetes@9.9.9"], "driver show kubernetes"),
        (1, &["record", "kubernetes", "--on", "--cluster", "11111111-1111-1111-1111-111111111111"], "could not be found"),
    ] {
        let told = root.ends(code, words)?;
        ensure!(told.contains(says), "{words:?}: {told}");
    }
    let component = component(&site, "1.0.0", None)?;
    let told = root.ends(2, &["install", &component, "--name", "versions"])?;
    ensure!(told.contains("another name"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_both_versions_and_what_to_do_for_operator_and_author() -> Result<()> {
    let site = Site::open("").await?;
    let file = site.place.path().join("future.wasm");
    let component = r#"(component (core module (memory 1)) (instance) (export "jeroboam:coe/driver@0.9.0" (instance 0)))"#;
    fs::write(&file, wat::parse_str(component)?)?;
    let file = file.display().to_string();
    let told = site.root().ends(1, &["install", &file])?;
    let line = |name: &str| told.lines().find(|line| line.trim_start().starts_with(name)).map(str::to_owned).unwrap_or_default();
    let (operator, author) = (line("failed"), line("its author"));
    ensure!(operator.contains("0.9.0") && operator.contains("serves 0.1") && operator.contains("newer host"), "{told}");
    ensure!(author.contains("0.9") && author.contains("wit/coe-0.2.0"), "{told}");
    ensure!(line("next").contains("driver remove"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_read_enough_is_no_error() -> Result<()> {
    let site = Site::open("").await?;
    let mut command = Operator::default().command(&["list", "--socket", &site.socket().display().to_string()])?;
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    drop(process.stdout.take());
    let ended = process.wait_with_output()?;
    ensure!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
    Ok(())
}

#[test]
fn a_daemon_that_hangs_up_is_told_of() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (socket, file) = (folder.path().join("operator.sock"), folder.path().join("large.wasm"));
    // More than a socket holds.
    fs::write(&file, vec![0_u8; 4 << 20])?;
    let listener = UnixListener::bind(&socket)?;
    let hang_up = |caller: UnixStream| drop(io::copy(&mut caller.take(100), &mut io::sink()));
    thread::spawn(move || listener.incoming().flatten().for_each(hang_up));
    // Whether it is noticed in writing or in reading is chance.
    for _ in 0..5 {
        let told = Operator::at_socket(socket.clone()).ends(1, &["install", &file.display().to_string()])?;
        ensure!(told.contains("no answer from") && told.contains(&socket.display().to_string()), "{told}");
    }
    Ok(())
}
