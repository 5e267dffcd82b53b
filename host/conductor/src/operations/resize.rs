//! A group becomes larger or smaller.

use jeroboam_model::{Action, Cause, OperationKind, Status, Step};

use super::{set, settle, settle_as_failed};
use crate::draft::Draft;
use crate::removals;

/// The definition was that of the whole stack, so groups of it that had failed before are well again too.
pub(super) fn succeeded(draft: &mut Draft) {
    let stack = draft.resized().and_then(|(group, ..)| group.stack_id.clone());
    let resized = draft.resized().map(|(group, ..)| group.uuid);
    for group in &mut draft.groups {
        let same_stack = group.stack_id == stack && group.status == Status::UpdateFailed;
        if Some(group.uuid) == resized || same_stack {
            set(group, Status::UpdateComplete, None);
        }
    }
    settle(draft, Action::Update, None);
}

/// What Heat has not heard of, or has undone, is as if it had not been asked for.
pub(super) fn failed(draft: &mut Draft, cause: &Cause) {
    let rolls_back = matches!(draft.operation.kind, OperationKind::Resize { rollback: true, .. });
    let unheard = matches!(cause.step, Step::Removals | Step::Stack);
    if let Some((group, previous_count, nodes)) = draft.resized() {
        if unheard || rolls_back {
            group.node_count = previous_count;
        }
        if unheard {
            removals::withdraw(group, &nodes);
        }
        set(group, Status::UpdateFailed, Some(&cause.message));
    }
    settle_as_failed(draft, &cause.message);
}
