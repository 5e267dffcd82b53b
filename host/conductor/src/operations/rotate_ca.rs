//! A cluster's authorities are replaced.

use jeroboam_model::driver::StackScope;
use jeroboam_model::{Action, Cause, NodeGroup, OperationKind, Status};

use super::{set, settle, settle_as_failed};
use crate::draft::Draft;

pub(super) fn succeeded(draft: &mut Draft) {
    let heard = concerned(&draft.operation.kind);
    draft.groups.iter_mut().filter(|group| heard(group)).for_each(|group| set(group, Status::UpdateComplete, None));
    settle(draft, Action::Update, None);
}

/// Those before are not taken back, since some nodes may already have the new ones; another rotation replaces both.
pub(super) fn failed(draft: &mut Draft, cause: &Cause) {
    let heard = concerned(&draft.operation.kind);
    draft.groups.iter_mut().filter(|group| heard(group)).for_each(|group| set(group, Status::UpdateFailed, Some(&cause.message)));
    settle_as_failed(draft, &cause.message);
}

/// Which groups have nodes that have to hear of it.
fn concerned(kind: &OperationKind) -> impl Fn(&NodeGroup) -> bool + use<> {
    let scopes: Vec<StackScope> = kind.changes().iter().map(|change| change.scope).collect();
    move |group| group.is_default || scopes.contains(&StackScope::NodeGroup(group.uuid))
}
