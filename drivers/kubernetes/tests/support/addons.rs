//! Reads the manifests of a cluster's add-ons as its masters do.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::MultiGzDecoder;
use jeroboam_driver_common::testing::node;
use jeroboam_driver_sdk::{Cluster, StackDefinition, Value};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{large, text, with_labels};

/// Clusters that have every add-on between them; their names differ.
pub fn everything() -> [Cluster; 3] {
    let switches = [
        ("kube_dashboard_enabled", "true"),
        ("auto_scaling_enabled", "true"),
        ("auto_healing_enabled", "true"),
        ("cert_manager_api", "true"),
        ("max_node_count", "5"),
    ];
    let with = |network: &str, ingress: &str| {
        let mut labels = switches.to_vec();
        labels.push(("ingress_controller", ingress));
        let mut cluster = with_labels(large(), &labels);
        cluster.name = network.to_owned();
        cluster.template.network_driver = Some(network.to_owned());
        cluster.template.volume_driver = Some("cinder".to_owned());
        cluster.groups[1].max_node_count = Some(5);
        cluster
    };
    [with("flannel", "nginx"), with("calico", "octavia"), with("cilium", "nginx")]
}

/// Name and text of each file that travels, in their order.
pub fn manifests(definition: &StackDefinition) -> Vec<(String, String)> {
    let packed = BASE64_STANDARD.decode(text(definition, "addons")).unwrap();
    let mut tar = tar::Archive::new(MultiGzDecoder::new(packed.as_slice()));
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.path().unwrap().display().to_string(), text)
    };
    tar.entries().unwrap().map(read).collect()
}

/// The variables that masters have for the add-ons alone.
pub fn settings(definition: &StackDefinition) -> serde_json::Map<String, Json> {
    let Value::Json(text) = super::parameter(definition, "addon_settings") else { panic!("no JSON") };
    serde_json::from_str(text).unwrap()
}

/// What a master has when it reads them: from the definition, from the templates, and from `addons.sh`.
pub fn variables(definition: &StackDefinition) -> BTreeMap<String, String> {
    let plain = |map: serde_json::Map<String, Json>| {
        map.into_iter().map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    };
    let mut all: BTreeMap<String, String> = plain(super::settings(definition)).collect();
    all.extend(plain(settings(definition)));
    for name in node::added_by_templates(definition) {
        all.entry(name.clone()).or_insert_with(|| name.to_lowercase().replace('_', "-"));
    }
    let known = [
        ("NODE_ROLE", "master"),
        ("FIXED_SUBNET", "subnet-id"),
        ("KUBE_API_PRIVATE_ADDRESS", "10.0.0.5"),
        ("KUBE_NODE_IP", "10.0.0.6"),
        ("KUBE_TAG", "v1.34.1"),
        ("ADDONS", &text(definition, "addons")),
    ];
    all.extend(known.map(|(name, value)| (name.to_owned(), value.to_owned())));
    all
}

/// Of the login in [`variables`].
pub const LOGIN_DIGEST: &str = "ab31201037fcd45b";

/// What `addons.sh` works out where the operator has no CA of their own.
const WORKED_OUT: &[(&str, &str)] = &[
    ("OPENSTACK_CA_BASE64", ""),
    ("CLOUD_CA_FILE", ""),
    ("KEYSTONE_CA_FILE", ""),
    ("CLOUD_TLS_INSECURE", "false"),
    ("KUBE_PROXY_ARGS", ""),
    ("LOGIN_DIGEST", LOGIN_DIGEST),
];

fn render(file: &str, text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut rendered = text.to_owned();
    for name in node::placeholders(text) {
        let value = variables.get(&name).unwrap_or_else(|| panic!("{file} reads {name}, which masters do not have"));
        rendered = rendered.replace(&format!("@{name}@"), value);
    }
    rendered
}

pub fn documents(file: &str, text: &str) -> Vec<Json> {
    let documents = serde_yaml_ng::Deserializer::from_str(text);
    let read = documents.map(|document| Json::deserialize(document).unwrap_or_else(|error| panic!("{file}: {error}\n{text}")));
    read.filter(|document| !document.is_null()).collect()
}

/// The objects of a cluster, each with the file it comes from.
pub struct Objects {
    pub all: Vec<(String, Json)>,
}

pub fn objects(definition: &StackDefinition) -> Objects {
    let mut variables = variables(definition);
    variables.extend(WORKED_OUT.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let files: BTreeMap<String, String> = manifests(definition).into_iter().collect();
    let mut all = Vec::new();
    for (file, text) in manifests(definition).into_iter().filter(|(file, _)| file.ends_with(".yaml")) {
        let rows = match files.get(&file.replace(".yaml", ".each")) {
            None => vec![BTreeMap::new()],
            Some(each) => {
                let mut lines = each.lines().map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
                let names = lines.next().unwrap();
                lines.map(|values| names.iter().cloned().zip(values).collect::<BTreeMap<_, _>>()).collect()
            }
        };
        for row in rows {
            let mut variables = variables.clone();
            variables.extend(row);
            all.extend(documents(&file, &render(&file, &text, &variables)).into_iter().map(|object| (file.clone(), object)));
        }
    }
    Objects { all }
}

/// A kind's objects that Kubernetes brings itself.
fn built_in(kind: &str, name: &str) -> bool {
    match kind {
        "Namespace" => name == "kube-system",
        "ClusterRole" => ["system:node-proxier", "system:auth-delegator", "system:node-problem-detector"].contains(&name),
        "Role" => name == "extension-apiserver-authentication-reader",
        _ => false,
    }
}

fn list<'a>(value: &'a Json, pointer: &str) -> &'a [Json] {
    value.pointer(pointer).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

