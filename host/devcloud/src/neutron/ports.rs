//! `/ports`.

use serde_json::{Value, json};

use super::{addresses, admit, owner, security_groups, texts, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Ports;

const FIELDS: [Field; 20] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("network_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("mac_address", Type::Short(32), Fallback::Absent).fixed(),
    Field::new("fixed_ips", Type::List, Fallback::Absent),
    Field::new("device_id", Type::Short(255), Fallback::Empty),
    Field::new("device_owner", Type::Short(255), Fallback::Empty),
    Field::new("security_groups", Type::List, Fallback::Absent),
    Field::new("allowed_address_pairs", Type::List, Fallback::List),
    Field::new("port_security_enabled", Type::Flag, Fallback::Flag(true)),
    Field::new("extra_dhcp_opts", Type::List, Fallback::List),
    Field::new("dns_name", Type::Short(255), Fallback::Empty),
    Field::new("qos_policy_id", Type::Text, Fallback::Null),
    Field::new("propagate_uplink_status", Type::Flag, Fallback::Flag(true)).fixed(),
    Field::new("binding:vnic_type", Type::Text, Fallback::Text("normal")),
    Field::new("binding:host_id", Type::Text, Fallback::Empty),
    Field::new("binding:profile", Type::Object, Fallback::Object),
    Field::new("hints", Type::Object, Fallback::Absent),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for Ports {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::Port, "port", "ports")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Port, id, format!("Port {id} could not be found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::Network, &FIELDS, given)?;
        let network_id = body.text("network_id").unwrap_or_default().to_owned();
        let network = state.visible(scope, Kind::Network, &network_id)?;
        if !scope.is_admin() && network.project_id != scope.project_id && !network.flag("shared") {
            return Err(Refusal::forbidden(format!("Tenant {} not allowed to create port on this network", scope.project_id)));
        }
        admit(state, &project, "port")?;
        let asked = body.get("fixed_ips").and_then(Value::as_array);
        let fixed_ips = addresses::allocate(state, &network_id, asked.map(Vec::as_slice))?;
        let secured = body.flag("port_security_enabled") == Some(true);
        let groups = match body.has("security_groups") {
            true => checked_groups(state, scope, texts(&body, "security_groups")?)?,
            false if secured => vec![security_groups::ensure_default(state, &project)],
            false => Vec::new(),
        };
        body.insert("fixed_ips".to_owned(), fixed_ips.into());
        body.insert("security_groups".to_owned(), json!(groups));
        Ok(insert(state, project, scope, body))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = view(record);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("binding:vif_type".to_owned(), json!("ovs"));
            shown.insert("binding:vif_details".to_owned(), json!({"port_filter": true}));
        }
        shown
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let mut body = fields::for_update(Service::Network, &FIELDS, given)?;
        if body.has("security_groups") {
            checked_groups(state, scope, texts(&body, "security_groups")?)?;
        }
        if let Some(asked) = body.get("fixed_ips").and_then(Value::as_array).cloned() {
            let port = state.get(Kind::Port, id).ok_or_else(|| self.missing(id))?;
            let kept: Vec<Value> =
                port.list("fixed_ips").iter().filter(|have| asked.iter().any(|want| covers(have, want))).cloned().collect();
            let fresh: Vec<Value> = asked.into_iter().filter(|want| !kept.iter().any(|have| covers(have, want))).collect();
            let network_id = port.text("network_id").to_owned();
            let mut fixed_ips = kept;
            fixed_ips.extend(addresses::allocate(state, &network_id, Some(&fresh))?);
            body.insert("fixed_ips".to_owned(), fixed_ips.into());
        }
        if let Some(device) = body.get("device_id").and_then(Value::as_str) {
            let status = if device.is_empty() { "DOWN" } else { "ACTIVE" };
            body.insert("status".to_owned(), json!(status));
        }
        state.patch(Kind::Port, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        let owner = state.get(Kind::Port, id).map(|port| port.text("device_owner").to_owned()).unwrap_or_default();
        if owner.starts_with("network:router_") || owner == "network:floatingip" {
            let message = format!("Port {id} cannot be deleted directly via the port API: has device owner {owner}.");
            return Err(Refusal::conflict("ServicePortInUse", message));
        }
        remove(state, id);
        Ok(())
    }
}

/// Whether an address that a port has is one that was asked for.
fn covers(have: &Value, want: &Value) -> bool {
    ["subnet_id", "ip_address"].iter().all(|key| want.get(*key).is_none_or(|wanted| have.get(*key) == Some(wanted)))
}

fn checked_groups(state: &State, scope: &Scope, ids: Vec<String>) -> Result<Vec<String>, Refusal> {
    for id in &ids {
        state.visible(scope, Kind::SecurityGroup, id)?;
    }
    Ok(ids)
}

fn insert(state: &mut State, project: String, scope: &Scope, body: Body) -> String {
    let mut record = Record { project_id: project, ..Record::new(scope, body) };
    if record.text("mac_address").is_empty() {
        let [a, b, c]: [u8; 3] = rand::random();
        record.set("mac_address", format!("fa:16:3e:{a:02x}:{b:02x}:{c:02x}"));
    }
    let status = if record.text("device_id").is_empty() { "DOWN" } else { "ACTIVE" };
    record.set("status", status);
    state.insert(Kind::Port, record)
}

/// A port of the cloud itself (of a router, a floating IP, a load balancer): it has no security groups and no quota.
pub fn internal(
    state: &mut State,
    scope: &Scope,
    project: &str,
    device_owner: &str,
    device_id: &str,
    network_id: &str,
    fixed_ips: Vec<Value>,
) -> String {
    let given = [
        ("network_id", json!(network_id)),
        ("device_owner", json!(device_owner)),
        ("device_id", json!(device_id)),
        ("fixed_ips", json!(fixed_ips)),
        ("security_groups", json!([])),
        ("port_security_enabled", json!(false)),
    ];
    let given: Body = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let body = fields::for_create(Service::Network, &FIELDS, given.clone()).unwrap_or(given);
    insert(state, project.to_owned(), scope, body)
}

/// Removes a port; floating IPs let go of it.
pub fn remove(state: &mut State, id: &str) {
    state.remove(Kind::Port, id);
    for floating in state.ids(Kind::FloatingIp, |floating| floating.text("port_id") == id) {
        super::floating_ips::release(state, &floating);
    }
}
