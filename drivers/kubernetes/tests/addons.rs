//! The add-ons: which of them a cluster has, and whether Kubernetes can read what they are made of.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use jeroboam_driver_common::testing::node;
use jeroboam_driver_kubernetes::{Kubernetes, labels};
use jeroboam_driver_sdk::{
    Cluster, Driver, Progress, SecretName, StackDefinition, Value, floating_ips::FloatingIp, load_balancers::LoadBalancer,
    settings::Platform,
};
use serde_json::Value as Json;
use support::{
    addons::{LOGIN_DIGEST, Objects, everything, manifests, objects, variables},
    define, define_in, large, parameter, text, trusting, with_labels, world_on,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node/manifests/addons");

/// Names of the manifests that travel.
fn names(definition: &StackDefinition) -> BTreeSet<String> {
    manifests(definition).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn only_what_is_chosen_travels() {
    let plain = names(&define(&large()));
    let expected = [
        "cinder-csi-rbac.yaml",
        "cinder-csi.yaml",
        "cloud-config.yaml",
        "cloud-controller-manager.yaml",
        "coredns-budget.yaml",
        "coredns.yaml",
        "flannel.yaml",
        "keystone-auth-policy.once.yaml",
        "keystone-auth.yaml",
        "kube-proxy.yaml",
        "metrics-server.yaml",
        "node-problem-detector.yaml",
        "volume-snapshot-kinds.yaml",
        "volume-snapshots.yaml",
    ];
    assert_eq!(plain, expected.map(str::to_owned).into());
    let bare = with_labels(
        large(),
        &[
            ("metrics_server_enabled", "false"),
            ("npd_enabled", "false"),
            ("keystone_auth_enabled", "False"),
            ("cloud_provider_enabled", "false"),
        ],
    );
    let expected = ["coredns-budget.yaml", "coredns.yaml", "flannel.yaml", "kube-proxy.yaml"];
    assert_eq!(names(&define(&bare)), expected.map(str::to_owned).into());
}

#[test]
fn every_manifest_belongs_to_an_add_on() {
    let travelling: BTreeSet<String> = everything().iter().flat_map(|cluster| names(&define(cluster))).collect();
    let there: BTreeSet<String> =
        fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(travelling, there);
}

#[test]
fn what_every_pod_needs_comes_first() {
    let order: Vec<String> = manifests(&define(&everything()[0])).into_iter().map(|(name, _)| name).collect();
    assert_eq!(order[..2], ["kube-proxy.yaml", "flannel.yaml"]);
    let at = |name: &str| order.iter().position(|given| given == name).unwrap();
    assert!(at("cloud-config.yaml") < at("cinder-csi.yaml") && at("volume-snapshot-kinds.yaml") < at("volume-snapshots.yaml"));
    assert!(at("dashboard.yaml") < at("dashboard-secrets.once.yaml"), "the namespace comes before what is in it");
}

#[test]
fn all_add_ons_together_are_small_enough_to_travel() {
    for cluster in everything() {
        let archive = text(&define(&cluster), "addons");
        // A deployment's parameters are one environment variable of the script that takes them: 128 KiB at most.
        assert!(archive.len() < 60_000, "{} bytes", archive.len());
    }
}

#[test]
fn objects_are_what_kubernetes_reads() {
    for cluster in everything() {
        let objects = objects(&define(&cluster));
        assert!(objects.all.len() > 60, "{}", objects.all.len());
        let mut seen = BTreeSet::new();
        for (file, object) in &objects.all {
            for field in ["/apiVersion", "/kind", "/metadata/name"] {
                assert!(
                    object.pointer(field).is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty())),
                    "{file}: {field}"
                );
            }
            assert!(seen.insert(Objects::key(object)), "{file}: {} is there twice", object["metadata"]["name"]);
            assert!(!object.to_string().contains("@@") && node::placeholders(&object.to_string()).is_empty(), "{file}");
        }
    }
}

#[test]
fn references_between_objects_lead_somewhere() {
    for cluster in everything() {
        let objects = objects(&define(&cluster));
        for (file, object) in &objects.all {
            objects.check_namespace(file, object);
            objects.check_binding(file, object);
            objects.check_service(file, object);
            if let Some(pod) = object.pointer("/spec/template") {
                objects.check_pod(file, object, pod);
            }
        }
    }
}

