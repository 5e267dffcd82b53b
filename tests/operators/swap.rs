//! A driver's versions, from install to revoke.

use anyhow::{Context, Result, ensure};
use jeroboam_tests::cluster;
use serde_json::{Value, json};

use crate::{
    components::{NAME, components},
    operator::Operator,
    site::Site,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_is_swapped_planned_taken_back_and_revoked() -> Result<()> {
    let built = components();
    let site = Site::open("").await?;
    let root = site.root();

    let first = install(&root, "0.1.0")?;
    ensure!((&first["state"], &first["name"]) == (&json!("checked"), &json!(NAME)), "{first:#}");
    ensure!(
        first["report"]["self_test"].as_array().is_some_and(|tests| tests.iter().all(|test| test["passed"] == true)),
        "{first:#}"
    );
    // Nothing was before it, so that there is nothing to confirm.
    root.ends(0, &["activate", "plain@0.1.0"])?;
    root.ends(3, &["confirm", NAME])?;
    let template = json!({"coe": "kubernetes", "image_id": site.image(NAME).await?});
    let template = cluster::template(&site.user, &template).await?;
    let old = cluster::create(&site.user, &template).await?;
    cluster::becomes(&site.user, &old, "CREATE_COMPLETE").await?;
    ensure!(on(&root, &first)? == 1);

    // The same definitions: planned as such, and moved without being asked.
    let second = install(&root, "0.2.0")?;
    let plan = root.json(&["plan", "plain@0.2.0"])?;
    ensure!((&plan["plan"]["clusters"]["same"], &plan["clusters"][0]["verdict"]) == (&json!(1), &json!("same")), "{plan:#}");
    root.ends(0, &["activate", digest(&second)?.get(..8).context("digits")?])?;
    cluster::until("the cluster to move", || Ok((on(&root, &second)? == 1).then_some(()))).await?;
    root.ends(0, &["confirm", NAME])?;

    // Something changes: the cluster stays where it is until somebody moves it.
    let third = install(&root, "0.3.0")?;
    let plan = root.json_ending(0, &["plan", "plain@0.3.0", "--only", "in-place"])?;
    ensure!(plan["clusters"][0]["cluster"] == old.as_str(), "{plan:#}");
    let told = root.ends(0, &["plan", "plain@0.3.0"])?;
    ensure!(told.contains("1 in place") && told.contains(&old), "{told}");

    let canary = root.json(&["activate", "plain@0.3.0", "--canary", &format!("projects={}", site.user.project_id)])?;
    ensure!((&canary["stage"], &canary["active"]) == (&json!("canary"), &second["digest"]), "{canary:#}");
    let new = cluster::create(&site.user, &template).await?;
    cluster::becomes(&site.user, &new, "CREATE_COMPLETE").await?;
    ensure!((on(&root, &second)?, on(&root, &third)?) == (1, 1), "two versions side by side");

    let activated = root.json(&["activate", "plain@0.3.0"])?;
    ensure!((&activated["stage"], &activated["active"]) == (&json!("unconfirmed"), &third["digest"]), "{activated:#}");
    let moved = root.json(&["move", NAME, &old])?;
    ensure!(moved["moved"][0]["to"] == third["digest"], "{moved:#}");
    let told = root.ends(0, &["move", NAME, &old])?;
    ensure!(told.contains("0 moved, 1 there already"), "{told}");
    ensure!(on(&root, &third)? == 2);

    let back = root.json(&["rollback", NAME])?;
    ensure!((&back["stage"], &back["active"]) == (&json!("steady"), &second["digest"]), "{back:#}");
    root.ends(3, &["rollback", NAME])?;
    root.ends(3, &["confirm", NAME])?;

    let revoked = root.json(&["revoke", "plain@0.3.0", "--why", "it opens ports"])?;
    ensure!(revoked["clusters"].as_array().is_some_and(|clusters| clusters.contains(&json!(new))), "{revoked:#}");
    ensure!(root.json(&["revoke", digest(&third)?, "--why", "it opens ports"])?["clusters"] == revoked["clusters"]);
    let told = root.ends(3, &["activate", digest(&third)?])?;
    ensure!(told.contains("it opens ports"), "{told}");
    let told = root.ends(3, &["install", &built.file("0.3.0").display().to_string()])?;
    ensure!(told.contains("it opens ports"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_replaces_servers_ends_with_4() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    install(&root, "0.1.0")?;
    root.ends(0, &["activate", "plain@0.1.0"])?;
    let template = json!({"coe": "kubernetes", "image_id": site.image(NAME).await?});
    let template = cluster::template(&site.user, &template).await?;
    let id = cluster::create(&site.user, &template).await?;
    cluster::becomes(&site.user, &id, "CREATE_COMPLETE").await?;

    install(&root, "0.4.0")?;
    let plan = root.json_ending(4, &["plan", "plain@0.4.0", "--only", "replaces,fails"])?;
    ensure!(plan["plan"]["clusters"]["replaces"] == 1, "{plan:#}");
    let resources = plan["clusters"][0]["resources"].to_string();
    ensure!(resources.contains("server"), "{plan:#}");

    let plan = root.json_ending(4, &["plan", "plain@0.4.0", "--preview"])?;
    ensure!((&plan["plan"]["preview"], &plan["clusters"][0]["previewed"]) == (&json!(true), &json!(true)), "{plan:#}");
    ensure!(plan["clusters"][0]["resources"].to_string().contains("Heat replaces it"), "{plan:#}");
    let told = root.ends(4, &["plan", "plain@0.4.0", "--preview"])?;
    ensure!(told.contains("1 replaces") && told.contains("Heat was asked") && told.contains("driver activate"), "{told}");
    ensure!(told.lines().all(|line| line.matches("Heat replaces it").count() <= 1), "a line for each: {told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_recorded_listed_fetched_and_replayed() -> Result<()> {
    let site = Site::open("").await?;
    let root = site.root();
    install(&root, "0.1.0")?;
    root.ends(0, &["activate", "plain@0.1.0"])?;
    let recording = root.json(&["record", NAME, "--on"])?;
    ensure!(recording["switches"][0]["cluster"].is_null(), "{recording:#}");
    let template = json!({"coe": "kubernetes", "image_id": site.image(NAME).await?});
    let template = cluster::template(&site.user, &template).await?;
    let id = cluster::create(&site.user, &template).await?;
    cluster::becomes(&site.user, &id, "CREATE_COMPLETE").await?;
    ensure!(root.json(&["record", NAME, "--off"])?["switches"] == json!([]));

    let listed = root.json(&["records", NAME, "--cluster", &id, "--function", "define-stack"])?;
    let record = listed["records"][0]["id"].as_str().with_context(|| format!("a record: {listed:#}"))?;
    let whole = root.json(&["records", NAME, record])?;
    ensure!((&whole["function"], &whole["cluster"]) == (&json!("define-stack"), &json!(id)), "{whole:#}");
    let file = site.place.path().join("record.json");
    std::fs::write(&file, whole.to_string())?;
    let file = file.display().to_string();
    let component = components().file("0.1.0").display().to_string();
    Operator::default().ends(0, &["replay", &file, "--with", &component])?;
    root.ends(1, &["records", "kubernetes", record])?;

    let audit = root.json(&["audit", NAME])?;
    ensure!(audit["effects"] == json!([]), "this driver asks for no effects: {audit:#}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_driver_fails_its_check_and_says_why() -> Result<()> {
    let site = Site::open("").await?;
    let file = site.place.path().join("nothing.wasm");
    std::fs::write(&file, wat::parse_str("(component)")?)?;
    let told = site.root().ends(1, &["install", &file.display().to_string()])?;
    ensure!(told.contains("failed") && told.contains("world"), "{told}");
    let told = site.root().ends(1, &["install", &components().file("0.1.0").display().to_string(), "--name", "other"])?;
    ensure!(told.contains("other") && told.contains(NAME), "{told}");
    Ok(())
}

fn install(root: &Operator, number: &str) -> Result<Value> {
    root.json(&["install", &components().file(number).display().to_string()])
}

fn digest(version: &Value) -> Result<&str> {
    version["digest"].as_str().context("a digest")
}

/// How many clusters are on a version.
fn on(root: &Operator, version: &Value) -> Result<u64> {
    let shown = root.json(&["show", NAME])?;
    let mut versions = shown["versions"].as_array().into_iter().flatten();
    let known = versions.find(|known| known["digest"] == version["digest"]).context("the version")?;
    known["in_use"]["clusters"].as_u64().context("a number")
}
