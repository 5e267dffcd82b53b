//! Ignition configurations. Both versions hold the same things under different names. <https://coreos.github.io/ignition/specs/>

use serde_json::{Value, json};

use super::{AGENT, UNPACK, UserData};

/// Spec 3.3, as Fedora CoreOS reads it.
pub fn version_3(data: &UserData<'_>) -> String {
    let file = |(path, content): (&str, String)| json!({"path": path, "mode": 0o644, "overwrite": true, "contents": {"source": format!("data:;base64,{content}")}});
    let users = data.public_key.map(|key| json!([{"name": "core", "sshAuthorizedKeys": [key.trim()]}]));
    configuration("3.3.0", data.files().into_iter().map(file).collect(), users, data)
}

/// Spec 2.2, as the last Container Linux releases read it.
pub fn version_2(data: &UserData<'_>) -> String {
    let file = |(path, content): (&str, String)| {
        let source = format!("data:;base64,{content}");
        json!({"filesystem": "root", "path": path, "mode": 0o644, "contents": {"source": source}})
    };
    let users = data.public_key.map(|key| json!([{"name": "core", "sshAuthorizedKeys": [key.trim()]}]));
    configuration("2.2.0", data.files().into_iter().map(file).collect(), users, data)
}

fn configuration(version: &str, files: Vec<Value>, users: Option<Value>, data: &UserData<'_>) -> String {
    let mut units = vec![
        json!({"name": "jeroboam-install.service", "enabled": true, "contents": install_unit()}),
        json!({"name": AGENT.0, "enabled": true, "contents": AGENT.1}),
    ];
    units.extend(data.masked.iter().map(|name| json!({"name": name, "mask": true})));
    let mut config = json!({"ignition": {"version": version}, "storage": {"files": files}, "systemd": {"units": units}});
    if let (Some(users), Some(root)) = (users, config.as_object_mut()) {
        root.insert("passwd".to_owned(), json!({"users": users}));
    }
    config.to_string()
}

/// Unpacks the archive before the agent starts.
fn install_unit() -> String {
    format!(
        "[Unit]\nDescription=Installs the scripts and units of this node\nBefore=jeroboam-agent.service\n\n\
         [Service]\nType=oneshot\nRemainAfterExit=true\nExecStart=/usr/bin/{}\nExecStart=/usr/bin/systemctl daemon-reload\n\n\
         [Install]\nRequiredBy=jeroboam-agent.service\n",
        UNPACK.join(" ")
    )
}
