//! Descriptions, from guests.

use jeroboam_model::{
    Coe, ServerType,
    driver::{Capability, ClusterType, Description, Features, LabelSpec, LabelType, name},
};

use super::{Bad, bad, distinct};
use crate::{
    bindings::{exports::jeroboam::coe::driver as wit, jeroboam::coe::types},
    text::{is_word, message},
};

pub(crate) fn description(said: wit::Description) -> Result<Description, Bad> {
    if !is_driver_name(&said.name) {
        return bad("name", format_args!("{:?} is not of the form [a-z][a-z0-9-]{{0,62}}", said.name));
    }
    if name::is_reserved(&said.name) {
        return bad(
            "name",
            format_args!(
                "{:?} is a word of the operator API's own paths (/v1/drivers/{0}): call the driver otherwise",
                said.name
            ),
        );
    }
    if semver::Version::parse(&said.version).is_err() {
        return bad("version", format_args!("{:?} is no semantic version", said.version));
    }
    if said.cluster_types.is_empty() {
        return bad("cluster-types", "is empty; a driver provides at least one");
    }
    let cluster_types = said.cluster_types.into_iter().map(cluster_type).collect::<Result<Vec<_>, _>>()?;
    distinct("cluster-types", cluster_types.iter().map(ToString::to_string).collect::<Vec<_>>().iter().map(String::as_str))?;
    distinct("labels", said.labels.iter().map(|label| label.name.as_str()))?;
    Ok(Description {
        name: said.name,
        version: said.version,
        summary: message(&said.summary),
        cluster_types,
        labels: said.labels.into_iter().map(label).collect::<Result<_, _>>()?,
        features: Features {
            upgrade: said.features.contains(wit::Features::UPGRADE),
            resize_masters: said.features.contains(wit::Features::RESIZE_MASTERS),
            rotate_ca: said.features.contains(wit::Features::ROTATE_CA),
            node_groups: said.features.contains(wit::Features::NODE_GROUPS),
            health: said.features.contains(wit::Features::HEALTH),
            etcd_discovery: etcd_discovery(&said.extras)?,
        },
        capabilities: said
            .capabilities
            .into_iter()
            .map(|wanted| Capability { name: message(&wanted.name), reason: message(&wanted.reason) })
            .collect(),
    })
}

/// `discovery`, of the extras. Others are not of this version, and left alone.
fn etcd_discovery(extras: &[(String, String)]) -> Result<bool, Bad> {
    match extras.iter().find(|(name, _)| name == "discovery").map(|(_, protocol)| protocol.as_str()) {
        None => Ok(false),
        Some("etcd") => Ok(true),
        Some(other) => bad("extras", format_args!("discovery is {other:?}; the only kind there is is etcd")),
    }
}

fn is_driver_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= 63 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}

fn cluster_type(said: types::ClusterType) -> Result<ClusterType, Bad> {
    let place = "cluster-types";
    let Some(server_type) = ServerType::parse(&said.server_type) else {
        return bad(place, format_args!("server type {:?} is not vm or bm", said.server_type));
    };
    let Some(coe) = Coe::parse(&said.coe) else {
        return bad(place, format_args!("COE {:?} is not one that there is", said.coe));
    };
    if !is_word(&said.os_distro) {
        return bad(place, format_args!("{:?} is no os_distro", said.os_distro));
    }
    Ok(ClusterType { server_type, os_distro: said.os_distro, coe })
}

fn label(said: wit::LabelSpec) -> Result<LabelSpec, Bad> {
    if !is_word(&said.name) {
        return bad("labels", format_args!("{:?} is no name of a label", said.name));
    }
    let label_type = match said.label_type {
        wit::LabelType::Text => LabelType::Text,
        wit::LabelType::Integer((min, max)) if min <= max => LabelType::Integer { min, max },
        wit::LabelType::Integer((min, max)) => {
            return bad(&format!("labels/{}", said.name), format_args!("no number is from {min} to {max}"));
        }
        wit::LabelType::Choice(options) if options.is_empty() => {
            return bad(&format!("labels/{}", said.name), "is one of nothing, so that no value is right");
        }
        wit::LabelType::Boolean => LabelType::Boolean,
        wit::LabelType::Choice(options) => LabelType::Choice(options),
        wit::LabelType::Choices(options) => LabelType::Choices(options),
        wit::LabelType::Cidr => LabelType::Cidr,
        wit::LabelType::Other(name) => LabelType::Other(name),
    };
    Ok(LabelSpec {
        name: said.name,
        label_type,
        default: said.default,
        meaning: message(&said.meaning),
        since: message(&said.since),
        per_group: said.per_group,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said() -> wit::Description {
        wit::Description {
            name: "small".into(),
            version: "1.2.3".into(),
            summary: "a\x1bb".into(),
            cluster_types: vec![types::ClusterType {
                server_type: "vm".into(),
                os_distro: "any".into(),
                coe: "kubernetes".into(),
            }],
            labels: vec![],
            features: wit::Features::UPGRADE,
            capabilities: vec![],
            extras: vec![],
        }
    }

    #[test]
    fn a_description_is_read_without_what_a_terminal_acts_on() {
        let description = description(said()).unwrap();
        assert_eq!(description.summary, "a");
        assert!(description.features.upgrade && !description.features.health);
    }

    #[test]
    fn a_description_that_breaks_a_rule_names_the_field() {
        let wrong = |change: fn(&mut wit::Description)| {
            let mut said = said();
            change(&mut said);
            description(said).unwrap_err().0
        };
        assert!(wrong(|said| said.name = "Small".into()).starts_with("name: "));
        assert!(wrong(|said| said.name = format!("s{}", "a".repeat(63))).starts_with("name: "));
        assert!(wrong(|said| said.name = "versions".into()).contains("/v1/drivers/versions"));
        assert!(wrong(|said| said.version = "1".into()).starts_with("version: "));
        assert!(wrong(|said| said.cluster_types.clear()).starts_with("cluster-types: "));
        assert!(wrong(|said| said.cluster_types.push(said.cluster_types[0].clone())).starts_with("cluster-types: "));
        assert!(wrong(|said| said.cluster_types[0].coe = "nomad".into()).starts_with("cluster-types: "));
        assert!(wrong(|said| said.cluster_types[0].server_type = "pod".into()).starts_with("cluster-types: "));
    }
}
