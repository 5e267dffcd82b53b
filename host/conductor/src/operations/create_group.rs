//! A further group comes into being.

use jeroboam_model::{Action, Cause, NodeGroupId, Status};

use super::{set, settle, settle_as_failed};
use crate::draft::Draft;

pub(super) fn succeeded(draft: &mut Draft, group: NodeGroupId) {
    if let Some(group) = draft.group_mut(group) {
        set(group, Status::CreateComplete, None);
    }
    settle(draft, Action::Update, None);
}

/// Nothing is taken back: what was made may tell why, and the group can be deleted.
pub(super) fn failed(draft: &mut Draft, group: NodeGroupId, cause: &Cause) {
    if let Some(group) = draft.group_mut(group) {
        set(group, Status::CreateFailed, Some(&cause.message));
    }
    settle_as_failed(draft, &cause.message);
}
