//! `/floatingips`.

use serde_json::{Value, json};

use super::{addresses, admit, owner, ports, routers, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct FloatingIps;

const FIELDS: [Field; 10] = [
    Field::new("floating_network_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("port_id", Type::Short(64), Fallback::Null),
    Field::new("fixed_ip_address", Type::Short(64), Fallback::Null),
    Field::new("floating_ip_address", Type::Short(64), Fallback::Null).fixed(),
    Field::new("subnet_id", Type::Short(64), Fallback::Absent).fixed(),
    Field::new("qos_policy_id", Type::Text, Fallback::Null),
    Field::new("dns_name", Type::Short(255), Fallback::Empty),
    Field::new("dns_domain", Type::Short(255), Fallback::Empty),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for FloatingIps {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::FloatingIp, "floatingip", "floatingips")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::FloatingIp, id, format!("Floating IP {id} could not be found"))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::Network, &FIELDS, given)?;
        let network_id = body.text("floating_network_id").unwrap_or_default().to_owned();
        if !state.visible(scope, Kind::Network, &network_id)?.flag("router:external") {
            return Err(Refusal::bad(format!("Bad floatingip request: Network {network_id} is not a valid external network.")));
        }
        admit(state, &project, "floatingip")?;
        let asked = [("ip_address", body.text("floating_ip_address")), ("subnet_id", body.text("subnet_id"))];
        let asked: Body = asked.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect();
        let asked = (!asked.is_empty()).then(|| vec![Value::Object(asked)]);
        let fixed_ips = addresses::allocate(state, &network_id, asked.as_deref())?;
        let floating = fixed_ips.first().and_then(|fixed| fixed.get("ip_address")).cloned().ok_or_else(|| {
            Refusal::bad(format!("Bad floatingip request: Network {network_id} does not contain any IPv4 subnet."))
        })?;
        let port_id = body.remove("port_id").unwrap_or_default();
        let fixed = body.remove("fixed_ip_address").unwrap_or_default();
        let mut record = Record { project_id: project, ..Record::new(scope, body) };
        record.set("floating_ip_address", floating);
        let link = port_id.as_str().map(|port| associate(state, scope, &record, port, fixed.as_str())).transpose()?;
        record.body.extend(link.unwrap_or_else(loose));
        ports::internal(state, scope, "", "network:floatingip", &record.id, &network_id, fixed_ips);
        Ok(state.insert(Kind::FloatingIp, record))
    }

    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = view(record);
        let details = state.get(Kind::Port, record.text("port_id")).map(|port| {
            json!({"name": port.name(), "network_id": port.text("network_id"), "mac_address": port.text("mac_address"),
                "admin_state_up": port.flag("admin_state_up"), "status": port.text("status"),
                "device_id": port.text("device_id"), "device_owner": port.text("device_owner")})
        });
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("port_details".to_owned(), details.unwrap_or_default());
            shown.insert("port_forwardings".to_owned(), json!([]));
        }
        shown
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let mut body = fields::for_update(Service::Network, &FIELDS, given)?;
        if let Some(port_id) = body.remove("port_id") {
            let fixed = body.remove("fixed_ip_address").unwrap_or_default();
            let record = state.get(Kind::FloatingIp, id).ok_or_else(|| self.missing(id))?;
            let link = port_id.as_str().map(|port| associate(state, scope, record, port, fixed.as_str())).transpose()?;
            body.extend(link.unwrap_or_else(loose));
        }
        state.patch(Kind::FloatingIp, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        for port in
            state.ids(Kind::Port, |port| port.text("device_id") == id && port.text("device_owner") == "network:floatingip")
        {
            state.remove(Kind::Port, &port);
        }
        state.remove(Kind::FloatingIp, id);
        Ok(())
    }
}

fn loose() -> Body {
    link(Value::Null, Value::Null, Value::Null, "DOWN")
}

fn link(port: Value, fixed: Value, router: Value, status: &str) -> Body {
    let all = [("port_id", port), ("fixed_ip_address", fixed), ("router_id", router), ("status", json!(status))];
    all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Without its port.
pub fn release(state: &mut State, id: &str) {
    state.patch(Kind::FloatingIp, id, loose());
}

/// A port can have a floating IP if a router leads from its subnet to the external network.
fn associate(state: &State, scope: &Scope, floating: &Record, port_id: &str, fixed: Option<&str>) -> Result<Body, Refusal> {
    let external = floating.text("floating_network_id");
    let port = state.visible(scope, Kind::Port, port_id)?;
    let mut addresses = port.list("fixed_ips").iter().filter_map(|entry| {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        Some((text("subnet_id")?, text("ip_address")?))
    });
    let Some((subnet, address)) = addresses.find(|(_, address)| fixed.is_none_or(|fixed| fixed == *address)) else {
        return Err(Refusal::bad(format!(
            "Bad floatingip request: Port {port_id} does not have fixed ip {}.",
            fixed.unwrap_or_default()
        )));
    };
    let taken = |other: &&Record| {
        other.id != floating.id && other.text("port_id") == port_id && other.text("fixed_ip_address") == address
    };
    if let Some(other) = state.all(Kind::FloatingIp).into_iter().find(taken) {
        let message = format!(
            "Cannot associate floating IP {} ({}) with port {port_id} using fixed IP {address}, as that fixed IP already has a floating IP on external network {external}.",
            other.text("floating_ip_address"),
            floating.id
        );
        return Err(Refusal::conflict("FloatingIPPortAlreadyAssociated", message));
    }
    let leads = |router: &&Record| {
        routers::gateway_of(state, &router.id).as_deref() == Some(external)
            && routers::interfaces(state, &router.id).iter().any(|(_, on)| on == subnet)
    };
    let router = state.all(Kind::Router).into_iter().find(leads).ok_or_else(|| {
        let message = format!("External network {external} is not reachable from subnet {subnet}.  Therefore, cannot associate Port {port_id} with a Floating IP.");
        Refusal::new(Problem::NotFound, "ExternalGatewayForFloatingIPNotFound", message)
    })?;
    Ok(link(json!(port_id), json!(address), json!(router.id), "ACTIVE"))
}
