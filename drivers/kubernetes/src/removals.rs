//! Which workers to give up when a group shrinks and nobody named them: those that do no work already.

use jeroboam_driver_common::request;
use jeroboam_driver_sdk::{Cluster, Error, log};

use crate::nodes::{self, Node};

/// Indexes in the group. An API that does not answer leaves the choice to Heat, which takes the highest.
pub fn pick(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
    let group = request::group(cluster, group)?;
    let found = match nodes::list(Some(&format!("magnum.openstack.org/nodegroup%3D{}", group.name))) {
        Ok(found) => found,
        Err(error) => {
            log::info(&format!("no look at the nodes of {}, so Heat chooses: {error:?}", group.name));
            return Ok(Vec::new());
        }
    };
    let prefix = format!("{}-node-", cluster.stack_name);
    let mut candidates: Vec<(Burden, u64)> =
        found.iter().filter_map(|node| Some((burden(node), index(node, &prefix)?))).collect();
    candidates.sort_by_key(|(burden, index)| (*burden, std::cmp::Reverse(*index)));
    let chosen = candidates.into_iter().take_while(|(burden, _)| *burden != Burden::Working);
    Ok(chosen.take(usize::try_from(count).unwrap_or(usize::MAX)).map(|(_, index)| index.to_string()).collect())
}

/// What a node's absence would cost, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Burden {
    NotReady,
    Cordoned,
    Working,
}

fn burden(node: &Node) -> Burden {
    match (node.ready(), node.is_unschedulable()) {
        ("True", false) => Burden::Working,
        ("True", true) => Burden::Cordoned,
        _ => Burden::NotReady,
    }
}

/// The group's servers are named `<stack>-node-<index>`.
fn index(node: &Node, prefix: &str) -> Option<u64> {
    node.name().strip_prefix(prefix)?.parse().ok()
}
