//! Which workers to give up when a group shrinks and nobody named them: those that do no work already, then the latest. Nodes that are named are drained
//! before they leave.

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
    let mut candidates: Vec<(Burden, u64)> = found.iter().filter_map(|node| Some((burden(node), index(node)?))).collect();
    candidates.sort_by_key(|(burden, index)| (*burden, std::cmp::Reverse(*index)));
    Ok(candidates.into_iter().take(usize::try_from(count).unwrap_or(usize::MAX)).map(|(_, index)| index.to_string()).collect())
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

/// The servers of a group are named `<its stack>-node-<index>`.
fn index(node: &Node) -> Option<u64> {
    node.name().rsplit_once("-node-")?.1.parse().ok()
}
