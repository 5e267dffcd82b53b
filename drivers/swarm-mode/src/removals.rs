//! Which workers to give up when a group shrinks and nobody named them: those that do the least.

use std::cmp::Reverse;

use jeroboam_driver_common::request::group;
use jeroboam_driver_sdk::{Cluster, Error, log};

use crate::{
    engine::{self, Node, Task},
    group_stack::name_prefix,
};

/// Indexes in the group. Without a master that answers the choice is left to Heat, which takes the highest.
pub fn pick(cluster: &Cluster, uuid: &str, count: u32) -> Result<Vec<String>, Error> {
    let group = group(cluster, uuid)?;
    let (nodes, tasks) = match engine::nodes().and_then(|nodes| Ok((nodes, engine::running_tasks()?))) {
        Ok(found) => found,
        Err(error) => {
            log::info(&format!("no look at the nodes of {}, so Heat chooses: {error:?}", group.name));
            return Ok(Vec::new());
        }
    };
    let prefix = name_prefix(cluster, group);
    let members = nodes.iter().filter(|node| node.is_of_group(&group.name));
    let mut candidates: Vec<(Burden, u64)> =
        members.filter_map(|node| Some((burden(node, &tasks), index(node, &prefix)?))).collect();
    candidates.sort_by_key(|(burden, index)| (*burden, Reverse(*index)));
    candidates.dedup_by_key(|(_, index)| *index);
    let chosen = candidates.into_iter().take(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(chosen.map(|(_, index)| index.to_string()).collect())
}

/// What a node's absence would cost, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Burden {
    Down,
    Drained,
    /// So many tasks would have to move.
    Tasks(usize),
}

fn burden(node: &Node, tasks: &[Task]) -> Burden {
    match (node.is_ready(), node.is_drained()) {
        (false, _) => Burden::Down,
        (true, true) => Burden::Drained,
        (true, false) => Burden::Tasks(tasks.iter().filter(|task| task.node_id == node.id && task.slot > 0).count()),
    }
}

/// The group's servers are named `<prefix>-<index>`.
fn index(node: &Node, prefix: &str) -> Option<u64> {
    node.hostname().strip_prefix(prefix)?.strip_prefix('-')?.parse().ok()
}