#[test]
fn every_image_has_the_tag_of_a_label_and_follows_the_operators_prefix() {
    for cluster in everything() {
        let images: BTreeSet<String> = objects(&define(&cluster)).images();
        let tags: BTreeSet<String> = labels::all().into_iter().filter_map(|spec| spec.default).collect();
        for image in &images {
            let (name, tag) = image.rsplit_once(':').unwrap();
            assert!(tags.contains(tag), "{image}: no label has this default");
            assert!(name.split('/').count() > 1 && name.split('/').next().unwrap().contains('.'), "{image}: no registry");
        }
        let mut mirrored = cluster.clone();
        mirrored.labels.push(("container_infra_prefix".into(), "registry.example/mirror/".into()));
        let mirrored = objects(&define(&mirrored)).images();
        assert_eq!(mirrored.len(), images.len(), "two images have one name in a mirror");
        assert!(mirrored.iter().all(|image| image.starts_with("registry.example/mirror/")), "{mirrored:?}");
    }
}

#[test]
fn each_tag_changes_its_image() {
    let tags: Vec<String> = labels::all()
        .into_iter()
        .map(|spec| spec.name)
        .filter(|name| name.ends_with("_tag") || name == "kube_dashboard_version")
        .collect();
    // These are of nodes.
    let others = ["etcd_tag", "pause_tag", "cni_plugins_tag", "runc_tag", "registry_tag"];
    for tag in tags.iter().filter(|tag| !others.contains(&tag.as_str())) {
        let value = if tag == "kube_tag" { "v1.34.9" } else { "v2.999" };
        let changes = everything().into_iter().any(|cluster| {
            let mut changed = cluster.clone();
            changed.labels.push((tag.clone(), value.to_owned()));
            objects(&define(&changed)).images().iter().any(|image| image.ends_with(&format!(":{value}")))
        });
        assert!(changes, "{tag}");
    }
}

#[test]
fn the_login_of_the_cluster_is_in_secrets_and_nowhere_else() {
    for cluster in everything() {
        let definition = define(&cluster);
        for (file, object) in &objects(&definition).all {
            if object.to_string().contains("trustee-password") {
                assert_eq!(object["kind"], "Secret", "{file}");
            }
        }
        let archive = BASE64_STANDARD.decode(text(&definition, "addons")).unwrap();
        assert!(!archive.windows(16).any(|window| window == b"trustee-password"));
    }
}

#[test]
fn whatever_reads_the_login_at_its_start_starts_again_with_another() {
    for cluster in everything() {
        let found = objects(&define(&cluster));
        let logins: BTreeSet<&str> = found
            .all
            .iter()
            .filter(|(_, object)| object["kind"] == "Secret" && object.to_string().contains("trustee-password"))
            .map(|(_, secret)| secret["metadata"]["name"].as_str().unwrap())
            .collect();
        let templates = found.all.iter().map(|(file, object)| (file, &object["spec"]["template"]));
        for (file, template) in templates.filter(|(_, template)| !template.is_null()) {
            let volumes = template["spec"]["volumes"].as_array().map(Vec::as_slice).unwrap_or_default();
            let reads =
                volumes.iter().filter_map(|volume| volume["secret"]["secretName"].as_str()).any(|name| logins.contains(name));
            let told = template["metadata"]["annotations"]["jeroboam/login"].as_str();
            assert_eq!(told, reads.then_some(LOGIN_DIGEST), "{file}");
        }
    }
}

#[test]
fn configurations_inside_manifests_are_readable() {
    let [first, second, _] = everything();
    let found = objects(&define(&first));
    let secret = |objects: &Objects, name: &str, key: &str| {
        objects.get("Secret", "kube-system", name)["stringData"][key].as_str().unwrap().to_owned()
    };
    let healer: Json = serde_yaml_ng::from_str(&secret(&found, "magnum-auto-healer", "config.yaml")).unwrap();
    assert_eq!(healer["cluster-name"], first.uuid.as_str());
    assert_eq!(healer["openstack"]["trust-id"], "trust-id");
    let scaler = secret(&found, "cluster-autoscaler", "cloud.conf");
    assert!(scaler.starts_with("[Global]\n") && !scaler[1..].contains('['), "it knows no section but Global: {scaler}");
    let policy =
        found.get("ConfigMap", "kube-system", "k8s-keystone-auth-policy")["data"]["policies"].as_str().unwrap().to_owned();
    let policy: Json = serde_json::from_str(&policy).unwrap();
    assert!(policy.as_array().unwrap().iter().all(|rule| rule["users"]["projects"][0] == first.project_id.as_str()));
    let flannel = found.get("ConfigMap", "kube-system", "flannel");
    for key in ["cni-conf.json", "net-conf.json"] {
        serde_json::from_str::<Json>(flannel["data"][key].as_str().unwrap()).unwrap();
    }
    let octavia: Json =
        serde_yaml_ng::from_str(&secret(&objects(&define(&second)), "octavia-ingress-controller", "config.yaml")).unwrap();
    assert_eq!(octavia["octavia"]["subnet-id"], "subnet-id");
}

