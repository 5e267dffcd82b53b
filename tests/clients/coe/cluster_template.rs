//! `coe cluster template create`, `list`, `show`, `update`, `delete`.

use anyhow::{Result, ensure};
use serde_json::json;

use super::user::{Release, User, column, has};

const EVERYTHING: &str = "--coe kubernetes --image fedora-coreos-latest --external-network public --keypair testkey \
    --fixed-network private --fixed-subnet private-subnet --network-driver flannel --volume-driver cinder --dns-nameserver 8.8.4.4 \
    --flavor m1.small --master-flavor m1.small --docker-volume-size 5 --docker-storage-driver overlay2 \
    --http-proxy http://proxy.example:3128 --https-proxy http://proxy.example:3129 --no-proxy localhost,127.0.0.1 \
    --labels kube_tag=v1.33.5 --labels cinder_csi_enabled=false --registry-enabled --insecure-registry registry.example:5000 \
    --server-type vm --master-lb-enabled --floating-ip-enabled --hidden --tags blue --tags green";

/// Each field comes back as it was sent; only an administrator may hide or publish.
pub fn life(user: &User) -> Result<()> {
    let driver = if user.release == Release::Five { " --driver kubernetes" } else { "" };
    let refused = user.refused(&format!("coe cluster template create full {EVERYTHING}"))?;
    ensure!(refused.contains("HTTP 403"), "{refused}");
    user.json_as_admin(&format!("coe cluster template create full {EVERYTHING}{driver}"))?;
    let shown = user.json_as_admin("coe cluster template show full")?;
    let fields = json!({
        "name": "full", "coe": "kubernetes", "image_id": "fedora-coreos-latest", "external_network_id": "public",
        "keypair_id": "testkey", "fixed_network": "private", "fixed_subnet": "private-subnet", "network_driver": "flannel",
        "volume_driver": "cinder", "dns_nameserver": "8.8.4.4", "flavor_id": "m1.small", "master_flavor_id": "m1.small",
        "docker_volume_size": 5, "docker_storage_driver": "overlay2", "http_proxy": "http://proxy.example:3128",
        "https_proxy": "http://proxy.example:3129", "no_proxy": "localhost,127.0.0.1", "tls_disabled": false, "public": false,
        "labels": {"kube_tag": "v1.33.5", "cinder_csi_enabled": "false"}, "registry_enabled": true, "hidden": true,
        "insecure_registry": "registry.example:5000", "server_type": "vm", "master_lb_enabled": true,
        "floating_ip_enabled": true, "cluster_distro": "fedora-coreos", "updated_at": "-", "apiserver_port": "-"});
    has(&shown, &fields)?;
    let mut tags: Vec<&str> = shown["tags"].as_str().unwrap_or_default().split(',').collect();
    tags.sort_unstable();
    assert_eq!(tags, ["blue", "green"]);

    user.run_as_admin(
        "coe cluster template create open --coe swarm-mode --image fedora-coreos-latest --external-network public --keypair testkey \
         --flavor m1.small --master-flavor m1.small --public --visible --tls-disabled --floating-ip-disabled",
    )?;
    let open = user.json("coe cluster template show open")?;
    let seen = ["public", "tls_disabled", "floating_ip_enabled", "hidden"].map(|field| open[field].as_bool());
    assert_eq!(seen, [Some(true), Some(true), Some(false), Some(false)], "{open}");
    list(user)?;
    match user.release {
        Release::Four => update_by_paths(user)?,
        Release::Five => update_by_options(user)?,
    }
    let said = user.run_as_admin("coe cluster template delete changed open nothing")?;
    ensure!(said.contains("delete cluster template changed has been accepted"), "{said}");
    ensure!(said.contains("nothing failed: ClusterTemplate nothing could not be found (HTTP 404)"), "{said}");
    Ok(())
}

