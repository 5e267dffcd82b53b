//! Which nodes to give up when the group shrinks and nobody named them: those that Swarm has lost, then those that run fewest containers.

use std::cmp::Reverse;

use jeroboam_driver_common::request;
use jeroboam_driver_sdk::{Cluster, Error, log};

use crate::manager::{self, Container, Node};

/// Indexes in the group. A Swarm that does not answer leaves the choice to Heat, which takes the highest.
pub fn pick(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
    let group = request::group(cluster, group)?;
    let (nodes, containers) = match manager::nodes().and_then(|nodes| Ok((nodes, manager::running_containers()?))) {
        Ok(found) => found,
        Err(error) => {
            log::info(&format!("no look at the nodes of {}, so Heat chooses: {error:?}", group.name));
            return Ok(Vec::new());
        }
    };
    let prefix = format!("{}-node-", cluster.stack_name);
    let mut candidates: Vec<(Burden, Reverse<u64>)> = nodes
        .iter()
        .filter_map(|node| Some((burden(node, &containers), Reverse(index(node, &prefix)?))))
        .filter(|(_, Reverse(index))| !group.nodes_to_remove.contains(&index.to_string()))
        .collect();
    candidates.sort();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Ok(candidates.into_iter().take(count).map(|(_, Reverse(index))| index.to_string()).collect())
}

/// What a node's absence would cost, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Burden {
    Lost,
    /// So many containers would be gone.
    Containers(usize),
}

fn burden(node: &Node, containers: &[Container]) -> Burden {
    if node.status != "Healthy" {
        return Burden::Lost;
    }
    let runs = |container: &&Container| container.node() == Some(&*node.name) && !container.is_ours();
    Burden::Containers(containers.iter().filter(runs).count())
}

/// The group's servers are named `<stack>-node-<index>`.
fn index(node: &Node, prefix: &str) -> Option<u64> {
    node.name.strip_prefix(prefix)?.parse().ok()
}
