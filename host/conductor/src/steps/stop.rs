//! Heat is asked to leave off what an operation has asked for that is to stop, and waited for.

use jeroboam_cloud::Kind;
use jeroboam_cloud::heat::Action;
use jeroboam_model::{External, OperationKind, Step};

use crate::error::{By, StepError};
use crate::sessions::Need;
use crate::steps::{Outcome, delete_stack, target};
use crate::work::Work;

pub(crate) async fn run(work: &Work) -> Result<Outcome, StepError> {
    if work.cluster.trustee.as_ref().is_none_or(|trustee| trustee.trust_id.is_none()) {
        // A stack is only made once there is a trust.
        return Ok(Outcome::done());
    }
    let scope = target::scope(work)?;
    let name = target::name(work, scope)?;
    let object = External::Stack { name: name.to_owned() };
    let Some(entry) = work.ledger.iter().find(|entry| entry.object == object) else { return Ok(Outcome::done()) };
    let (session, actor) = work.session(Need::TrustFirst).await?;
    let heat = session.heat();
    let Some(stack) = delete_stack::find(work, &heat, actor, entry, name).await? else { return Ok(Outcome::done()) };
    if !stack.status.is_in_progress() {
        return Ok(Outcome::done());
    }
    if work.operation.step == Step::Stack {
        // Heat has heard of it, although that was not recorded: it counts as begun.
        return Ok(Outcome::intend(move |draft| {
            draft.has_stack(scope, &stack.stack_id());
            draft.operation.step = Step::Wait;
        }));
    }
    if matches!(stack.status.action, Action::Create | Action::Update) {
        let roll_back = stack.status.action == Action::Update && rolls_back(&work.operation.kind);
        match heat.cancel(&stack.stack_id(), roll_back).await {
            // It has ended meanwhile, or is being stopped already.
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::NotFound) => {}
            outcome => outcome.by(actor)?,
        }
    }
    Ok(Outcome::later(format!("Heat, with stack {name}")))
}

const fn rolls_back(kind: &OperationKind) -> bool {
    matches!(kind, OperationKind::Resize { rollback: true, .. } | OperationKind::Upgrade { rollback: true, .. })
}
