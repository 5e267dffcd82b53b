//! Which stacks an operation is about.

use jeroboam_cloud::heat::StackId;
use jeroboam_model::driver::StackScope;
use jeroboam_model::{ClusterId, External, Fault, NodeGroup, NodeGroupId, OperationKind};

use crate::policy::Failure;
use crate::work::Work;

/// What the cluster's stacks are tagged with.
pub(super) fn tag(cluster: ClusterId) -> String {
    format!("jeroboam:{cluster}")
}

/// The stack that is being made or changed now.
pub(super) fn scope(work: &Work) -> Result<StackScope, Failure> {
    if let Some((_, change)) = work.operation.kind.progress() {
        return Ok(change.map_or(StackScope::Cluster, |change| change.scope));
    }
    match work.operation.kind.group() {
        Some(group) => scope_of(work.group(group)?),
        None => Ok(StackScope::Cluster),
    }
}

/// All that it has made or changed, each once.
pub(super) fn scopes(work: &Work) -> Result<Vec<StackScope>, Failure> {
    let mut scopes: Vec<StackScope> = Vec::new();
    for change in work.operation.kind.changes() {
        if !scopes.contains(&change.scope) {
            scopes.push(change.scope);
        }
    }
    Ok(if scopes.is_empty() { vec![scope(work)?] } else { scopes })
}

fn scope_of(group: &NodeGroup) -> Result<StackScope, Failure> {
    Ok(if group.is_default { StackScope::Cluster } else { StackScope::NodeGroup(group.uuid) })
}

/// The name that the stack has, or is to get.
pub(super) fn name(work: &Work, scope: StackScope) -> Result<&str, Failure> {
    match scope {
        StackScope::Cluster => Ok(work.cluster.stack_name.as_str()),
        StackScope::NodeGroup(group) => group_stack(work, group),
    }
}

/// The name of a group's own stack.
pub(super) fn group_stack(work: &Work, group: NodeGroupId) -> Result<&str, Failure> {
    let named = work.group(group)?.stack_name.as_ref();
    Ok(named.ok_or_else(|| Failure::lasting(Fault::Host, "The node group has no stack of its own"))?.as_str())
}

/// The stack, which is there.
pub(super) fn stack(work: &Work, scope: StackScope) -> Result<StackId, Failure> {
    let name = name(work, scope)?;
    let entry = work.ledger.iter().find(|entry| matches!(&entry.object, External::Stack { name: own } if own == name));
    let id = entry.and_then(|entry| entry.id.clone());
    let id = id.ok_or_else(|| Failure::lasting(Fault::Host, format!("The stack {name} was never made")))?;
    Ok(StackId { name: name.to_owned(), id })
}

/// Whether the operation changes a stack that is there, rather than making one.
pub(super) const fn is_update(kind: &OperationKind) -> bool {
    match kind {
        OperationKind::Create | OperationKind::CreateGroup { .. } => false,
        OperationKind::Resize { .. }
        | OperationKind::Delete
        | OperationKind::DeleteGroup { .. }
        | OperationKind::Upgrade { .. }
        | OperationKind::RotateCa { .. }
        | OperationKind::RotateCredential { .. } => true,
    }
}
