//! A cluster goes.

use jeroboam_model::{Action, Cause, Status};

use super::{set, settle};
use crate::draft::Draft;

/// Its rows go with the same commit.
pub(super) fn succeeded(draft: &mut Draft) {
    draft.gone = true;
}

/// It can be deleted again, any number of times.
pub(super) fn failed(draft: &mut Draft, cause: &Cause) {
    draft.groups.iter_mut().for_each(|group| set(group, Status::DeleteFailed, Some(&cause.message)));
    settle(draft, Action::Delete, Some(&cause.message));
}
