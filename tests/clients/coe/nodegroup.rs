//! `coe nodegroup create`, `list`, `show`, `update`, `delete`.

use anyhow::{Result, ensure};
use serde_json::json;

use super::user::{Release, User, column, has};

pub fn life(user: &User) -> Result<()> {
    let marks = match user.release {
        Release::Four => "",
        Release::Five => " --node-labels tier=gold,rack=7 --node-taints only=gpu:NoSchedule",
    };
    let accepted = user.run(&format!(
        "coe nodegroup create first big --docker-volume-size 6 --labels cinder_csi_enabled=true --merge-labels --node-count 2 --min-nodes 1 \
         --max-nodes 4 --role gpu --image fedora-coreos-latest --flavor m1.medium{marks}"
    ))?;
    ensure!(accepted.starts_with("Request to create nodegroup ") && accepted.ends_with(" accepted\n"), "{accepted}");
    user.settled("UPDATE_COMPLETE")?;
    let shown = user.json("coe nodegroup show first big")?;
    let mut fields = json!({
        "name": "big", "docker_volume_size": 6, "labels": {"kube_tag": "v1.33.5", "cinder_csi_enabled": "true"},
        "labels_overridden": {"cinder_csi_enabled": "false"}, "labels_added": {}, "labels_skipped": {}, "node_count": 2, "min_node_count": 1,
        "max_node_count": 4, "role": "gpu", "image_id": "fedora-coreos-latest", "flavor_id": "m1.medium", "is_default": false,
        "status": "CREATE_COMPLETE"});
    if user.release == Release::Five {
        fields["node_labels"] = json!({"tier": "gold", "rack": "7"});
        fields["node_taints"] = json!([{"key": "only", "value": "gpu", "effect": "NoSchedule"}]);
    }
    has(&shown, &fields)?;

    let own = user.json("coe nodegroup list first --limit 5 --sort-key name --sort-dir asc --role gpu")?;
    assert_eq!(column(&own, "name"), ["big"]);
    let all = user.json("coe nodegroup list first --sort-key name --sort-dir desc")?;
    assert_eq!(column(&all, "name"), ["default-worker", "default-master", "big"]);
    update(user)?;

    let refused = user.refused("coe nodegroup delete first default-worker")?;
    ensure!(refused.starts_with("Deleting a default nodegroup is not supported (HTTP 400)"), "{refused}");
    let deleted = user.run("coe nodegroup delete first big")?;
    ensure!(deleted.contains("delete nodegroup big has been accepted"), "{deleted}");
    user.settled("UPDATE_COMPLETE")?;
    assert_eq!(column(&user.json("coe nodegroup list first --role gpu")?, "name"), [""; 0]);
    Ok(())
}

fn update(user: &User) -> Result<()> {
    match user.release {
        Release::Four => {
            user.run("coe nodegroup update first big replace min_node_count=2 max_node_count=5")?;
        }
        Release::Five => {
            let changes = "--min-nodes 2 --max-nodes 5 --node-labels tier=silver --node-taints only=gpu:NoExecute";
            user.run(&format!("coe nodegroup update first big {changes}"))?;
        }
    }
    user.settled("UPDATE_COMPLETE")?;
    let shown = user.json("coe nodegroup show first big")?;
    assert_eq!((&shown["min_node_count"], &shown["max_node_count"]), (&json!(2), &json!(5)), "{shown:#}");
    if user.release == Release::Five {
        assert_eq!(shown["node_labels"], json!({"tier": "silver"}));
        assert_eq!(shown["node_taints"], json!([{"key": "only", "value": "gpu", "effect": "NoExecute"}]));
    }
    Ok(())
}