#[test]
fn the_autoscaler_is_told_its_cluster_and_its_roles() {
    let mut cluster = everything()[0].clone();
    cluster.labels.push(("auto_scaling_roles".into(), "worker, gpu".into()));
    let found = objects(&define(&cluster));
    let command =
        &found.get("Deployment", "kube-system", "cluster-autoscaler")["spec"]["template"]["spec"]["containers"][0]["command"];
    let has = |argument: &str| command.as_array().unwrap().iter().any(|given| given == argument);
    assert!(has("--node-group-auto-discovery=magnum:role=worker,gpu") && has("--cloud-provider=magnum"), "{command}");
    assert!(has(&format!("--cluster-name={}", cluster.uuid)));
}

#[test]
fn pods_take_addresses_from_the_pool_of_their_network() {
    for (driver, label) in [("flannel", "flannel_network_cidr"), ("calico", "calico_ipv4pool"), ("cilium", "cilium_ipv4pool")] {
        let mut cluster = with_labels(large(), &[(label, "172.20.0.0/16")]);
        cluster.template.network_driver = Some(driver.into());
        let definition = define(&cluster);
        assert_eq!(text(&definition, "pods_network_cidr"), "172.20.0.0/16", "{driver}");
        assert_eq!(
            names(&definition).iter().filter(|name| name.starts_with(driver) && name.as_str() != "calico-crd.each").count(),
            if driver == "flannel" { 1 } else { 2 }
        );
    }
}

#[test]
fn the_ca_key_reaches_masters_only_if_the_certificates_api_is_to_sign() {
    let key = |labels: &[(&str, &str)]| {
        define(&with_labels(large(), labels)).parameters.into_iter().find(|(name, _)| name == "ca_key").map(|(_, value)| value)
    };
    assert_eq!(key(&[]), None);
    assert_eq!(key(&[("cert_manager_api", "true")]), Some(Value::Secret(SecretName::CaPrivateKey)));
}

#[test]
fn a_cloud_that_trusts_no_cluster_has_none_that_acts_in_it() {
    let mut cluster = large();
    cluster.template.volume_driver = Some("cinder".into());
    let definition = define_in(world_on(Platform { cluster_user_trust: false, ..trusting() }), &cluster);
    assert!(!names(&definition).iter().any(|name| name.contains("cloud") || name.contains("cinder")));
}

#[test]
fn an_upgrade_changes_the_add_ons_with_the_masters() {
    let mut cluster = large();
    cluster.groups[0].labels = vec![("kube_tag".into(), "v1.35.0".into())];
    let variables = variables(&define(&cluster));
    assert_eq!(variables["KUBE_PROXY_IMAGE"], "registry.k8s.io/kube-proxy:v1.35.0");
    assert!(matches!(parameter(&define(&cluster), "addon_settings"), Value::Json(_)));
}

/// The script that masters run, with a `kubectl` that writes down what it is given.
fn applied(cluster: &Cluster, folder: &Path) -> Option<Vec<(String, String)>> {
    fs::create_dir_all(folder).unwrap();
    let definition = define(cluster);
    let root = folder.display().to_string();
    let local = |text: &str| {
        let mut text = text.replace("/usr/local/bin:", &format!("{root}/bin:/usr/local/bin:"));
        for path in ["/opt/jeroboam", "/etc/sysconfig", "/var/lib/jeroboam", "/etc/jeroboam"] {
            text = text.replace(path, &format!("{root}{path}"));
        }
        text
    };
    let user_data = definition.files.iter().find(|(name, _)| name == "master-user-data").unwrap().1.clone();
    for (path, text) in node::installed(&user_data).iter().filter(|(path, _)| path.starts_with("/opt/jeroboam/libexec")) {
        let path = folder.join(&path[1..]);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, local(text)).unwrap();
    }
    for made in ["bin", "etc/sysconfig", "applied"] {
        fs::create_dir_all(folder.join(made)).unwrap();
    }
    let kubectl = format!("#!/bin/sh\ncat >\"$(mktemp {root}/applied/\"$(date +%s%N)\"-\"$1\".XXXXXX)\"\n");
    fs::write(folder.join("bin/kubectl"), kubectl).unwrap();
    let params: String = variables(&definition).iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
    fs::write(folder.join("etc/sysconfig/heat-params"), params).unwrap();
    let mut shell = Command::new("bash");
    let script = format!("chmod +x {root}/bin/kubectl && bash {root}/opt/jeroboam/libexec/addons.sh");
    let mut child =
        shell.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
    child.stdin.take().unwrap().write_all(b"").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut calls: Vec<_> = fs::read_dir(folder.join("applied")).unwrap().map(|entry| entry.unwrap().path()).collect();
    calls.sort();
    let verb = |path: &Path| path.file_name().unwrap().to_str().unwrap().split(['-', '.']).nth(1).unwrap().to_owned();
    Some(calls.iter().map(|path| (verb(path), fs::read_to_string(path).unwrap())).collect())
}

