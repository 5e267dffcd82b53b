//! `/subnets`.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{addresses, admit, networks::owned, owner, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Subnets;

const FIELDS: [Field; 15] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("network_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("cidr", Type::Short(64), Fallback::Required).fixed(),
    Field::new("ip_version", Type::Number(4, 6), Fallback::Number(4)).fixed(),
    Field::new("gateway_ip", Type::Short(64), Fallback::Null),
    Field::new("allocation_pools", Type::List, Fallback::Absent),
    Field::new("dns_nameservers", Type::List, Fallback::List),
    Field::new("host_routes", Type::List, Fallback::List),
    Field::new("service_types", Type::List, Fallback::List),
    Field::new("enable_dhcp", Type::Flag, Fallback::Flag(true)),
    Field::new("ipv6_address_mode", Type::Text, Fallback::Null).fixed(),
    Field::new("ipv6_ra_mode", Type::Text, Fallback::Null).fixed(),
    Field::new("subnetpool_id", Type::Text, Fallback::Null).fixed(),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for Subnets {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::Subnet, "subnet", "subnets")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Subnet, id, format!("Subnet {id} could not be found."))
    }

    /// As its network.
    fn visible(&self, state: &State, scope: &Scope, record: &Record) -> bool {
        let shared = || state.get(Kind::Network, record.text("network_id")).is_some_and(|network| network.flag("shared"));
        scope.is_admin() || record.project_id == scope.project_id || shared()
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        // An explicit null means "without a gateway"; nothing means "the first address".
        let without_gateway = given.get("gateway_ip").is_some_and(Value::is_null);
        let mut body = fields::for_create(Service::Network, &FIELDS, given)?;
        let network_id = body.text("network_id").unwrap_or_default().to_owned();
        state.visible(scope, Kind::Network, &network_id)?;
        owned(state, scope, Kind::Network, &network_id)?;
        admit(state, &project, "subnet")?;
        let cidr = cidr_of(&body)?;
        for other in state.all(Kind::Subnet).into_iter().filter(|other| other.text("network_id") == network_id) {
            if other.text("cidr").parse::<IpNet>().is_ok_and(|other| other.contains(&cidr) || cidr.contains(&other)) {
                return Err(Refusal::bad(format!(
                    "Invalid input for operation: Requested subnet with cidr: {cidr} for network: {network_id} overlaps with another subnet."
                )));
            }
        }
        let gateway = match body.text("gateway_ip") {
            Some(text) => Some(addresses::parse(text)?),
            None if without_gateway => None,
            None => Some(addresses::address(addresses::number(cidr.network()) + 1, cidr.network())),
        };
        if !body.has("allocation_pools") {
            body.insert("allocation_pools".to_owned(), addresses::default_pools(cidr, gateway).into());
        }
        check_pools(cidr, gateway, body.list("allocation_pools"))?;
        body.insert("cidr".to_owned(), json!(cidr.to_string()));
        body.insert("gateway_ip".to_owned(), json!(gateway.map(|gateway| gateway.to_string())));
        let record = Record { project_id: project, ..Record::new(scope, body) };
        Ok(state.insert(Kind::Subnet, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        view(record)
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        owned(state, scope, Kind::Subnet, id)?;
        let body = fields::for_update(Service::Network, &FIELDS, given)?;
        if let Some(text) = body.text("gateway_ip") {
            addresses::parse(text)?;
        }
        state.patch(Kind::Subnet, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal> {
        owned(state, scope, Kind::Subnet, id)?;
        if !addresses::taken(state, id).is_empty() {
            let message =
                format!("Unable to complete operation on subnet {id}: One or more ports have an IP allocation from this subnet.");
            return Err(Refusal::conflict("SubnetInUse", message));
        }
        state.remove(Kind::Subnet, id);
        Ok(())
    }
}

fn cidr_of(body: &Body) -> Result<IpNet, Refusal> {
    let text = body.text("cidr").unwrap_or_default();
    let cidr: IpNet =
        text.parse().map_err(|_| Refusal::bad(format!("Invalid input for cidr. Reason: '{text}' is not a valid IP subnet.")))?;
    let version = if matches!(cidr, IpNet::V4(_)) { 4 } else { 6 };
    if body.number("ip_version") != Some(version) {
        return Err(Refusal::bad(format!("Invalid input for operation: cidr '{text}' does not match the ip_version.")));
    }
    Ok(cidr.trunc())
}

fn check_pools(cidr: IpNet, gateway: Option<IpAddr>, pools: &[Value]) -> Result<(), Refusal> {
    for pool in pools {
        let end = |key: &str| pool.get(key).and_then(Value::as_str).and_then(|text| text.parse::<IpAddr>().ok());
        let (Some(start), Some(end)) = (end("start"), end("end")) else {
            return Err(Refusal::bad(
                "Invalid input for allocation_pools. Reason: a pool needs the addresses 'start' and 'end'.",
            ));
        };
        if start > end || !cidr.contains(&start) || !cidr.contains(&end) {
            return Err(Refusal::bad(format!("The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.")));
        }
        if let Some(gateway) = gateway.filter(|gateway| (start..=end).contains(gateway)) {
            let message = format!("Gateway ip {gateway} conflicts with allocation pool {start}-{end}.");
            return Err(Refusal::conflict("GatewayConflictWithAllocationPools", message));
        }
    }
    Ok(())
}
