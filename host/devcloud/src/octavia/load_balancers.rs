//! `/lbaas/loadbalancers`.

use serde_json::{Value, json};

use super::{admit, arrived, mutable, of_balancer, owner, references, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    neutron::{addresses, ports},
    pending::Change,
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct LoadBalancers;

const FIELDS: [Field; 14] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("vip_address", Type::Short(64), Fallback::Null).fixed(),
    Field::new("vip_subnet_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("vip_network_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("vip_port_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("vip_qos_policy_id", Type::Short(64), Fallback::Null),
    Field::new("additional_vips", Type::List, Fallback::List).fixed(),
    Field::new("provider", Type::OneOf(&["amphora", "amphorav2", "ovn", "octavia"]), Fallback::Text("amphora")).fixed(),
    Field::new("flavor_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("availability_zone", Type::Short(255), Fallback::Null).fixed(),
    Field::new("vip_vnic_type", Type::Text, Fallback::Text("normal")).fixed(),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for LoadBalancers {
    fn shape(&self) -> Shape {
        Shape::new(Service::LoadBalancer, Kind::LoadBalancer, "loadbalancer", "loadbalancers")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::LoadBalancer, id, format!("Load Balancer {id} not found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::LoadBalancer, &FIELDS, given)?;
        admit(state, &project, "loadbalancer")?;
        let record = Record { project_id: project, ..Record::new(scope, Body::new()) };
        let (port, own) = vip(state, scope, &body, &record)?;
        let shown = state.get(Kind::Port, &port);
        let fixed = shown.and_then(|port| port.list("fixed_ips").first());
        let text = |key: &str| fixed.and_then(|fixed| fixed.get(key)).cloned().unwrap_or_default();
        let network = shown.map(|port| port.text("network_id")).unwrap_or_default();
        for (key, value) in [
            ("vip_address", text("ip_address")),
            ("vip_subnet_id", text("subnet_id")),
            ("vip_network_id", json!(network)),
            ("vip_port_id", json!(port)),
            ("provisioning_status", json!("PENDING_CREATE")),
            ("operating_status", json!("OFFLINE")),
        ] {
            body.insert(key.to_owned(), value);
        }
        let mut record = Record { body, ..record };
        record.private.insert("own_port".to_owned(), json!(own));
        let id = state.insert(Kind::LoadBalancer, record);
        state.later(Kind::LoadBalancer, &id, arrived());
        Ok(id)
    }

    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = view(record);
        shown.insert("listeners".to_owned(), references(&of_balancer(state, Kind::Listener, &record.id)));
        shown.insert("pools".to_owned(), references(&of_balancer(state, Kind::Pool, &record.id)));
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, _: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        mutable(state, id)?;
        let body = fields::for_update(Service::LoadBalancer, &FIELDS, given)?;
        state.patch(Kind::LoadBalancer, id, body);
        state.set(Kind::LoadBalancer, id, "provisioning_status", "PENDING_UPDATE");
        state.later(Kind::LoadBalancer, id, arrived());
        Ok(())
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        let children = [Kind::Listener, Kind::Pool].iter().any(|kind| !of_balancer(state, *kind, id).is_empty());
        if children {
            return Err(Refusal::bad(format!("Cannot delete Load Balancer {id} - it has children")));
        }
        remove(state, id)
    }

    /// `delete-cascade`.
    fn act(&self, state: &mut State, _: &Scope, id: &str, action: &str, _: Body) -> Result<Value, Refusal> {
        if action != "delete-cascade" {
            return Err(Refusal::bad(format!("There is no such action: {action}")));
        }
        remove(state, id)?;
        Ok(Value::Null)
    }
}

/// With everything that it has; its address is free at once if it was taken for it.
fn remove(state: &mut State, id: &str) -> Result<(), Refusal> {
    mutable(state, id)?;
    for kind in [Kind::HealthMonitor, Kind::PoolMember, Kind::Pool, Kind::Listener] {
        for child in of_balancer(state, kind, id) {
            state.set(kind, &child, "provisioning_status", "PENDING_DELETE");
            state.later(kind, &child, Change::Remove);
        }
    }
    if let Some(record) = state.get(Kind::LoadBalancer, id) {
        let (port, own) = (record.text("vip_port_id").to_owned(), record.private.get("own_port") == Some(&json!(true)));
        match own {
            true => ports::remove(state, &port),
            false => {
                state.set(Kind::Port, &port, "device_id", "");
                state.set(Kind::Port, &port, "device_owner", "");
            }
        }
    }
    state.set(Kind::LoadBalancer, id, "provisioning_status", "PENDING_DELETE");
    state.later(Kind::LoadBalancer, id, Change::Remove);
    Ok(())
}

/// The port of the address: given, or made on the given subnet or network.
fn vip(state: &mut State, scope: &Scope, body: &Body, balancer: &Record) -> Result<(String, bool), Refusal> {
    let device = format!("lb-{}", balancer.id);
    if let Some(port) = body.text("vip_port_id") {
        let found = state.visible(scope, Kind::Port, port).map_err(|_| Refusal::bad(format!("Port {port} not found.")))?;
        if !found.text("device_id").is_empty() {
            return Err(Refusal::bad(format!("Port {port} is already used by other resource.")));
        }
        let port = port.to_owned();
        state.set(Kind::Port, &port, "device_id", device);
        state.set(Kind::Port, &port, "device_owner", "Octavia");
        return Ok((port, false));
    }
    let (network, subnet) = match (body.text("vip_subnet_id"), body.text("vip_network_id")) {
        (Some(id), _) => {
            let subnet = state.visible(scope, Kind::Subnet, id).map_err(|_| Refusal::bad(format!("Subnet {id} not found.")))?;
            (subnet.text("network_id").to_owned(), Some(id))
        }
        (None, Some(id)) => {
            state.visible(scope, Kind::Network, id).map_err(|_| Refusal::bad(format!("Network {id} not found.")))?;
            if state.ids(Kind::Subnet, |subnet| subnet.text("network_id") == id).is_empty() {
                return Err(Refusal::bad("Supplied network does not contain a subnet."));
            }
            (id.to_owned(), None)
        }
        (None, None) => {
            return Err(Refusal::bad("Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id."));
        }
    };
    let asked = [("subnet_id", subnet), ("ip_address", body.text("vip_address"))];
    let asked: Body = asked.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect();
    let asked = (!asked.is_empty()).then(|| vec![Value::Object(asked)]);
    let fixed_ips = addresses::allocate(state, &network, asked.as_deref())?;
    let port = ports::internal(state, scope, &balancer.project_id, "Octavia", &device, &network, fixed_ips);
    state.set(Kind::Port, &port, "name", format!("octavia-{device}"));
    Ok((port, true))
}