fn list(user: &User) -> Result<()> {
    let command = "coe cluster template list --limit 1 --sort-key name --sort-dir desc --fields coe,image_id";
    let listed = user.json_as_admin(command)?;
    assert_eq!(column(&listed, "name"), ["open"]);
    assert_eq!(column(&listed, "coe"), ["swarm-mode"]);
    assert_eq!(column(&listed, "image_id"), ["fedora-coreos-latest"]);
    let both = user.json_as_admin("coe cluster template list --limit 2 --sort-key name --sort-dir asc")?;
    assert_eq!(column(&both, "name"), ["full", "open"]);
    Ok(())
}

fn update_by_options(user: &User) -> Result<()> {
    let changed = user.json_as_admin(
        "coe cluster template update full --name changed --image ubuntu --flavor m1.medium --master-flavor m1.large --keypair testkey \
         --external-network public --fixed-network private --fixed-subnet private-subnet --network-driver calico --volume-driver cinder \
         --dns-nameserver 8.8.8.8 --docker-volume-size 6 --docker-storage-driver overlay2 --http-proxy http://other.example:1 \
         --https-proxy http://other.example:2 --no-proxy other.example --insecure-registry other.example:5000 --driver kubernetes \
         --visible --private --registry-disabled --master-lb-disabled --floating-ip-disabled --tls-enabled --label kube_tag=v1.33.4 \
         --no-label cinder_csi_enabled --tag yellow",
    )?;
    let fields = json!({
        "name": "changed", "image_id": "ubuntu", "flavor_id": "m1.medium", "master_flavor_id": "m1.large",
        "network_driver": "calico", "dns_nameserver": "8.8.8.8", "docker_volume_size": 6, "http_proxy": "http://other.example:1",
        "https_proxy": "http://other.example:2", "no_proxy": "other.example", "insecure_registry": "other.example:5000",
        "hidden": false, "public": false, "registry_enabled": false, "master_lb_enabled": false, "floating_ip_enabled": false,
        "tls_disabled": false, "labels": {"kube_tag": "v1.33.4"}, "tags": "yellow"});
    has(&changed, &fields)?;
    let back = "coe cluster template update open --hidden --public --registry-enabled --master-lb-enabled --floating-ip-enabled --tls-disabled";
    let back = user.json_as_admin(back)?;
    for field in ["hidden", "public", "registry_enabled", "master_lb_enabled", "floating_ip_enabled", "tls_disabled"] {
        ensure!(back[field] == true, "{field}: {back}");
    }
    Ok(())
}

fn update_by_paths(user: &User) -> Result<()> {
    let changed = user.json_as_admin(
        "coe cluster template update full replace name=changed dns_nameserver=8.8.8.8 docker_volume_size=6 master_lb_enabled=false \
         labels=kube_tag=v1.33.4,cinder_csi_enabled=true",
    )?;
    let seen = json!([changed["name"], changed["dns_nameserver"], changed["docker_volume_size"], changed["master_lb_enabled"]]);
    assert_eq!(seen, json!(["changed", "8.8.8.8", 6, false]));
    assert_eq!(changed["labels"], json!({"kube_tag": "v1.33.4", "cinder_csi_enabled": "true"}));
    let less = user.json_as_admin("coe cluster template update changed remove labels/kube_tag fixed_subnet")?;
    assert_eq!((&less["labels"], &less["fixed_subnet"]), (&json!({"cinder_csi_enabled": "true"}), &json!("-")));
    let more =
        user.json_as_admin("coe cluster template update changed add labels/kube_tag=v1.33.5 fixed_subnet=private-subnet")?;
    assert_eq!(more["labels"], json!({"kube_tag": "v1.33.5", "cinder_csi_enabled": "true"}));
    Ok(())
}

/// `k8s`, what it is upgraded to, `next`, and `swarm`.
pub fn for_clusters(user: &User) -> Result<()> {
    let usual = "--image fedora-coreos-latest --external-network public --keypair testkey --flavor m1.small --master-flavor m1.small \
         --master-lb-enabled";
    user.run(&format!("coe cluster template create k8s --coe kubernetes {usual} --labels kube_tag=v1.33.5"))?;
    user.run(&format!("coe cluster template create next --coe kubernetes {usual} --labels kube_tag=v1.34.1"))?;
    user.run(&format!("coe cluster template create swarm --coe swarm-mode {usual}"))?;
    Ok(())
}
