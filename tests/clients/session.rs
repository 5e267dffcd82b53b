//! The README's first session, and what else a user looks at on the way.

use anyhow::{Context, Result};
use jeroboam_tests::{dev::Dev, openstack::OpenStack, wait};
use serde_json::Value;

use crate::certificates;

const TEMPLATE: &str = "coe cluster template create k8s --coe kubernetes --image fedora-coreos-latest --keypair testkey \
    --external-network public --dns-nameserver 8.8.8.8 --flavor m1.small --master-flavor m1.small --docker-volume-size 5 \
    --network-driver flannel --volume-driver cinder --master-lb-enabled";

#[test]
fn a_user_makes_looks_at_grows_and_deletes_a_cluster() -> Result<()> {
    let dev = Dev::start(&[])?;
    let openstack = OpenStack::new(&dev.variables);

    openstack.text(TEMPLATE)?;
    let template = openstack.json("coe cluster template show k8s")?;
    assert_eq!(template["coe"], "kubernetes", "{template}");
    assert_eq!(template["cluster_distro"], "fedora-coreos", "{template}");

    let accepted = openstack.text("coe cluster create first --cluster-template k8s --node-count 2 --master-count 3")?;
    assert!(accepted.contains("accepted"), "{accepted}");
    let listed = openstack.json("coe cluster list")?;
    assert_eq!(names(&listed), ["first"], "a cluster is there as soon as it has been accepted");

    let cluster = settled(&openstack, "CREATE_COMPLETE")?;
    let api_address = text(&cluster, "api_address")?;
    assert!(api_address.starts_with("https://") && api_address.ends_with(":6443"), "{api_address}");
    assert_eq!(addresses(&cluster, "master_addresses"), 3, "{cluster}");
    assert_eq!(addresses(&cluster, "node_addresses"), 2, "{cluster}");
    assert_eq!(cluster["node_count"], 2);
    assert_eq!(cluster["master_count"], 3);

    certificates::the_config_lets_a_client_in(&openstack, &dev.folder())?;
    certificates::a_request_is_signed(&openstack, &dev.folder())?;
    the_cloud_shows_what_was_made(&openstack, 5)?;

    openstack
        .text("coe cluster update first replace node_count=4")
        .or_else(|_| openstack.text("coe cluster update first --node-count 4"))?;
    let grown = settled(&openstack, "UPDATE_COMPLETE")?;
    assert_eq!(addresses(&grown, "node_addresses"), 4, "{grown}");
    the_cloud_shows_what_was_made(&openstack, 7)?;

    let services =
        OpenStack::new(&dev.variables).with("OS_USERNAME", "admin").with("OS_PROJECT_NAME", "admin").json("coe service list")?;
    assert_eq!(services[0]["binary"], "magnum-conductor", "{services}");
    assert_eq!(services[0]["state"], "up", "{services}");

    openstack.text("coe cluster delete first")?;
    wait::until("the cluster to be gone", || Ok(names(&openstack.json("coe cluster list")?).is_empty().then_some(())))?;
    assert_eq!(openstack.json("server list")?, Value::Array(vec![]));
    assert_eq!(openstack.json("stack list")?, Value::Array(vec![]));
    openstack.text("coe cluster template delete k8s")?;
    Ok(())
}

/// Heat and Nova tell the same story as Magnum.
fn the_cloud_shows_what_was_made(openstack: &OpenStack, servers: usize) -> Result<()> {
    let stacks = openstack.json("stack list --nested")?;
    let stacks = stacks.as_array().context("a list of stacks")?;
    let top = stacks.iter().find(|stack| stack["Parent"].is_null()).context("a stack without a parent")?;
    assert!(text(top, "Stack Name")?.starts_with("first-"), "{top}");
    assert!(stacks.len() > servers, "each node has a nested stack: {}", stacks.len());

    let resources = openstack.json(&format!("stack resource list -n 5 {}", text(top, "Stack Name")?))?;
    let kinds = |kind: &str| resources.as_array().into_iter().flatten().filter(|r| r["resource_type"] == kind).count();
    assert_eq!(kinds("OS::Nova::Server"), servers, "{resources}");
    assert_eq!(kinds("OS::Octavia::LoadBalancer"), 1, "{resources}");
    for resource in resources.as_array().into_iter().flatten() {
        assert!(text(resource, "resource_status")?.ends_with("_COMPLETE"), "{resource}");
    }

    let listed = openstack.json("server list")?;
    let active = listed.as_array().into_iter().flatten().filter(|server| server["Status"] == "ACTIVE").count();
    assert_eq!(active, servers, "{listed}");
    Ok(())
}

/// The cluster once it is at rest; anything but the status wanted is a failure.
fn settled(openstack: &OpenStack, wanted: &str) -> Result<Value> {
    let cluster = wait::until(wanted, || {
        let cluster = openstack.json("coe cluster show first")?;
        Ok((!text(&cluster, "status")?.ends_with("_IN_PROGRESS")).then_some(cluster))
    })?;
    assert_eq!(cluster["status"], wanted, "{cluster:#}");
    Ok(cluster)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().with_context(|| format!("no text {key} in {value}"))
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|item| item["name"].as_str()).collect()
}

fn addresses(cluster: &Value, key: &str) -> usize {
    cluster[key].as_array().map_or(0, Vec::len)
}
