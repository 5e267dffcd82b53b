//! Drivers that are not what they should be: each mistake is found, and its place is named.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::support::{Desk, failed};

/// A project whose author made several mistakes. They are independent of each other, so that one build shows them all.
fn mistaken() -> Result<Desk> {
    let desk = Desk::new()?;
    desk.succeeds(&["new", "mine"])?;
    // A value for a parameter whose name is misspelt, so that another one has none.
    desk.edit("mine/src/stack.rs", r#"("master_flavor","#, r#"("master_flavour","#)?;
    // A reference to a parameter that there is none of.
    desk.edit("mine/templates/node.yaml", "name: {get_param: name}", "name: {get_param: nmae}")?;
    // A default that is no value of the label's type.
    desk.edit("mine/src/labels.rs", r#"cidr, default "10.0.0.0/24""#, r#"cidr, default "10.0.0.0""#)?;
    // A label that is in the schema, and that nobody checks.
    desk.edit(
        "mine/src/labels.rs",
        "labels! {",
        "labels! {\n    SIZE = \"size\": integer(1, 9), default \"1\", since \"0.1.0\", \"Nothing.\";",
    )?;
    // An error of a look-up that is taken for the user's fault.
    desk.edit(
        "mine/src/networks.rs",
        r#"lookup::get_network(name).map_err(blame("fixed_network"))?"#,
        r#"lookup::get_network(name).map_err(|_| invalid("fixed_network", "no such network"))?"#,
    )?;
    // A feature that is not there.
    desk.edit("mine/src/lib.rs", "Features::empty()", "Features::HEALTH")?;
    // A panic where an output is missing.
    desk.edit("mine/src/outputs.rs", "let api = value(\"api_address\")", "let api = Some(value(\"api_address\").unwrap())")?;
    desk.edit("mine/src/labels.rs", "cidr, default \"0.0.0.0/0\"", "cidr, default \"0.0.0.0/0\"")?;
    Ok(desk)
}

#[test]
fn each_mistake_is_found_with_its_place() -> Result<()> {
    let desk = mistaken()?;
    // The default is read for every cluster: mended first for what comes after it to be seen.
    desk.edit(
        "mine/src/labels.rs",
        "SUBNET_CIDR.get(given)?",
        "SUBNET_CIDR.get(given).or(\"10.0.0.0/24\".parse().map_err(|_| SUBNET_CIDR.invalid(\"\")))?",
    )?;
    desk.succeeds(&["build", "mine"])?;
    let report = desk.report("mine/build/mine.wasm")?;
    for (area, place, what) in [
        ("template", "parameters/master_flavour", "master_flavour"),
        ("template", "template line ", "needs the parameter master_flavor"),
        ("template", "files/node.yaml line ", "get_param names the parameter nmae"),
        ("labels", "labels/fixed_subnet_cidr", "its default"),
        ("labels", "labels/size", "is accepted, and is no value of its type"),
        ("faults", "get-network", "which is final"),
        ("features", "check-health", "feature health"),
        ("read-stack", "no outputs at all", "outputs.rs"),
    ] {
        ensure!(has(&report, area, place, what), "{area}, {place}: {what}\n{report:#}");
    }
    Ok(())
}

fn has(report: &Value, area: &str, place: &str, what: &str) -> bool {
    let contains = |finding: &Value, field: &str, text: &str| finding[field].as_str().is_some_and(|value| value.contains(text));
    failed(report).into_iter().any(|finding| {
        finding["area"] == area && contains(finding, "place", place) && contains(finding, "what", what) && finding["change"] != ""
    })
}

#[test]
fn what_is_no_component_is_told_so() -> Result<()> {
    let desk = Desk::new()?;
    fs::write(desk.path().join("text.wasm"), "hello")?;
    fs::write(desk.path().join("core.wasm"), wat::parse_str("(module)")?)?;
    for (file, words) in [("text.wasm", "not WebAssembly"), ("core.wasm", "core module")] {
        let complaint = desk.fails(&["check", file])?;
        ensure!(complaint.contains(words), "{complaint}");
    }
    Ok(())
}

#[test]
fn a_scenario_that_comes_out_otherwise_names_its_line() -> Result<()> {
    let desk = Desk::new()?;
    desk.succeeds(&["new", "mine"])?;
    desk.succeeds(&["build", "mine"])?;
    desk.edit("mine/scenarios/life.yaml", "servers: 5", "servers: 6")?;
    let told = desk.fails(&["test", "mine", "--only", "life"])?;
    ensure!(told.contains("mine/scenarios/life.yaml line 8"), "{told}");
    ensure!(told.contains("there are 5 of compute/server in place of 6"), "{told}");

    desk.edit("mine/scenarios/life.yaml", "node_count: 4", "node_cuont: 4")?;
    let told = desk.fails(&["test", "mine/scenarios/life.yaml"])?;
    ensure!(told.contains("node_cuont") || told.contains("node_count"), "{told}");

    fs::write(desk.path().join("mine/scenarios/wrong.yaml"), "summary: A step that there is none of.\nsteps:\n  - creat: {}\n")?;
    let told = desk.fails(&["test", "mine", "--only", "wrong"])?;
    ensure!(told.contains("creat") && told.contains("line 3"), "{told}");

    // What watch does at each change.
    fs::remove_file(desk.path().join("mine/scenarios/wrong.yaml"))?;
    fs::remove_file(desk.path().join("mine/scenarios/life.yaml"))?;
    let told = desk.succeeds(&["watch", "mine", "--once"])?;
    ensure!(told.contains("ok    private"), "{told}");
    Ok(())
}
