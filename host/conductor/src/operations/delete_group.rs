//! A further group goes.

use jeroboam_model::{Action, Cause, NodeGroupId, Status};

use super::{set, settle, settle_as_failed};
use crate::draft::Draft;

/// Its row goes with the same commit.
pub(super) fn succeeded(draft: &mut Draft, group: NodeGroupId) {
    draft.groups.retain(|kept| kept.uuid != group);
    settle(draft, Action::Update, None);
}

/// It can be deleted again, any number of times.
pub(super) fn failed(draft: &mut Draft, group: NodeGroupId, cause: &Cause) {
    if let Some(group) = draft.group_mut(group) {
        set(group, Status::DeleteFailed, Some(&cause.message));
    }
    settle_as_failed(draft, &cause.message);
}
