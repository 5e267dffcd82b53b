//! What a commit of an operation writes, in the making.

use jeroboam_cloud::heat::StackId;
use jeroboam_model::driver::StackScope;
use jeroboam_model::{Cluster, External, LedgerEntry, NodeGroup, NodeGroupId, Operation, OperationKind};
use jeroboam_store::{PlannedStep, Recording};

use crate::now::now;

/// Copies of what belongs to the operation. A change may be made to fresher ones again.
pub(crate) struct Draft {
    pub cluster: Cluster,
    pub groups: Vec<NodeGroup>,
    pub operation: Operation,
    pub ledger: Vec<LedgerEntry>,
    pub others_wait: bool,
    /// The cluster is no more: its rows go, and it no longer counts against the quota.
    pub gone: bool,
    /// What the driver has just defined, and from what.
    pub recording: Option<Recording>,
    /// What takes the place of the cluster's plan of an upgrade.
    pub plan: Option<Vec<PlannedStep>>,
}

impl Draft {
    /// Notes an event of the operation.
    pub fn note(&mut self, message: impl Into<String>) {
        self.operation.note(now(), message);
    }

    /// An object outside has an id.
    pub fn found(&mut self, object: &External, id: &str) {
        for entry in self.ledger.iter_mut().filter(|entry| entry.object == *object) {
            entry.id = Some(id.to_owned());
        }
    }

    /// The stack of a scope is there.
    pub fn has_stack(&mut self, scope: StackScope, stack: &StackId) {
        self.found(&External::Stack { name: stack.name.clone() }, &stack.id);
        if scope == StackScope::Cluster {
            self.cluster.stack_id = Some(stack.id.clone());
        }
        let is_in_it = |group: &&mut NodeGroup| match scope {
            StackScope::Cluster => group.is_default,
            StackScope::NodeGroup(own) => group.uuid == own,
        };
        self.groups.iter_mut().filter(is_in_it).for_each(|group| group.stack_id = Some(stack.id.clone()));
    }

    /// Objects outside are gone.
    pub fn strike(&mut self, gone: impl Fn(&External) -> bool) {
        self.ledger.retain(|entry| !gone(&entry.object));
    }

    /// The requester's token is of no more use.
    pub fn forget_token(&mut self) {
        self.operation.requester.token = None;
    }

    pub fn group_mut(&mut self, id: NodeGroupId) -> Option<&mut NodeGroup> {
        self.groups.iter_mut().find(|group| group.uuid == id)
    }

    /// The group that a resize is about, with what it says of it.
    pub fn resized(&mut self) -> Option<(&mut NodeGroup, u32, Vec<String>)> {
        let OperationKind::Resize { group, previous_count, nodes_to_remove, .. } = &self.operation.kind else { return None };
        let (group, previous_count, nodes) = (*group, *previous_count, nodes_to_remove.clone());
        Some((self.group_mut(group)?, previous_count, nodes))
    }
}
