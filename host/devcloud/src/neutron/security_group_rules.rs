//! `/security-group-rules`.

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{admit, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct SecurityGroupRules;

const FIELDS: [Field; 10] = [
    Field::new("security_group_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("direction", Type::OneOf(&["ingress", "egress"]), Fallback::Required).fixed(),
    Field::new("ethertype", Type::OneOf(&["IPv4", "IPv6"]), Fallback::Text("IPv4")).fixed(),
    Field::new("protocol", Type::Anything, Fallback::Null).fixed(),
    Field::new("port_range_min", Type::Number(-1, 65535), Fallback::Null).fixed(),
    Field::new("port_range_max", Type::Number(-1, 65535), Fallback::Null).fixed(),
    Field::new("remote_ip_prefix", Type::Short(64), Fallback::Null).fixed(),
    Field::new("remote_group_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("remote_address_group_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("description", Type::Short(255), Fallback::Empty).fixed(),
];

/// Two rules that agree in these are the same.
const IDENTITY: [&str; 8] = [
    "security_group_id",
    "direction",
    "ethertype",
    "protocol",
    "port_range_min",
    "port_range_max",
    "remote_ip_prefix",
    "remote_group_id",
];

impl Resource for SecurityGroupRules {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::SecurityGroupRule, "security_group_rule", "security_group_rules")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::SecurityGroupRule, id, format!("Security group rule {id} does not exist"))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        super::owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::Network, &FIELDS, given)?;
        let group = body.text("security_group_id").unwrap_or_default().to_owned();
        let project = state.visible(scope, Kind::SecurityGroup, &group)?.project_id.clone();
        if let Some(remote) = body.text("remote_group_id") {
            state.visible(scope, Kind::SecurityGroup, remote)?;
        }
        check(&mut body)?;
        let same = |rule: &&Record| IDENTITY.iter().all(|key| rule.body.get(*key) == body.get(*key));
        if let Some(rule) = state.all(Kind::SecurityGroupRule).into_iter().find(same) {
            let message = format!("Security group rule already exists. Rule id is {}.", rule.id);
            return Err(Refusal::conflict("SecurityGroupRuleExists", message));
        }
        admit(state, &project, "security_group_rule")?;
        let record = Record { project_id: project, ..Record::new(scope, body) };
        Ok(state.insert(Kind::SecurityGroupRule, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        view(record)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        state.remove(Kind::SecurityGroupRule, id);
        Ok(())
    }
}

fn check(body: &mut Body) -> Result<(), Refusal> {
    let protocol = match body.get("protocol") {
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::String(text)) if !text.is_empty() => Some(text.to_ascii_lowercase()),
        _ => None,
    };
    body.insert("protocol".to_owned(), json!(protocol));
    let ports = (body.number("port_range_min"), body.number("port_range_max"));
    let icmp = protocol.as_deref().is_some_and(|protocol| protocol.contains("icmp"));
    match (ports, &protocol) {
        ((None, None), _) => {}
        (_, None) => return Err(Refusal::bad("Must also specify protocol if port range is given.")),
        _ if icmp => {}
        ((Some(least), Some(most)), _) if least <= most => {}
        _ => return Err(Refusal::bad("For TCP/UDP protocols, port_range_min must be <= port_range_max")),
    }
    if body.has("remote_ip_prefix") && body.has("remote_group_id") {
        return Err(Refusal::bad("Only remote_ip_prefix or remote_group_id may be provided."));
    }
    if let Some(text) = body.text("remote_ip_prefix") {
        let prefix = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
        let prefix = prefix
            .map_err(|_| Refusal::bad(format!("Invalid input for remote_ip_prefix. Reason: '{text}' is not a valid CIDR.")))?;
        let family = if matches!(prefix, IpNet::V4(_)) { "IPv4" } else { "IPv6" };
        if body.text("ethertype") != Some(family) {
            return Err(Refusal::bad(format!(
                "Conflicting value ethertype {} for CIDR {text}",
                body.text("ethertype").unwrap_or_default()
            )));
        }
    }
    Ok(())
}

/// The two rules that every new group has.
pub fn open_egress(state: &mut State, scope: &Scope, group: &str) {
    for family in ["IPv4", "IPv6"] {
        rule(state, scope, group, "egress", family, Value::Null);
    }
}

/// The two rules that the default group has besides: its members may talk to each other.
pub fn admit_members(state: &mut State, scope: &Scope, group: &str) {
    for family in ["IPv4", "IPv6"] {
        rule(state, scope, group, "ingress", family, json!(group));
    }
}

fn rule(state: &mut State, scope: &Scope, group: &str, direction: &str, family: &str, remote: Value) {
    let given = json!({"security_group_id": group, "direction": direction, "ethertype": family, "remote_group_id": remote});
    let given = given.as_object().cloned().unwrap_or_default();
    let project = state.get(Kind::SecurityGroup, group).map(|group| group.project_id.clone()).unwrap_or_default();
    if let Ok(body) = fields::for_create(Service::Network, &FIELDS, given) {
        let mut record = Record { project_id: project, ..Record::new(scope, body) };
        record.private.insert("implicit".to_owned(), json!(true));
        state.insert(Kind::SecurityGroupRule, record);
    }
}
