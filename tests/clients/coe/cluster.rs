//! `coe cluster create`, `list`, `show`, `update`, `resize`, `upgrade`, `delete`.

use anyhow::{Context, Result, ensure};
use jeroboam_tests::wait;
use serde_json::json;

use super::user::{Release, User, column, has};

/// The cluster `first` of Kubernetes, and `second` of swarm mode.
pub fn create_and_look(user: &User) -> Result<()> {
    let accepted = user.run(
        "coe cluster create first --cluster-template k8s --keypair testkey --master-count 3 --node-count 2 --timeout 30 \
         --master-flavor m1.medium --flavor m1.small --floating-ip-enabled --master-lb-enabled --docker-volume-size 5 \
         --labels cinder_csi_enabled=false --merge-labels --discovery-url http://discovery.example/token",
    )?;
    ensure!(accepted.starts_with("Request to create cluster ") && accepted.ends_with(" accepted\n"), "{accepted}");
    user.run(
        "coe cluster create second --cluster-template swarm --fixed-network private --fixed-subnet private-subnet \
         --floating-ip-disabled --master-lb-disabled",
    )?;
    let refused = user.refused("coe cluster create third --cluster-template nothing")?;
    ensure!(refused.contains("ClusterTemplate nothing could not be found (HTTP 4"), "{refused}");

    let listed = user.json("coe cluster list --limit 1 --sort-key name --sort-dir desc")?;
    assert_eq!(column(&listed, "name"), ["second"], "a cluster is there as soon as it has been accepted");
    let shown = user.settled("CREATE_COMPLETE")?;
    let fields = json!({
        "name": "first", "keypair": "testkey", "master_count": 3, "node_count": 2, "create_timeout": 30,
        "master_flavor_id": "m1.medium", "flavor_id": "m1.small", "floating_ip_enabled": true, "master_lb_enabled": true,
        "docker_volume_size": 5, "labels": {"kube_tag": "v1.33.5", "cinder_csi_enabled": "false"}, "labels_overridden": {},
        "labels_added": {"cinder_csi_enabled": "false"}, "labels_skipped": {}, "coe_version": "v1.33.5",
        "discovery_url": "http://discovery.example/token"});
    has(&shown, &fields)?;
    let counts = ["master_addresses", "node_addresses"].map(|addresses| shown[addresses].as_array().map_or(0, Vec::len));
    assert_eq!(counts, [3, 2], "{shown:#}");
    let second = wait::until("the second cluster", || {
        let second = user.json("coe cluster show second")?;
        Ok((second["status"] != "CREATE_IN_PROGRESS").then_some(second))
    })?;
    let seen = ["status", "fixed_network", "fixed_subnet"].map(|field| second[field].as_str());
    assert_eq!(seen, [Some("CREATE_COMPLETE"), Some("private"), Some("private-subnet")], "{second:#}");
    Ok(())
}

pub fn change(user: &User) -> Result<()> {
    let updated = match user.release {
        Release::Four => user.run("coe cluster update first replace node_count=3 --rollback")?,
        Release::Five => user.run("coe cluster update first --node-count 3 --rollback")?,
    };
    ensure!(updated.contains("update cluster first has been accepted"), "{updated}");
    ensure!(user.settled("UPDATE_COMPLETE")?["node_count"] == 3);
    what_cannot_change(user)?;

    let servers = user.json("server list")?;
    let servers = servers.as_array().context("servers")?;
    let oldest = servers
        .iter()
        .find(|server| server["Name"].as_str().is_some_and(|name| name.starts_with("first-") && name.ends_with("-node-0")));
    let oldest = oldest.and_then(|server| server["ID"].as_str()).with_context(|| format!("a first worker: {servers:?}"))?;
    let resized = user.run(&format!("coe cluster resize first 2 --nodes-to-remove {oldest} --nodegroup default-worker"))?;
    ensure!(resized.contains("resize cluster first has been accepted"), "{resized}");
    ensure!(user.settled("UPDATE_COMPLETE")?["node_count"] == 2);
    ensure!(!user.run("server list -f value -c ID")?.contains(oldest), "the node that was to go is still there");

    let upgraded = user.run("coe cluster upgrade first next --max-batch-size 1 --nodegroup default-worker")?;
    ensure!(upgraded.contains("upgrade cluster first has been accepted"), "{upgraded}");
    let shown = user.settled("UPDATE_COMPLETE")?;
    ensure!(shown["coe_version"] == "v1.34.1" && shown["labels"]["kube_tag"] == "v1.34.1", "{shown:#}");
    Ok(())
}

/// What the command offers and no server ever took: said in a sentence.
fn what_cannot_change(user: &User) -> Result<()> {
    let tries: &[(&str, &str)] = match user.release {
        Release::Four => &[("replace name=other", "name"), ("add labels/a=b", "labels")],
        Release::Five => &[
            ("--name other", "name"),
            ("--master-count 5", "master_count"),
            ("--label a=b", "labels"),
            ("--no-label kube_tag", "labels"),
        ],
    };
    for (words, property) in tries {
        let refused = user.refused(&format!("coe cluster update first {words}"))?;
        ensure!(refused.starts_with(&format!("cannot change cluster property(ies) {property} (HTTP 400)")), "{refused}");
    }
    Ok(())
}

/// Both at once, and nothing is left of them.
pub fn delete(user: &User) -> Result<()> {
    let said = user.run("coe cluster delete first second")?;
    ensure!(said.contains("delete cluster first has been") && said.contains("delete cluster second has been"), "{said}");
    wait::until("the clusters to be gone", || Ok((user.json("coe cluster list")? == json!([])).then_some(())))?;
    let refused = user.refused("coe cluster show first")?;
    ensure!(refused.starts_with("Cluster first could not be found (HTTP 404)"), "{refused}");
    user.run("coe cluster template delete k8s next swarm")?;
    assert_eq!(user.json("coe cluster template list")?, json!([]));
    Ok(())
}
