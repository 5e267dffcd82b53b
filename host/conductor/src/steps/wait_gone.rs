//! Until Heat has deleted the stacks.

use jeroboam_cloud::heat::{Action, Stack};
use jeroboam_model::OperationKind;

use crate::error::StepError;
use crate::pace::Pace;
use crate::sessions::Need;
use crate::steps::{Outcome, delete_stack, wait};
use crate::work::Work;

/// How often a failed deletion is looked at before it is believed: just after Heat was asked to try again, it still shows how the last try ended.
const LOOKS: u32 = 2;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    if delete_stack::stacks(work).next().is_some() {
        let (session, actor) = work.session(Need::TrustFirst).await?;
        let heat = session.heat();
        for (entry, name) in delete_stack::stacks(work) {
            let Some(shown) = delete_stack::find(work, &heat, actor, entry, name).await? else { continue };
            match state(&shown, work.pace) {
                State::Gone => {}
                State::Whole | State::Going => {
                    return Ok(Outcome::later(format!("stack {name} to be deleted, which is {}", shown.status)));
                }
                State::Stuck => return Err(wait::why(&heat, actor, &shown.stack_id(), &shown).await?.into()),
            }
        }
    }
    let doomed = delete_stack::doomed(work);
    let is_all = work.operation.kind == OperationKind::Delete;
    Ok(Outcome::recorded(move |draft| {
        draft.strike(|object| doomed.contains(object));
        if is_all {
            draft.cluster.stack_id = None;
            draft.groups.iter_mut().for_each(|group| group.stack_id = None);
        }
    }))
}

/// How far a stack's deletion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not begun.
    Whole,
    Going,
    Gone,
    Stuck,
}

pub(super) fn state(stack: &Stack, pace: Pace) -> State {
    match stack.status.action {
        Action::Delete if stack.status.is_complete() => State::Gone,
        Action::Delete if stack.status.is_failed() && pace.polls >= LOOKS => State::Stuck,
        Action::Delete => State::Going,
        _ => State::Whole,
    }
}
