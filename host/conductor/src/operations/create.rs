//! A cluster comes into being.

use jeroboam_model::{Action, Cause, Status};

use super::{set, settle};
use crate::draft::Draft;

pub(super) fn succeeded(draft: &mut Draft) {
    draft.groups.iter_mut().for_each(|group| set(group, Status::CreateComplete, None));
    settle(draft, Action::Create, None);
}

/// Nothing is taken back: what was made may tell why, and a deletion finds it in the ledger.
pub(super) fn failed(draft: &mut Draft, cause: &Cause) {
    draft.groups.iter_mut().for_each(|group| set(group, Status::CreateFailed, Some(&cause.message)));
    settle(draft, Action::Create, Some(&cause.message));
}
