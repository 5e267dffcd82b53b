//! What a node group can be.

use std::collections::BTreeMap;

use jeroboam_model::{NodeGroup, Role};

/// What contradicts itself, or the group. Magnum calls all of it a conflict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupConflict {
    #[error("min_node_count for {group} is invalid (min_node_count ({min}) should be less or equal to max_node_count ({max})).")]
    MinAboveMax { group: String, min: u32, max: u32 },
    #[error("max_node_count for {group} is invalid (max_node_count ({max}) should be greater or equal to node_count ({count})).")]
    CountAboveMax { group: String, count: u32, max: u32 },
    #[error("min_node_count for {group} is invalid (min_node_count ({min}) should be less or equal to node_count ({count})).")]
    CountBelowMin { group: String, count: u32, min: u32 },
    #[error(
        "The label {0} is not for users: of the domains kubernetes.io and k8s.io, nodes can give themselves only those under \
             kubelet.kubernetes.io and node.kubernetes.io."
    )]
    ReservedLabel(String),
    #[error("node_labels and node_taints are not for the masters.")]
    Masters,
}

/// Bounds around the number of nodes. A maximum of 0 is none.
pub fn check_counts(group: &NodeGroup) -> Result<(), GroupConflict> {
    let name = || crate::error::echo(&group.name);
    let (min, count) = (group.min_node_count, group.node_count);
    match group.max_node_count.filter(|max| *max > 0) {
        Some(max) if min > max => return Err(GroupConflict::MinAboveMax { group: name(), min, max }),
        Some(max) if count > max => return Err(GroupConflict::CountAboveMax { group: name(), count, max }),
        _ => {}
    }
    if min > count { Err(GroupConflict::CountBelowMin { group: name(), count, min }) } else { Ok(()) }
}

/// What nodes are called, which is for workers only.
pub fn check_node_settings(group: &NodeGroup) -> Result<(), GroupConflict> {
    if group.role == Role::Master && !(group.node_labels.is_empty() && group.node_taints.is_empty()) {
        return Err(GroupConflict::Masters);
    }
    check_node_labels(&group.node_labels)
}

/// Labels that a kubelet may give its own node: Kubernetes' admission plugin NodeRestriction refuses the others.
fn check_node_labels(labels: &BTreeMap<String, String>) -> Result<(), GroupConflict> {
    const KNOWN: &[&str] = &[
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "kubernetes.io/arch",
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    ];
    let within = |domain: &str, parent: &str| domain == parent || domain.ends_with(&format!(".{parent}"));
    let is_reserved = |name: &&String| {
        let Some((domain, _)) = name.split_once('/') else { return false };
        let reserved = within(domain, "kubernetes.io") || within(domain, "k8s.io");
        let open = within(domain, "kubelet.kubernetes.io") || within(domain, "node.kubernetes.io");
        reserved && !open && !KNOWN.contains(&name.as_str())
    };
    match labels.keys().find(is_reserved) {
        Some(label) => Err(GroupConflict::ReservedLabel(crate::error::echo(label))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_model::samples;

    fn group(min: u32, count: u32, max: Option<u32>) -> NodeGroup {
        let cluster = samples::cluster("c", &samples::template("t"));
        NodeGroup { min_node_count: min, max_node_count: max, ..samples::group(&cluster, Role::Worker, count) }
    }

    #[test]
    fn the_number_of_nodes_is_within_its_bounds() {
        for (min, count, max) in [(0, 0, None), (1, 1, Some(1)), (1, 2, Some(0)), (0, 5, Some(9))] {
            assert_eq!(check_counts(&group(min, count, max)), Ok(()));
        }
        let error = |min, count, max| check_counts(&group(min, count, max)).unwrap_err().to_string();
        assert!(error(2, 1, None).contains("(min_node_count (2) should be less or equal to node_count (1))"));
        assert!(error(3, 3, Some(2)).contains("min_node_count (3) should be less or equal to max_node_count (2)"));
        assert!(error(0, 3, Some(2)).contains("max_node_count (2) should be greater or equal to node_count (3)"));
    }

    #[test]
    fn nodes_do_not_give_themselves_kubernetes_own_labels() {
        let check = |name: &str| check_node_labels(&BTreeMap::from([(name.to_owned(), String::new())]));
        for name in ["tier", "example.org/tier", "node.kubernetes.io/x", "topology.kubernetes.io/zone", "notkubernetes.io/x"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["kubernetes.io/role", "node-role.kubernetes.io/control-plane", "k8s.io/x", "x.k8s.io/y"] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
