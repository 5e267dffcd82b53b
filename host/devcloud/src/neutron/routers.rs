//! `/routers`: a gateway to an external network, interfaces to subnets.

use serde_json::{Value, json};

use super::{addresses, admit, owner, ports, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Routers;

pub const INTERFACE: &str = "network:router_interface";
pub const GATEWAY: &str = "network:router_gateway";

const FIELDS: [Field; 10] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("external_gateway_info", Type::Object, Fallback::Null),
    Field::new("distributed", Type::Flag, Fallback::Flag(false)),
    Field::new("ha", Type::Flag, Fallback::Flag(false)),
    Field::new("flavor_id", Type::Text, Fallback::Null).fixed(),
    Field::new("availability_zone_hints", Type::List, Fallback::List).fixed(),
    Field::new("routes", Type::List, Fallback::List),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for Routers {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::Router, "router", "routers")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Router, id, format!("Router {id} could not be found"))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::Network, &FIELDS, given)?;
        let gateway = body.insert("external_gateway_info".to_owned(), Value::Null).unwrap_or_default();
        let network = gateway_network(state, scope, &gateway)?;
        admit(state, &project, "router")?;
        let mut record = Record { project_id: project, ..Record::new(scope, body) };
        record.set("status", "ACTIVE");
        let id = record.id.clone();
        if let Some(network) = network {
            let info = open_gateway(state, scope, &id, &network, &gateway)?;
            record.set("external_gateway_info", info);
        }
        Ok(state.insert(Kind::Router, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        view(record)
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let mut body = fields::for_update(Service::Network, &FIELDS, given)?;
        if let Some(gateway) = body.remove("external_gateway_info") {
            let network = gateway_network(state, scope, &gateway)?;
            let gateway_taken = state.all(Kind::FloatingIp).into_iter().any(|floating| floating.text("router_id") == id);
            let now = gateway_of(state, id);
            if gateway_taken && now != network {
                let message = format!(
                    "Gateway cannot be updated for router {id}, since a gateway to external network is required by one or more floating IPs."
                );
                return Err(Refusal::conflict("RouterExternalGatewayInUseByFloatingIp", message));
            }
            if now != network {
                close_gateway(state, id);
                let info = match &network {
                    Some(network) => open_gateway(state, scope, id, network, &gateway)?,
                    None => Value::Null,
                };
                body.insert("external_gateway_info".to_owned(), info);
            }
        }
        state.patch(Kind::Router, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        if !interfaces(state, id).is_empty() {
            return Err(Refusal::conflict("RouterInUse", format!("Router {id} still has ports")));
        }
        close_gateway(state, id);
        state.remove(Kind::Router, id);
        Ok(())
    }

    /// `add-router-interface` and `remove-router-interface`, each with a `subnet_id` or a `port_id`.
    fn act(&self, state: &mut State, scope: &Scope, id: &str, action: &str, given: Body) -> Result<Value, Refusal> {
        match action {
            "add-router-interface" => add_interface(state, scope, id, &given),
            "remove-router-interface" => remove_interface(state, id, &given),
            _ => Err(Refusal::bad(format!("There is no such action: {action}"))),
        }
    }
}

/// The external network that a gateway is asked to.
fn gateway_network(state: &State, scope: &Scope, gateway: &Value) -> Result<Option<String>, Refusal> {
    let Some(id) = gateway.get("network_id").and_then(Value::as_str) else {
        return Ok(None);
    };
    let network = state.visible(scope, Kind::Network, id)?;
    if !network.flag("router:external") {
        return Err(Refusal::bad(format!("Bad router request: Network {id} is not an external network.")));
    }
    Ok(Some(id.to_owned()))
}

fn open_gateway(state: &mut State, scope: &Scope, router: &str, network: &str, gateway: &Value) -> Result<Value, Refusal> {
    let asked = gateway.get("external_fixed_ips").and_then(Value::as_array).map(Vec::as_slice);
    let fixed_ips = addresses::allocate(state, network, asked)?;
    ports::internal(state, scope, "", GATEWAY, router, network, fixed_ips.clone());
    let snat = gateway.get("enable_snat").and_then(Value::as_bool).unwrap_or(true);
    Ok(json!({"network_id": network, "enable_snat": snat, "external_fixed_ips": fixed_ips}))
}

fn close_gateway(state: &mut State, router: &str) {
    for port in state.ids(Kind::Port, |port| port.text("device_id") == router && port.text("device_owner") == GATEWAY) {
        state.remove(Kind::Port, &port);
    }
}

/// The external network of a router's gateway.
pub fn gateway_of(state: &State, router: &str) -> Option<String> {
    let gateway = state.get(Kind::Router, router)?.body.object("external_gateway_info")?;
    gateway.text("network_id").map(str::to_owned)
}

/// The interfaces of a router: port and subnet.
pub fn interfaces(state: &State, router: &str) -> Vec<(String, String)> {
    let ports = state.all(Kind::Port).into_iter();
    let own = ports.filter(|port| port.text("device_id") == router && port.text("device_owner") == INTERFACE);
    own.flat_map(|port| {
        port.list("fixed_ips").iter().filter_map(|fixed| Some((port.id.clone(), fixed.get("subnet_id")?.as_str()?.to_owned())))
    })
    .collect()
}

fn add_interface(state: &mut State, scope: &Scope, id: &str, given: &Body) -> Result<Value, Refusal> {
    let (port_id, subnet_id) = match (given.text("subnet_id"), given.text("port_id")) {
        (Some(subnet_id), None) => {
            let subnet = state.visible(scope, Kind::Subnet, subnet_id)?.clone();
            not_yet(state, id, subnet_id)?;
            let gateway = subnet.text("gateway_ip");
            if gateway.is_empty() {
                return Err(Refusal::bad(format!(
                    "Bad router request: Subnet for router interface must have a gateway IP: {subnet_id}."
                )));
            }
            let address = addresses::claim(state, &subnet, gateway)?;
            let fixed = vec![json!({"subnet_id": subnet_id, "ip_address": address.to_string()})];
            let project = state.get(Kind::Router, id).map(|router| router.project_id.clone()).unwrap_or_default();
            let network = subnet.text("network_id").to_owned();
            (ports::internal(state, scope, &project, INTERFACE, id, &network, fixed), subnet_id.to_owned())
        }
        (None, Some(port_id)) => {
            let port = state.visible(scope, Kind::Port, port_id)?;
            if !port.text("device_id").is_empty() {
                let message = format!(
                    "Unable to complete operation on port {port_id} for network {}. Port already has an attached device {}.",
                    port.text("network_id"),
                    port.text("device_id")
                );
                return Err(Refusal::conflict("PortInUse", message));
            }
            let subnet = port.list("fixed_ips").first().and_then(|fixed| fixed.get("subnet_id")?.as_str());
            let subnet = subnet
                .ok_or_else(|| Refusal::bad("Bad router request: Router port must have at least one fixed IP."))?
                .to_owned();
            not_yet(state, id, &subnet)?;
            let port_id = port_id.to_owned();
            state.set(Kind::Port, &port_id, "device_owner", INTERFACE);
            state.set(Kind::Port, &port_id, "device_id", id);
            state.set(Kind::Port, &port_id, "status", "ACTIVE");
            (port_id, subnet)
        }
        _ => return Err(Refusal::bad("Bad router request: Either subnet_id or port_id must be specified, but not both.")),
    };
    Ok(answer(state, id, &port_id, &subnet_id))
}

fn not_yet(state: &State, router: &str, subnet: &str) -> Result<(), Refusal> {
    if interfaces(state, router).iter().any(|(_, on)| on == subnet) {
        return Err(Refusal::bad(format!("Bad router request: Router already has a port on subnet {subnet}.")));
    }
    Ok(())
}

fn answer(state: &State, router: &str, port: &str, subnet: &str) -> Value {
    let project = state.get(Kind::Router, router).map(|router| router.project_id.as_str());
    let network = state.get(Kind::Subnet, subnet).map(|subnet| subnet.text("network_id"));
    json!({"id": router, "port_id": port, "subnet_id": subnet, "subnet_ids": [subnet], "network_id": network,
        "tenant_id": project, "project_id": project, "tags": []})
}

fn remove_interface(state: &mut State, id: &str, given: &Body) -> Result<Value, Refusal> {
    let (subnet, port) = (given.text("subnet_id"), given.text("port_id"));
    let all = interfaces(state, id);
    let found = all.iter().find(|(on, net)| port.is_none_or(|port| port == on) && subnet.is_none_or(|subnet| subnet == net));
    let Some((port, subnet)) = found.filter(|_| subnet.is_some() || port.is_some()).cloned() else {
        let message = format!("Router {id} has no interface on subnet {}", subnet.or(port).unwrap_or_default());
        return Err(Refusal::new(Problem::NotFound, "RouterInterfaceNotFoundForSubnet", message));
    };
    let behind = |floating: &&Record| {
        let port = state.get(Kind::Port, floating.text("port_id"));
        floating.text("router_id") == id
            && port.is_some_and(|port| port.list("fixed_ips").iter().any(|fixed| fixed.get("subnet_id") == Some(&json!(subnet))))
    };
    if state.all(Kind::FloatingIp).iter().any(behind) {
        let message = format!(
            "Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required by one or more floating IPs."
        );
        return Err(Refusal::conflict("RouterInterfaceInUseByFloatingIP", message));
    }
    let gone = answer(state, id, &port, &subnet);
    state.remove(Kind::Port, &port);
    Ok(gone)
}
