//! What Heat does with a resource whose properties change.
//!
//! The table is Heat's own; what the table cannot say (policies of servers, sizes that cannot shrink, what groups lose) is here. What is not known is
//! taken for a replacement: to announce one that does not happen is a nuisance, to miss one loses a node.

use std::{collections::HashMap, sync::LazyLock};

use crate::hot::{Fields, Term};

const TABLE: &str = include_str!("updatable.txt");

pub(crate) const CHAIN: &str = "OS::Heat::ResourceChain";

/// What Heat does with a resource because of one property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    InPlace,
    /// Why, in a few words.
    Replaces(String),
    /// Heat will not do it.
    Refused(String),
}

/// Types that hold nothing that anybody would miss: Heat makes a new one beside the old one, and nodes at most run a script again.
const EXPENDABLE: &[&str] = &[
    "OS::Heat::CloudConfig",
    "OS::Heat::Delay",
    "OS::Heat::MultipartMime",
    "OS::Heat::None",
    "OS::Heat::SoftwareComponent",
    "OS::Heat::SoftwareConfig",
    "OS::Heat::SoftwareDeployment",
    "OS::Heat::SoftwareDeploymentGroup",
    "OS::Heat::StructuredConfig",
    "OS::Heat::StructuredDeployment",
    "OS::Heat::StructuredDeploymentGroup",
    "OS::Heat::Value",
    "OS::Neutron::SecurityGroupRule",
    "OS::Octavia::HealthMonitor",
    "OS::Octavia::PoolMember",
];

/// Properties that no attribute but the one of the same name tells of.
const SILENT: &[&str] = &[
    "actions",
    "admin_pass",
    "admin_state_up",
    "allowed_address_pairs",
    "allowed_cidrs",
    "cooldown",
    "delay",
    "description",
    "dns_nameservers",
    "enable_dhcp",
    "flavor_update_policy",
    "host_routes",
    "image_update_policy",
    "input_values",
    "lb_algorithm",
    "max_retries",
    "metadata",
    "name",
    "port_security_enabled",
    "removal_policies",
    "rules",
    "security_groups",
    "size",
    "software_config_transport",
    "tags",
    "timeout",
    "url_path",
    "user_data",
    "user_data_update_policy",
    "volume_type",
    "weight",
];

struct Properties {
    updatable: Vec<&'static str>,
    refused: Vec<&'static str>,
}

static TYPES: LazyLock<HashMap<&'static str, Properties>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let types = lines.filter_map(|line| line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, ""))));
    types
        .map(|(name, properties)| {
            let (refused, updatable): (Vec<_>, Vec<_>) = properties.split_whitespace().partition(|name| name.starts_with('!'));
            (name, Properties { updatable, refused: refused.iter().map(|name| name.trim_start_matches('!')).collect() })
        })
        .collect()
});

/// Whether a type is the name of a template among the files.
pub(crate) fn is_template(kind: &str) -> bool {
    kind.ends_with(".yaml") || kind.ends_with(".yml") || kind.ends_with(".template")
}

/// The property in which a group has what its members are.
pub(crate) fn member_property(kind: &str) -> Option<&'static str> {
    match kind {
        "OS::Heat::ResourceGroup" => Some("resource_def"),
        "OS::Heat::AutoScalingGroup" => Some("resource"),
        _ => None,
    }
}

pub(crate) fn is_group(kind: &str) -> bool {
    member_property(kind).is_some()
}

/// Whether it can go, or be made anew, without a loss.
pub(crate) fn is_expendable(kind: &str) -> bool {
    EXPENDABLE.contains(&kind)
}

/// Whether attributes of other names may be others once this property has changed.
pub(crate) fn moves_attributes(property: &str) -> bool {
    !SILENT.contains(&property)
}

/// What a property does that changes, or of which something changes that it refers to.
pub(crate) fn effect(kind: &str, property: &str, before: &Fields, after: &Fields) -> Effect {
    if is_template(kind) {
        return Effect::InPlace;
    }
    let Some(known) = TYPES.get(kind) else { return Effect::Replaces(format!("nothing is known of {kind}")) };
    if known.refused.contains(&property) {
        return Effect::Refused(format!("Heat does not let {property} of {kind} change"));
    }
    if !known.updatable.contains(&property) {
        return Effect::Replaces(match property {
            "*" => "its properties come from a function".to_owned(),
            property => format!("{property} cannot change in place"),
        });
    }
    match (kind, property) {
        ("OS::Nova::Server", "flavor") => by_policy(after, property, "flavor_update_policy", "RESIZE"),
        ("OS::Nova::Server", "user_data") => by_policy(after, property, "user_data_update_policy", "REPLACE"),
        // From an image to a volume or back, there is nothing to rebuild.
        ("OS::Nova::Server", "image") if !(before.contains_key(property) && after.contains_key(property)) => {
            Effect::Replaces("it boots from something else".to_owned())
        }
        ("OS::Nova::Server", "image") => by_policy(after, property, "image_update_policy", "REBUILD"),
        ("OS::Cinder::Volume", "size") => match numbers(property, before, after) {
            Some((before, after)) if after < before => Effect::Refused("Heat does not shrink a volume".to_owned()),
            _ => Effect::InPlace,
        },
        ("OS::Heat::ResourceGroup", "count") | ("OS::Heat::AutoScalingGroup", "max_size" | "desired_capacity") => {
            match numbers(property, before, after) {
                Some((before, after)) if after >= before => Effect::InPlace,
                Some(_) => Effect::Replaces("it has fewer members".to_owned()),
                None => Effect::Replaces(format!("{property} cannot be told beforehand")),
            }
        }
        ("OS::Heat::ResourceGroup", "removal_policies") if after.get(property).is_none_or(names_nobody) => Effect::InPlace,
        ("OS::Heat::ResourceGroup", "removal_policies" | "removal_policies_mode") => {
            Effect::Replaces(format!("{property} names other members to remove"))
        }
        _ => Effect::InPlace,
    }
}

fn by_policy(after: &Fields, property: &str, policy: &str, default: &str) -> Effect {
    match after.get(policy).map_or(Some(default), Term::as_text) {
        Some("REPLACE") | None => Effect::Replaces(format!("{property} changes, and {policy} is REPLACE")),
        Some(_) => Effect::InPlace,
    }
}

/// Removal policies without members to remove.
fn names_nobody(policies: &Term) -> bool {
    let is_empty = |policy: &Term| policy.as_map()?.get("resource_list")?.as_list().map(<[Term]>::is_empty);
    policies.as_list().is_some_and(|policies| policies.iter().all(|policy| is_empty(policy) == Some(true)))
}

fn numbers(property: &str, before: &Fields, after: &Fields) -> Option<(f64, f64)> {
    Some((before.get(property)?.as_number()?, after.get(property)?.as_number()?))
}