impl Objects {
    /// Kind, namespace and name.
    pub fn key(object: &Json) -> (String, String, String) {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        (text(&object["kind"]), text(&object["metadata"]["namespace"]), text(&object["metadata"]["name"]))
    }

    pub fn get(&self, kind: &str, namespace: &str, name: &str) -> &Json {
        let key = (kind.to_owned(), namespace.to_owned(), name.to_owned());
        let found = self.all.iter().find(|(_, object)| Self::key(object) == key);
        &found.unwrap_or_else(|| panic!("no {kind} {namespace}/{name}")).1
    }

    fn require(&self, file: &str, kind: &str, namespace: &str, name: &Json) {
        let name = name.as_str().unwrap_or_else(|| panic!("{file}: no name of a {kind}"));
        let key = (kind.to_owned(), namespace.to_owned(), name.to_owned());
        let there = built_in(kind, name) || self.all.iter().any(|(_, object)| Self::key(object) == key);
        assert!(there, "{file}: no {kind} {namespace}/{name}");
    }

    pub fn check_namespace(&self, file: &str, object: &Json) {
        let kind = object["kind"].as_str().unwrap();
        let cluster_wide = [
            "Namespace",
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "APIService",
            "CSIDriver",
            "StorageClass",
            "VolumeSnapshotClass",
            "IngressClass",
        ];
        let namespace = &object["metadata"]["namespace"];
        assert_eq!(namespace.is_null(), cluster_wide.contains(&kind), "{file}: namespace of {kind}");
        if !namespace.is_null() {
            self.require(file, "Namespace", "", namespace);
        }
    }

    pub fn check_binding(&self, file: &str, object: &Json) {
        let Some(role) = object.get("roleRef") else { return };
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        let kind = role["kind"].as_str().unwrap();
        self.require(file, kind, if kind == "Role" { namespace } else { "" }, &role["name"]);
        assert_ne!(role["name"], "cluster-admin", "{file}: says what it needs");
        for subject in list(object, "/subjects") {
            self.require(file, subject["kind"].as_str().unwrap(), subject["namespace"].as_str().unwrap(), &subject["name"]);
        }
    }

    /// A service leads to pods.
    pub fn check_service(&self, file: &str, object: &Json) {
        if object["kind"] != "Service" {
            return;
        }
        let selector = object["spec"]["selector"].as_object().unwrap();
        let selects = |pod: &Json| selector.iter().all(|(name, value)| &pod["metadata"]["labels"][name] == value);
        let found = self.all.iter().any(|(_, other)| {
            other["metadata"]["namespace"] == object["metadata"]["namespace"]
                && other.pointer("/spec/template").is_some_and(selects)
        });
        assert!(found, "{file}: no pod of service {}", object["metadata"]["name"]);
    }

    /// `pod`: the template in `owner`.
    pub fn check_pod(&self, file: &str, owner: &Json, pod: &Json) {
        let namespace = owner["metadata"]["namespace"].as_str().unwrap();
        assert_eq!(owner.pointer("/spec/selector/matchLabels"), pod.pointer("/metadata/labels"), "{file}: selector");
        self.require(file, "ServiceAccount", namespace, &pod["spec"]["serviceAccountName"]);
        self.check_place(file, pod);
        let mut volumes = BTreeSet::new();
        for volume in list(pod, "/spec/volumes") {
            volumes.insert(volume["name"].as_str().unwrap());
            if let Some(map) = volume.get("configMap") {
                self.require(file, "ConfigMap", namespace, &map["name"]);
            }
            if let Some(secret) = volume.get("secret") {
                self.require(file, "Secret", namespace, &secret["secretName"]);
            }
        }
        let mut mounted = BTreeSet::new();
        for container in list(pod, "/spec/initContainers").iter().chain(list(pod, "/spec/containers")) {
            assert!(container["image"].is_string() && container["name"].is_string(), "{file}: {container}");
            for mount in list(container, "/volumeMounts") {
                mounted.insert(mount["name"].as_str().unwrap());
            }
            for variable in list(container, "/env") {
                if let Some(key) = variable.pointer("/valueFrom/configMapKeyRef") {
                    let map = self.get("ConfigMap", namespace, key["name"].as_str().unwrap());
                    assert!(map["data"].get(key["key"].as_str().unwrap()).is_some(), "{file}: {key}");
                }
            }
        }
        assert_eq!(mounted, volumes, "{file}: volumes, and what is mounted");
    }

    /// What runs on masters tolerates their taint, which has an older name before Kubernetes v1.24.
    fn check_place(&self, file: &str, pod: &Json) {
        let tolerations = list(pod, "/spec/tolerations");
        let tolerates = |key: &str| {
            tolerations.iter().any(|toleration| {
                toleration["key"] == key || (toleration["operator"] == "Exists" && toleration.get("key").is_none())
            })
        };
        let (new, old) = (tolerates("node-role.kubernetes.io/control-plane"), tolerates("node-role.kubernetes.io/master"));
        assert_eq!(new, old, "{file}: both names of the masters' taint");
        let selected =
            pod.pointer("/spec/nodeSelector").is_some_and(|labels| labels.get("node-role.kubernetes.io/control-plane").is_some());
        assert!(new || !selected, "{file}: selects masters and does not tolerate them");
    }

    pub fn images(&self) -> BTreeSet<String> {
        let pods = self.all.iter().filter_map(|(_, object)| object.pointer("/spec/template"));
        let containers = pods.flat_map(|pod| list(pod, "/spec/initContainers").iter().chain(list(pod, "/spec/containers")));
        containers.map(|container| container["image"].as_str().unwrap().to_owned()).collect()
    }
}
