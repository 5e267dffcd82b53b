//! `/networks`.

use serde_json::{Value, json};

use super::{admit, owner, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Networks;

const FIELDS: [Field; 15] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("shared", Type::Flag, Fallback::Flag(false)),
    Field::new("router:external", Type::Flag, Fallback::Flag(false)),
    Field::new("is_default", Type::Flag, Fallback::Flag(false)),
    Field::new("port_security_enabled", Type::Flag, Fallback::Flag(true)),
    Field::new("mtu", Type::Number(68, 65535), Fallback::Number(1450)),
    Field::new("dns_domain", Type::Short(255), Fallback::Empty),
    Field::new("qos_policy_id", Type::Text, Fallback::Null),
    Field::new("availability_zone_hints", Type::List, Fallback::List).fixed(),
    Field::new("provider:network_type", Type::Text, Fallback::Text("geneve")),
    Field::new("provider:physical_network", Type::Text, Fallback::Null),
    Field::new("provider:segmentation_id", Type::Number(0, 1 << 24), Fallback::Null),
    Field::new("tags", Type::List, Fallback::List),
];

/// Only administrators may say these.
const FOR_ADMINS: [&str; 5] =
    ["shared", "router:external", "provider:network_type", "provider:physical_network", "provider:segmentation_id"];

fn check(scope: &Scope, given: &Body) -> Result<(), Refusal> {
    let asked = |key: &&str| given.get(*key).is_some_and(|value| !value.is_null() && *value != json!(false));
    match FOR_ADMINS.iter().find(|key| asked(key)).filter(|_| !scope.is_admin()) {
        Some(key) => Err(Refusal::forbidden(format!("(rule:create_network:{key}) is disallowed by policy"))),
        None => Ok(()),
    }
}

impl Resource for Networks {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::Network, "network", "networks")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Network, id, format!("Network {id} could not be found."))
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        scope.is_admin() || record.project_id == scope.project_id || record.flag("shared") || record.flag("router:external")
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        check(scope, &given)?;
        let body = fields::for_create(Service::Network, &FIELDS, given)?;
        admit(state, &project, "network")?;
        let mut record = Record { project_id: project, ..Record::new(scope, body) };
        record.set("status", "ACTIVE");
        record.set("availability_zones", json!(["nova"]));
        Ok(state.insert(Kind::Network, record))
    }

    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = view(record);
        let subnets = state.ids(Kind::Subnet, |subnet| subnet.text("network_id") == record.id);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("subnets".to_owned(), json!(subnets));
            shown.insert("ipv4_address_scope".to_owned(), Value::Null);
            shown.insert("ipv6_address_scope".to_owned(), Value::Null);
        }
        shown
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        owned(state, scope, Kind::Network, id)?;
        check(scope, &given)?;
        let body = fields::for_update(Service::Network, &FIELDS, given)?;
        state.patch(Kind::Network, id, body);
        Ok(())
    }

    /// Takes its subnets with it, but no ports.
    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal> {
        owned(state, scope, Kind::Network, id)?;
        let ports = state.ids(Kind::Port, |port| port.text("network_id") == id);
        if !ports.is_empty() {
            let message = format!(
                "Unable to complete operation on network {id}. There are one or more ports still in use on the network, id for these ports is: {}.",
                ports.join(",")
            );
            return Err(Refusal::conflict("NetworkInUse", message));
        }
        for subnet in state.ids(Kind::Subnet, |subnet| subnet.text("network_id") == id) {
            state.remove(Kind::Subnet, &subnet);
        }
        state.remove(Kind::Network, id);
        Ok(())
    }
}

/// What is shared may be seen, but changed only by its owner.
pub fn owned(state: &State, scope: &Scope, kind: Kind, id: &str) -> Result<(), Refusal> {
    let own = state.get(kind, id).is_some_and(|record| record.project_id == scope.project_id);
    if own || scope.is_admin() {
        return Ok(());
    }
    Err(Refusal::forbidden("This object belongs to another project: changing it is disallowed by policy"))
}
