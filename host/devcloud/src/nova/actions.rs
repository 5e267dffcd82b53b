//! What can be done with a server: `POST /servers/{id}/action`, its interfaces, its volumes.

use serde_json::{Value, json};

use super::{networking, servers::condition, volume_attachments};
use crate::{
    pending::Change,
    record::{Attributes as _, Body},
    refusal::{Problem, Refusal},
    services::{Kind, Scope},
    state::State,
};

/// Actions that end in another condition: `(Nova's name, Heat's name, status, vm state, power)`.
const CONDITIONS: [(&str, &str, &str, &str, i64); 9] = [
    ("os-start", "start", "ACTIVE", "active", 1),
    ("os-stop", "stop", "SHUTOFF", "stopped", 4),
    ("reboot", "reboot", "ACTIVE", "active", 1),
    ("pause", "pause", "PAUSED", "paused", 3),
    ("unpause", "unpause", "ACTIVE", "active", 1),
    ("suspend", "suspend", "SUSPENDED", "suspended", 4),
    ("resume", "resume", "ACTIVE", "active", 1),
    ("confirmResize", "confirm-resize", "ACTIVE", "active", 1),
    ("revertResize", "revert-resize", "ACTIVE", "active", 1),
];

pub fn act(state: &mut State, scope: &Scope, id: &str, action: &str, given: &Body) -> Result<Value, Refusal> {
    if let Some((.., status, vm, power)) = CONDITIONS.iter().find(|(nova, heat, ..)| [nova, heat].contains(&&action)) {
        settled(state, id, action)?;
        state.later(Kind::Server, id, Change::Set(condition(status, vm, *power, None)));
        return Ok(Value::Null);
    }
    match action {
        "attach-volume" => {
            let volume = given
                .text("volumeId")
                .or(given.text("volume_id"))
                .ok_or_else(|| Refusal::bad("'volumeId' is a required property"))?;
            volume_attachments::attach(state, scope, id, volume, given.text("device"), false)
        }
        "detach-volume" => {
            let volume = given.text("volumeId").or(given.text("volume_id")).unwrap_or_default();
            volume_attachments::detach(state, id, volume)
        }
        "attach-interface" => attach_interface(state, scope, id, given),
        "detach-interface" => detach_interface(state, id, given.text("port_id").unwrap_or_default()),
        "set-metadata" => {
            if given.values().any(|value| !value.is_string()) {
                return Err(Refusal::bad("Invalid input for field/attribute metadata. Values must be strings."));
            }
            state.set(Kind::Server, id, "metadata", given.clone());
            Ok(json!({"metadata": given}))
        }
        "resize" => {
            settled(state, id, action)?;
            let flavor = given.text("flavorRef").ok_or_else(|| Refusal::bad("'flavorRef' is a required property"))?;
            state
                .visible(scope, Kind::Flavor, flavor)
                .map_err(|_| Refusal::bad(format!("Flavor {flavor} could not be found.")))?;
            state.set(Kind::Server, id, "flavor_id", flavor);
            state.patch(Kind::Server, id, condition("RESIZE", "active", 1, Some("resize_migrating")));
            state.later(Kind::Server, id, Change::Set(condition("VERIFY_RESIZE", "resized", 1, None)));
            Ok(Value::Null)
        }
        "rebuild" => {
            settled(state, id, action)?;
            let image = given.text("imageRef").ok_or_else(|| Refusal::bad("'imageRef' is a required property"))?;
            state.visible(scope, Kind::Image, image).map_err(|_| Refusal::bad("Cannot find image for rebuild"))?;
            state.set(Kind::Server, id, "imageRef", image);
            if let Some(name) = given.text("name") {
                state.set(Kind::Server, id, "name", name);
            }
            state.patch(Kind::Server, id, condition("REBUILD", "active", 1, Some("rebuilding")));
            state.later(Kind::Server, id, Change::Set(condition("ACTIVE", "active", 1, None)));
            Ok(Value::Null)
        }
        "os-getConsoleOutput" => Ok(json!({"output": "This server is simulated: it has no console.\n"})),
        "addSecurityGroup" | "removeSecurityGroup" => change_group(state, scope, id, action, given),
        _ => Err(Refusal::bad(format!("There is no such action: {action}"))),
    }
}

/// A server that is being built or deleted cannot do anything else.
fn settled(state: &State, id: &str, action: &str) -> Result<(), Refusal> {
    let task = state.get(Kind::Server, id).and_then(|server| server.body.text("OS-EXT-STS:task_state"));
    match task {
        Some(task) => Err(Refusal::conflict(
            "InstanceInvalidState",
            format!("Cannot '{action}' instance {id} while it is in task_state {task}"),
        )),
        None => Ok(()),
    }
}

fn attach_interface(state: &mut State, scope: &Scope, id: &str, given: &Body) -> Result<Value, Refusal> {
    let asked = json!([networking::asked_interface(given)]);
    let nics = networking::wanted(state, scope, Some(&asked))?;
    let mut shown = Value::Null;
    for nic in &nics {
        let (port, own) = networking::plug(state, scope, id, nic, &[])?;
        if let Some(server) = state.get_mut(Kind::Server, id) {
            server.push("port_order", port.clone());
            if let (true, Some(Value::Array(made))) = (own, server.private.get_mut("ports")) {
                made.push(json!(port));
            }
        }
        shown = state.get(Kind::Port, &port).map(networking::interface).unwrap_or_default();
    }
    Ok(shown)
}

fn detach_interface(state: &mut State, id: &str, port: &str) -> Result<Value, Refusal> {
    let mine = state.get(Kind::Port, port).is_some_and(|record| record.text("device_id") == id);
    if !mine {
        return Err(Refusal::new(
            Problem::NotFound,
            "PortNotFound",
            format!("Instance {id} does not have fixed ip of port {port}."),
        ));
    }
    let made = state.get(Kind::Server, id).and_then(|server| server.private.get("ports")).cloned().unwrap_or_default();
    let made = made.as_array().is_some_and(|made| made.contains(&json!(port)));
    networking::unplug(state, port, made);
    if let Some(server) = state.get_mut(Kind::Server, id) {
        server.retain("port_order", |kept| kept.as_str() != Some(port));
    }
    Ok(Value::Null)
}

fn change_group(state: &mut State, scope: &Scope, id: &str, action: &str, given: &Body) -> Result<Value, Refusal> {
    let groups = networking::groups(state, scope, &[json!(given.text("name"))])?;
    let ports: Vec<String> = networking::ports(state, id).into_iter().map(|port| port.id.clone()).collect();
    for port in ports.iter().filter_map(|port| state.ids(Kind::Port, |record| record.id == *port).pop()).collect::<Vec<_>>() {
        let Some(record) = state.get_mut(Kind::Port, &port) else { continue };
        for group in &groups {
            record.retain("security_groups", |kept| kept.as_str() != Some(group));
            if action == "addSecurityGroup" {
                record.push("security_groups", group.clone());
            }
        }
    }
    Ok(Value::Null)
}
