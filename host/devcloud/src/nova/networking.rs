//! The ports of a server: made for it, or given to it.

use serde_json::{Map, Value, json};

use crate::{
    collections::resource,
    ops,
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    services::{Kind, Scope},
    state::State,
};

/// A network that a server is to be in.
pub enum Nic {
    Port(String),
    Network { id: String, fixed_ip: Option<String> },
}

/// What `networks` of a server asks for, once all of it is known to exist.
pub fn wanted(state: &State, scope: &Scope, asked: Option<&Value>) -> Result<Vec<Nic>, Refusal> {
    match asked {
        Some(Value::String(text)) if text == "none" => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(|nic| one(state, scope, nic)).collect(),
        None | Some(Value::Null | Value::String(_)) => automatic(state, scope),
        Some(_) => Err(Refusal::bad("Invalid input for field/attribute networks.")),
    }
}

fn one(state: &State, scope: &Scope, nic: &Value) -> Result<Nic, Refusal> {
    let text = |key: &str| nic.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(id) = text("port") {
        let port = state.visible(scope, Kind::Port, id).map_err(|_| Refusal::bad(format!("Port {id} could not be found.")))?;
        if !port.text("device_id").is_empty() {
            return Err(Refusal::conflict("PortInUse", format!("Port {id} is still in use.")));
        }
        return Ok(Nic::Port(id.to_owned()));
    }
    let id = text("uuid")
        .ok_or_else(|| Refusal::bad("Invalid input for field/attribute networks: a network needs a 'uuid' or a 'port'."))?;
    let network =
        state.visible(scope, Kind::Network, id).map_err(|_| Refusal::bad(format!("Network {id} could not be found.")))?;
    if network.flag("router:external") && !scope.is_admin() {
        return Err(Refusal::forbidden(format!("It is not allowed to create an interface on external network {id}")));
    }
    if state.ids(Kind::Subnet, |subnet| subnet.text("network_id") == id).is_empty() {
        return Err(Refusal::bad(format!("Network {id} requires a subnet in order to boot instances on.")));
    }
    Ok(Nic::Network { id: id.to_owned(), fixed_ip: text("fixed_ip").map(str::to_owned) })
}

/// The project's only network.
fn automatic(state: &State, scope: &Scope) -> Result<Vec<Nic>, Refusal> {
    let own = state.ids(Kind::Network, |network| network.project_id == scope.project_id && !network.flag("router:external"));
    match own.as_slice() {
        [] => Ok(Vec::new()),
        [id] => Ok(vec![Nic::Network { id: id.clone(), fixed_ip: None }]),
        _ => {
            Err(Refusal::conflict("NetworkAmbiguous", "Multiple possible networks found, use a Network ID to be more specific."))
        }
    }
}

/// The ids of security groups given by name or id.
pub fn groups(state: &State, scope: &Scope, asked: &[Value]) -> Result<Vec<String>, Refusal> {
    let named = |group: &Value| -> Result<String, Refusal> {
        let name = group.get("name").or(Some(group)).and_then(Value::as_str).unwrap_or_default();
        let own = |record: &Record| record.project_id == scope.project_id && (record.id == name || record.name() == name);
        let found = state.ids(Kind::SecurityGroup, own);
        match found.as_slice() {
            [id] => Ok(id.clone()),
            [] => Err(Refusal::bad(format!("Security group {name} not found for project {}.", scope.project_id))),
            _ => Err(Refusal::conflict(
                "NoUniqueMatch",
                format!("Multiple security groups found matching '{name}'. Use an ID to be more specific."),
            )),
        }
    };
    asked.iter().map(named).collect()
}

/// Connects a server; says which port that is, and whether it was made for it.
pub fn plug(state: &mut State, scope: &Scope, server: &str, nic: &Nic, groups: &[String]) -> Result<(String, bool), Refusal> {
    let bound = [("device_id", json!(server)), ("device_owner", json!("compute:nova"))];
    let mut body: Body = bound.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    match nic {
        Nic::Port(id) => {
            resource(Kind::Port).update(state, scope, id, body)?;
            Ok((id.clone(), false))
        }
        Nic::Network { id, fixed_ip } => {
            body.insert("network_id".to_owned(), json!(id));
            if !groups.is_empty() {
                body.insert("security_groups".to_owned(), json!(groups));
            }
            if let Some(address) = fixed_ip {
                body.insert("fixed_ips".to_owned(), json!([{"ip_address": address}]));
            }
            let made = ops::create(state, scope, Kind::Port, body)?;
            Ok((made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned(), true))
        }
    }
}

/// Disconnects one port; it goes if it was made for the server.
pub fn unplug(state: &mut State, port: &str, made: bool) {
    if made {
        crate::neutron::ports::remove(state, port);
        return;
    }
    let loose = [("device_id", json!("")), ("device_owner", json!("")), ("status", json!("DOWN"))];
    state.patch(Kind::Port, port, loose.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
}

/// The ports of a server, in the order in which they were plugged in.
pub fn ports<'a>(state: &'a State, server: &str) -> Vec<&'a Record> {
    state.all(Kind::Port).into_iter().filter(|port| port.text("device_id") == server).collect()
}

/// `addresses` of a server: by name of the network, floating ones too.
pub fn addresses(state: &State, server: &Record) -> Value {
    let mut shown: Map<String, Value> = Map::new();
    let order: Vec<&str> = server.texts("port_order").collect();
    let mut ports = ports(state, &server.id);
    ports.sort_by_key(|port| order.iter().position(|id| *id == port.id));
    for port in ports {
        let network =
            state.get(Kind::Network, port.text("network_id")).map(|network| network.name().to_owned()).unwrap_or_default();
        let entry = |address: &str, kind: &str| {
            json!({"addr": address, "version": if address.contains(':') { 6 } else { 4 }, "OS-EXT-IPS:type": kind,
                "OS-EXT-IPS-MAC:mac_addr": port.text("mac_address")})
        };
        let fixed = port.list("fixed_ips").iter().filter_map(|fixed| fixed.get("ip_address")?.as_str());
        let floating = state.all(Kind::FloatingIp).into_iter().filter(|floating| floating.text("port_id") == port.id);
        let mut entries: Vec<Value> = fixed.map(|address| entry(address, "fixed")).collect();
        entries.extend(floating.map(|floating| entry(floating.text("floating_ip_address"), "floating")));
        if let Some(list) = shown.entry(network).or_insert_with(|| json!([])).as_array_mut() {
            list.extend(entries);
        }
    }
    Value::Object(shown)
}

/// One entry of `os-interface`.
pub fn interface(port: &Record) -> Value {
    json!({"port_id": port.id, "net_id": port.text("network_id"), "mac_addr": port.text("mac_address"),
        "port_state": port.text("status"), "fixed_ips": port.list("fixed_ips"), "tag": null})
}

/// What `os-interface` was given, as a nic.
pub fn asked_interface(given: &Body) -> Value {
    match given.text("port_id") {
        Some(port) => json!({"port": port}),
        None => {
            let fixed = given.list("fixed_ips").first().and_then(|fixed| fixed.get("ip_address")).cloned();
            json!({"uuid": given.text("net_id"), "fixed_ip": fixed})
        }
    }
}
