//! Images, flavors, the external network, volume types, a keypair.

use serde_json::{Value, json};

use crate::{
    cinder::volumes::DEFAULT_TYPE,
    glance,
    keystone::model::DEFAULT_DOMAIN,
    neutron::security_groups,
    ops,
    record::Body,
    services::{Kind, Scope},
    state::State,
};

/// Name, id, virtual processors, MiB of memory, GiB of disk.
const FLAVORS: [(&str, &str, i64, i64, i64); 6] = [
    ("m1.tiny", "1", 1, 512, 1),
    ("m1.small", "2", 1, 2048, 20),
    ("m1.medium", "3", 2, 4096, 40),
    ("m1.large", "4", 4, 8192, 80),
    ("m1.xlarge", "5", 8, 16384, 160),
    ("m1.nano", "42", 1, 128, 1),
];

/// Name and `os_distro`.
const IMAGES: [(&str, Option<&str>); 6] = [
    ("fedora-coreos-latest", Some("fedora-coreos")),
    ("ubuntu", Some("ubuntu")),
    ("fedora-atomic", Some("fedora-atomic")),
    ("coreos", Some("coreos")),
    ("fedora-ironic", Some("fedora")),
    ("cirros", None),
];

const VOLUME_TYPES: [&str; 3] = [DEFAULT_TYPE, "ssd", "lvmdriver-1"];

/// A key that nobody has the other half of.
const TESTKEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVJrWqHnJ7Yk2p0bq7mWcV3c9C1x5l0tR8uYw4sZk9E testkey";

pub fn seed(state: &mut State) {
    let projects: Vec<String> = state.keystone.projects.keys().cloned().collect();
    for project in projects {
        security_groups::ensure_default(state, &project);
    }
    let Some(admin) = scope(state, "admin", "admin", "admin") else { return };
    for (name, id, vcpus, ram, disk) in FLAVORS {
        make(state, &admin, Kind::Flavor, json!({"name": name, "id": id, "vcpus": vcpus, "ram": ram, "disk": disk}));
    }
    for (name, distribution) in IMAGES {
        let mut image = json!({"name": name, "visibility": "public", "disk_format": "raw", "container_format": "bare"});
        if let (Some(distribution), Some(image)) = (distribution, image.as_object_mut()) {
            image.insert("os_distro".to_owned(), json!(distribution));
        }
        if let Some(id) = make(state, &admin, Kind::Image, image) {
            // The image is new and complete: it takes its bytes.
            let _ = glance::upload(state, &admin, &id, b"simulated\n");
        }
    }
    for name in VOLUME_TYPES {
        make(state, &admin, Kind::VolumeType, json!({ "name": name }));
    }
    let external = json!({"name": "public", "router:external": true, "is_default": true, "provider:network_type": "flat",
        "provider:physical_network": "public"});
    if let Some(id) = make(state, &admin, Kind::Network, external) {
        let subnet = json!({"name": "public-subnet", "network_id": id, "cidr": "172.24.4.0/22", "gateway_ip": "172.24.4.1", "enable_dhcp": false});
        make(state, &admin, Kind::Subnet, subnet);
    }
    if let Some(demo) = scope(state, "demo", "demo", "member") {
        make(state, &demo, Kind::Keypair, json!({"name": "testkey", "public_key": TESTKEY}));
    }
}

fn scope(state: &State, user: &str, project: &str, role: &str) -> Option<Scope> {
    Some(Scope {
        project_id: state.keystone.project_named(DEFAULT_DOMAIN, project)?.id.clone(),
        user_id: state.keystone.user_named(DEFAULT_DOMAIN, user)?.id.clone(),
        roles: vec![role.to_owned()],
        token: "".into(),
        trust_id: None,
    })
}

/// Through the same checks as everybody; a refusal is a mistake of this table, and its test says so.
fn make(state: &mut State, scope: &Scope, kind: Kind, given: Value) -> Option<String> {
    let given: Body = given.as_object().cloned().unwrap_or_default();
    let made = match ops::create(state, scope, kind, given) {
        Ok(made) => made,
        Err(refusal) => {
            tracing::error!(%refusal, ?kind, "cannot seed");
            return None;
        }
    };
    let id = made.get("id").and_then(Value::as_str)?.to_owned();
    let key = crate::collections::resource(kind).key(scope, &id);
    if let Some(record) = state.get_mut(kind, &key) {
        record.private.insert("seeded".to_owned(), json!(true));
    }
    Some(id)
}
