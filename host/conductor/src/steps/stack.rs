//! The driver says what the stack is, and Heat is asked for it.

use jeroboam_cloud::Kind;
use jeroboam_cloud::heat::{Creation, Heat, Outputs, StackId, StackRequest, Update};
use jeroboam_model::driver::StackScope;
use jeroboam_model::{Fault, OperationKind};
use jeroboam_store::Recording;

use crate::cause::Actor;
use crate::discovery;
use crate::error::{By, StepError};
use crate::policy::Failure;
use crate::sessions::Need;
use crate::steps::Outcome;
use crate::steps::definition::{Desired, desired};
use crate::steps::target;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let kind = &work.operation.kind;
    refuse_after_half_an_upgrade(work)?;
    let (session, actor) = work.session(need(work)).await?;
    if let Some(url) = discovery::elsewhere(&work.shared, &work.cluster, work.groups.iter().map(|group| &group.value)).await? {
        return Ok(Outcome::intend(move |draft| draft.cluster.discovery_url = Some(url.clone())));
    }
    let scope = target::scope(work)?;
    let Desired { mut request, recording } = desired(work, scope, session.clone()).await?;
    let heat = session.heat();
    match kind {
        OperationKind::Create | OperationKind::CreateGroup { .. } | OperationKind::Delete | OperationKind::DeleteGroup { .. } => {
            // What failed stays to be looked at, as with Magnum.
            request.disable_rollback = Some(true);
            create(work, &heat, actor, scope, &request, recording).await
        }
        OperationKind::Resize { rollback, .. } | OperationKind::Upgrade { rollback, .. } => {
            request.disable_rollback = Some(!rollback);
            update(work, &heat, actor, target::stack(work, scope)?, &request, recording).await
        }
        // Back would be to authorities, or to a password, that are no more.
        OperationKind::RotateCa { .. } | OperationKind::RotateCredential { .. } => {
            request.disable_rollback = Some(true);
            update(work, &heat, actor, target::stack(work, scope)?, &request, recording).await
        }
    }
}

/// The cluster's record is that of before the upgrade, and a part of its nodes is already after it: to define a stack from the record would take
/// them back.
fn refuse_after_half_an_upgrade(work: &Work) -> Result<(), Failure> {
    let defines_all = matches!(
        work.operation.kind,
        OperationKind::Resize { .. } | OperationKind::RotateCa { .. } | OperationKind::RotateCredential { .. }
    );
    if defines_all && work.cluster.upgrading_to.is_some() {
        let failure = Failure::lasting(Fault::User, "An upgrade of the cluster has failed and has left it half upgraded");
        return Err(failure.advise("Upgrade the cluster again, to the same template or to one that mends it."));
    }
    Ok(())
}

/// Heat stores credentials of its own for the person who creates a stack. Otherwise it is the owner, by the trust, who makes and changes stacks, whoever asked
/// for that: other members of the project do not have the owner's keypair, and are not to become the ones whom Heat acts for.
fn need(work: &Work) -> Need {
    let in_person = match work.operation.kind {
        OperationKind::Create | OperationKind::CreateGroup { .. } => work.operation.requester.user_id == work.cluster.user_id,
        OperationKind::Resize { .. }
        | OperationKind::Delete
        | OperationKind::DeleteGroup { .. }
        | OperationKind::Upgrade { .. }
        | OperationKind::RotateCa { .. }
        | OperationKind::RotateCredential { .. } => false,
    };
    if in_person { Need::PersonFirst } else { Need::TrustFirst }
}

async fn create(
    work: &Work,
    heat: &Heat,
    actor: Actor,
    scope: StackScope,
    request: &StackRequest,
    recording: Recording,
) -> Result<Outcome, StepError> {
    let name = target::name(work, scope)?;
    let stack = match heat.create(name, request).await.by(actor)? {
        Creation::Started(stack) => stack,
        Creation::NameTaken => match adopt(work, heat, actor, name, request).await? {
            Adopted::Stack(stack) => stack,
            Adopted::Busy => return Ok(busy(name)),
        },
    };
    Ok(Outcome::recorded(move |draft| {
        draft.has_stack(scope, &stack);
        draft.recording = Some(recording.clone());
        draft.forget_token();
    }))
}

/// What became of a stack that was there already.
enum Adopted {
    Stack(StackId),
    /// Heat has to end something with it first.
    Busy,
}

fn busy(stack: &str) -> Outcome {
    Outcome::later(format!("Heat to end what it is doing with stack {stack}"))
}

/// Takes the stack that an earlier try made. One that failed, and is tried again, is updated to what it should be: Heat makes what is missing.
async fn adopt(work: &Work, heat: &Heat, actor: Actor, name: &str, request: &StackRequest) -> Result<Adopted, StepError> {
    let vanished = || Failure::passing(Fault::Cloud, format!("Heat has a stack named {name}, and does not find it"));
    let id = heat.find(name).await.by(actor)?.ok_or_else(vanished)?;
    let stack = heat.show(&id, Outputs::Skip).await.by(actor)?.ok_or_else(vanished)?;
    if !stack.tags.contains(&target::tag(work.cluster.uuid)) {
        let failure = Failure::lasting(Fault::User, format!("The project has a stack named {name} which is not this cluster's"));
        return Err(failure.advise("Rename or delete that stack, delete the cluster, and create it again.").into());
    }
    if stack.status.is_failed() && work.operation.retries > 0 {
        match heat.update(&id, Update::Full, request).await {
            Err(error) if error.kind() == Kind::Conflict => return Ok(Adopted::Busy),
            outcome => outcome.by(actor)?,
        }
    }
    Ok(Adopted::Stack(id))
}

/// The definition is the whole desired state, so it is harmless to ask for it twice.
async fn update(
    work: &Work,
    heat: &Heat,
    actor: Actor,
    stack: StackId,
    request: &StackRequest,
    recording: Recording,
) -> Result<Outcome, StepError> {
    match heat.show(&stack, Outputs::Skip).await.by(actor)? {
        None => return Err(Failure::lasting(Fault::User, format!("Stack with id {} not found in Heat.", stack.id)).into()),
        Some(stack) if stack.status.is_in_progress() => return Ok(busy(&stack.name)),
        Some(_) => {}
    }
    match heat.update(&stack, Update::Full, request).await {
        Err(error) if error.kind() == Kind::Conflict => Ok(busy(&stack.name)),
        outcome => {
            outcome.by(actor)?;
            let is_last = work.operation.kind.progress().is_none();
            let event = event(&work.operation.kind);
            Ok(Outcome::recorded(move |draft| {
                draft.recording = Some(recording.clone());
                event.iter().for_each(|event| draft.note(event.clone()));
                if is_last {
                    draft.forget_token();
                }
            }))
        }
    }
}

/// Which of several changes it is.
fn event(kind: &OperationKind) -> Option<String> {
    let (done, change) = kind.progress()?;
    Some(format!("{} of {}: {}", done.saturating_add(1), kind.changes().len(), change?.summary))
}
