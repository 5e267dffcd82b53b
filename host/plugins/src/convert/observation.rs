//! What `read-stack`, `pick-removals`, `before-delete` and `check-health` answer, from guests.

use std::collections::BTreeMap;

use jeroboam_model::{
    HealthStatus, NodeGroupId,
    driver::{GroupObservation, Health, Observation, Progress},
};

use super::{Bad, bad, cluster::CA_GENERATION, distinct, error::wait};
use crate::{
    Redactor,
    bindings::exports::jeroboam::coe::driver as wit,
    text::{is_word, message},
};

/// What an API's address may start with; `tcp` is Docker's, as `DOCKER_HOST` has it.
const SCHEMES: &[&str] = &["https://", "http://", "tcp://"];

/// How much a driver can have remembered of one cluster: pairs, and bytes of all names and values.
const MEMORY_PAIRS: usize = 64;
const MEMORY_BYTES: usize = 16 << 10;

/// `groups`: those of the cluster.
pub(crate) fn observation(seen: wit::Observation, groups: &[NodeGroupId]) -> Result<Observation, Bad> {
    if let Some(address) = &seen.api_address
        && !(is_word(address) && SCHEMES.iter().any(|scheme| address.starts_with(scheme)))
    {
        return bad("api-address", format_args!("{address:?} is no URL"));
    }
    distinct("groups", seen.groups.iter().map(|group| group.group.as_str()))?;
    Ok(Observation {
        api_address: seen.api_address,
        coe_version: seen.coe_version.as_deref().map(message),
        container_version: seen.container_version.as_deref().map(message),
        groups: seen.groups.into_iter().map(|seen| group(seen, groups)).collect::<Result<_, _>>()?,
        memory: memory(seen.extras)?,
    })
}

/// What the driver wants to be told again.
fn memory(pairs: Vec<(String, String)>) -> Result<BTreeMap<String, String>, Bad> {
    distinct("extras", pairs.iter().map(|(name, _)| name.as_str()))?;
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
    if pairs.len() > MEMORY_PAIRS || bytes > MEMORY_BYTES {
        return bad("extras", format_args!("more than {MEMORY_PAIRS} pairs, or {MEMORY_BYTES} bytes"));
    }
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && name != CA_GENERATION
    };
    match pairs.iter().find(|(name, _)| !is_name(name)) {
        Some((name, _)) => bad("extras", format_args!("{name:?} is no name: [a-z][a-z0-9-]*, and not {CA_GENERATION}")),
        None => Ok(pairs.into_iter().collect()),
    }
}

fn group(seen: wit::GroupObservation, groups: &[NodeGroupId]) -> Result<GroupObservation, Bad> {
    let Some(group) = seen.group.parse().ok().filter(|group| groups.contains(group)) else {
        return bad("groups", format_args!("{:?} is no group of this cluster", seen.group));
    };
    match seen.node_addresses.iter().find(|address| !is_word(address)) {
        Some(address) => bad(&format!("groups/{group}/node-addresses"), format_args!("{address:?} is no address")),
        None => Ok(GroupObservation { group, node_addresses: seen.node_addresses }),
    }
}

pub(crate) fn removals(nodes: Vec<String>, count: u32) -> Result<Vec<String>, Bad> {
    if nodes.len() > count as usize {
        return bad("pick-removals", format_args!("{} nodes where {count} are to go", nodes.len()));
    }
    distinct("pick-removals", nodes.iter().map(String::as_str))?;
    match nodes.iter().find(|node| !is_word(node)) {
        Some(node) => bad("pick-removals", format_args!("{node:?} is no server, index or address")),
        None => Ok(nodes),
    }
}

pub(crate) fn progress(progress: wit::Progress, redactor: &Redactor) -> Progress {
    match progress {
        wit::Progress::Done => Progress::Done,
        wit::Progress::Waiting(retry) => {
            Progress::Waiting { message: redactor.message(&retry.message), after: wait(retry.after_ms) }
        }
    }
}

/// The most things that a cluster's health can be told from, which are kept with it.
const REASONS_MAX: usize = 4096;

pub(crate) fn health(health: wit::Health, redactor: &Redactor) -> Result<Health, Bad> {
    if health.reasons.len() > REASONS_MAX {
        return bad("reasons", format_args!("{} where {REASONS_MAX} are the most", health.reasons.len()));
    }
    distinct("reasons", health.reasons.iter().map(|(name, _)| name.as_str()))?;
    Ok(Health {
        status: match health.status {
            wit::HealthStatus::Healthy => HealthStatus::Healthy,
            wit::HealthStatus::Unhealthy => HealthStatus::Unhealthy,
            wit::HealthStatus::Unknown => HealthStatus::Unknown,
        },
        reasons: health.reasons.iter().map(|(name, said)| (redactor.message(name), redactor.message(said))).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> wit::Observation {
        wit::Observation { api_address: None, coe_version: None, container_version: None, groups: vec![], extras: vec![] }
    }

    #[test]
    fn an_address_of_the_api_has_to_be_a_url() {
        let with = |address: &str| observation(wit::Observation { api_address: Some(address.into()), ..seen() }, &[]);
        for address in ["https://203.0.113.7:6443", "http://203.0.113.7:8080", "tcp://203.0.113.7:2376"] {
            assert_eq!(with(address).unwrap().api_address.as_deref(), Some(address));
        }
        for address in ["", "203.0.113.7", "file:///etc/passwd", "https://a b", "https://a\nb"] {
            assert!(with(address).unwrap_err().0.starts_with("api-address: "), "{address:?}");
        }
    }

    #[test]
    fn a_group_has_to_be_the_clusters() {
        let own = NodeGroupId::random();
        let with = |group: &str| {
            let group = wit::GroupObservation { group: group.into(), node_addresses: vec!["10.0.0.5".into()], extras: vec![] };
            observation(wit::Observation { groups: vec![group], ..seen() }, &[own])
        };
        assert_eq!(with(&own.to_string()).unwrap().groups[0].group, own);
        assert!(with(&NodeGroupId::random().to_string()).is_err());
        assert!(with("x").is_err());
    }

    #[test]
    fn a_drivers_memory_has_names_and_bounds() {
        let with = |extras: Vec<(String, String)>| observation(wit::Observation { extras, ..seen() }, &[]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let seen = with(vec![pair("network-id", "n"), pair("b", "")]).unwrap();
        assert_eq!(seen.memory, BTreeMap::from([pair("b", ""), pair("network-id", "n")]));
        for extras in [
            vec![pair("Network", "n")],
            vec![pair("", "n")],
            vec![pair("ca-generation", "9")],
            vec![pair("a", "1"), pair("a", "2")],
            vec![pair("a", &"x".repeat(16 << 10))],
            (0..65).map(|n| pair(&format!("a{n}"), "")).collect(),
        ] {
            assert!(with(extras.clone()).unwrap_err().0.starts_with("extras: "), "{extras:?}");
        }
    }

    #[test]
    fn no_more_nodes_leave_than_have_to() {
        assert_eq!(removals(vec!["1".into()], 2), Ok(vec!["1".into()]));
        assert!(removals(vec!["1".into(), "2".into()], 1).is_err());
        assert!(removals(vec!["1".into(), "1".into()], 2).is_err());
        assert!(removals(vec!["".into()], 1).is_err());
    }
}
