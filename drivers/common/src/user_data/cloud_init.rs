//! A cloud-config document. JSON is YAML, and leaves nothing to be quoted. <https://cloudinit.readthedocs.io/en/latest/reference/modules.html>

use serde_json::{Value, json};

use super::{AGENT, UNPACK, UserData};

/// Heat puts it beside parts of its own in a multipart message, as `text/plain`; its first line tells what it is.
pub fn document(data: &UserData<'_>) -> String {
    let file = |(path, content)| json!({"path": path, "permissions": "0644", "encoding": "b64", "content": content});
    let files: Vec<Value> = data.files().into_iter().map(file).collect();
    let mut commands = vec![json!(UNPACK), json!(["systemctl", "daemon-reload"])];
    // A unit that is not there can be masked all the same.
    commands.extend(data.masked.iter().map(|unit| json!(["systemctl", "mask", "--now", unit])));
    commands.push(json!(["systemctl", "enable", "--now", "--no-block", AGENT.0]));
    let mut config = json!({"write_files": files, "runcmd": commands});
    if let (Some(key), Some(root)) = (data.public_key, config.as_object_mut()) {
        root.insert("ssh_authorized_keys".to_owned(), json!([key.trim()]));
    }
    format!("#cloud-config\n{config}\n")
}
