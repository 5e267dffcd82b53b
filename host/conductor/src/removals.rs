//! Which nodes leave a group: bookkeeping of what Heat has to be told.
//!
//! A group's list only grows over its life, since Heat has to be told of every node given up so far each time. The one exception is a change that
//! was refused before Heat heard of it: what it had added is taken out again.

use jeroboam_model::NodeGroup;

/// How many nodes the driver has to pick: as many as the group loses, if the user named none.
pub(crate) fn to_pick(previous_count: u32, node_count: u32, named: &[String]) -> u32 {
    if named.is_empty() { previous_count.saturating_sub(node_count) } else { 0 }
}

/// Those that are not on the group's list already, each once.
pub(crate) fn new_to(group: &NodeGroup, nodes: &[String]) -> Vec<String> {
    let mut new = Vec::new();
    for node in nodes {
        if !group.nodes_to_remove.contains(node) && !new.contains(node) {
            new.push(node.clone());
        }
    }
    new
}

/// Puts nodes on the group's list. Doing it twice is doing it once.
pub(crate) fn enter(group: &mut NodeGroup, nodes: &[String]) {
    let new = new_to(group, nodes);
    group.nodes_to_remove.extend(new);
}

/// Takes nodes off the list again.
pub(crate) fn withdraw(group: &mut NodeGroup, nodes: &[String]) {
    group.nodes_to_remove.retain(|node| !nodes.contains(node));
}

/// What a change that takes the place of an unfinished one has to remove: what either named.
pub(crate) fn joined(earlier: &[String], later: &[String]) -> Vec<String> {
    let mut all = earlier.to_vec();
    all.extend(later.iter().filter(|node| !earlier.contains(node)).cloned());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_model::{Role, samples};

    fn names<const N: usize>(names: [&str; N]) -> Vec<String> {
        names.map(str::to_owned).to_vec()
    }

    fn group(nodes_to_remove: Vec<String>) -> NodeGroup {
        let cluster = samples::cluster("web", &samples::template("small"));
        NodeGroup { nodes_to_remove, ..samples::group(&cluster, Role::Worker, 3) }
    }

    #[test]
    fn the_driver_picks_only_when_a_group_shrinks_and_nobody_was_named() {
        assert_eq!(to_pick(5, 3, &[]), 2);
        assert_eq!(to_pick(3, 5, &[]), 0);
        assert_eq!(to_pick(5, 3, &names(["1"])), 0);
    }

    #[test]
    fn entering_twice_is_entering_once() {
        let mut group = group(names(["0"]));
        enter(&mut group, &names(["0", "2", "2"]));
        enter(&mut group, &names(["2"]));
        assert_eq!(group.nodes_to_remove, names(["0", "2"]));
    }

    #[test]
    fn a_refused_change_leaves_earlier_removals_alone() {
        let mut group = group(names(["0"]));
        let new = new_to(&group, &names(["0", "2"]));
        enter(&mut group, &new);
        withdraw(&mut group, &new);
        assert_eq!(group.nodes_to_remove, names(["0"]));
    }

    #[test]
    fn a_change_that_supersedes_another_removes_the_nodes_of_both() {
        assert_eq!(joined(&names(["1"]), &names(["2", "1"])), names(["1", "2"]));
    }
}
