//! The user data of nodes: an Ignition 3.3 configuration.
//!
//! What is the same for all clusters was packed by `build.rs` and is merged in. Beside it stand the few things that a node has to have before it can ask Heat for
//! anything: the login key, and what it takes to trust OpenStack's services. No secret is among them: user data can be read by anything on a node. Heat adds the
//! login of the stack's own user, which can read this server's software deployments and nothing else.

use base64::{Engine, prelude::BASE64_STANDARD};
use jeroboam_driver_sdk::{Role, settings::Platform};
use serde_json::{Value, json};

const MASTER: &str = include_str!(concat!(env!("OUT_DIR"), "/master"));
const WORKER: &str = include_str!(concat!(env!("OUT_DIR"), "/worker"));

/// Nova takes 65,535 characters of base64. Heat adds its login twice, about 1 KiB each.
pub const LIMIT: usize = 65_535 / 4 * 3 - 4096;

/// The configuration as JSON. `public_key` as in `authorized_keys`.
pub fn user_data(role: Role, platform: &Platform, public_key: Option<&str>) -> String {
    let packed = match role {
        Role::Master => MASTER,
        Role::Worker => WORKER,
    };
    let mut files = vec![file("/etc/jeroboam/agent.env", &format!("VERIFY_CA={}\n", platform.verify_ca))];
    if !platform.openstack_ca.is_empty() {
        files.push(file("/etc/kubernetes/openstack-ca.crt", &platform.openstack_ca));
    }
    let mut config = json!({
        "ignition": {
            "version": "3.3.0",
            "config": {"merge": [{"compression": "gzip", "source": format!("data:;base64,{packed}")}]},
        },
        "storage": {"files": files},
    });
    if let (Some(key), Some(root)) = (public_key, config.as_object_mut()) {
        root.insert("passwd".to_owned(), json!({"users": [{"name": "core", "sshAuthorizedKeys": [key.trim()]}]}));
    }
    config.to_string()
}

fn file(path: &str, text: &str) -> Value {
    json!({
        "path": path, "mode": 0o644, "overwrite": true,
        "contents": {"source": format!("data:;base64,{}", BASE64_STANDARD.encode(text))},
    })
}