#[test]
fn the_script_applies_what_was_chosen() {
    for cluster in everything() {
        let folder = std::env::temp_dir().join(format!("jeroboam-addons-{}-{}", std::process::id(), cluster.name));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        // A machine without bash can still check the rest.
        let Some(calls) = applied(&cluster, &folder) else { return };
        fs::remove_dir_all(&folder).unwrap();
        let expected = objects(&define(&cluster));
        let mut given = BTreeMap::new();
        for (verb, text) in &calls {
            for object in support::addons::documents("the script's output", text) {
                given.insert(Objects::key(&object), (verb.clone(), object));
            }
        }
        for (file, object) in &expected.all {
            let (verb, found) = given
                .remove(&Objects::key(object))
                .unwrap_or_else(|| panic!("{file}: not applied: {}", object["metadata"]["name"]));
            assert_eq!(&found, object, "{file}");
            assert_eq!(verb, if file.contains(".once.") { "create" } else { "apply" }, "{file}");
        }
        assert!(given.is_empty(), "{:?}", given.keys());
    }
}

#[test]
fn the_clouds_own_ca_reaches_all_that_asks_the_cloud() {
    let folder = std::env::temp_dir().join(format!("jeroboam-addons-ca-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("etc/jeroboam")).unwrap();
    fs::write(folder.join("etc/jeroboam/openstack-ca.crt"), "the cloud's CA\n").unwrap();
    let [_, octavia, _] = everything();
    let Some(calls) = applied(&octavia, &folder) else { return };
    fs::remove_dir_all(&folder).unwrap();
    let all: Vec<Json> = calls.iter().flat_map(|(_, text)| support::addons::documents("the script's output", text)).collect();
    let carriers = all.iter().filter(|object| object["data"].get("ca.pem").is_some());
    let mut names = Vec::new();
    for secret in carriers {
        assert_eq!(BASE64_STANDARD.decode(secret["data"]["ca.pem"].as_str().unwrap()).unwrap(), b"the cloud's CA\n");
        names.push(secret["metadata"]["name"].as_str().unwrap());
        let configurations = secret["stringData"].to_string();
        assert!(secret.get("stringData").is_none() || configurations.contains("/etc/config/ca.pem"), "{configurations}");
    }
    names.sort_unstable();
    assert_eq!(names, ["cloud-config", "cluster-autoscaler", "magnum-auto-healer", "octavia-ingress-controller", "openstack-ca"]);
}

#[test]
fn load_balancers_of_ingresses_go_before_the_stack() {
    let cluster = large();
    // As octavia-ingress-controller describes what it makes; it changes the first letter of "ingress" with the first update.
    let description =
        |kind: &str| format!("Kubernetes {kind} web in namespace default from cluster {}, version: 7", cluster.uuid);
    let balancer = |id: &str, kind: &str| LoadBalancer {
        id: id.into(),
        name: format!("kube_ingress_{}_default_web", cluster.uuid),
        description: description(kind),
        provisioning_status: "ACTIVE".into(),
        vip_port_id: None,
    };
    let address = FloatingIp {
        id: "address".into(),
        address: "203.0.113.9".into(),
        description: format!("Floating IP for {}", description("ingress")),
        port_id: None,
    };
    let world = world_on(trusting()).floating_ip(address);
    let (_, trace) = world
        .clone()
        .load_balancer(balancer("new", "ingress"))
        .load_balancer(balancer("changed", "Ingress"))
        .observe(|| Kubernetes::before_delete(&cluster));
    assert_eq!(trace.deleted, [("load_balancers", "new".to_owned()), ("load_balancers", "changed".to_owned())]);
    let (progress, trace) = world.observe(|| Kubernetes::before_delete(&cluster));
    assert_eq!(progress, Ok(Progress::Done));
    assert_eq!(trace.deleted, [("floating_ips", "address".to_owned())]);
}
