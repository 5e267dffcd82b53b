//! Until Heat has made or changed the stack.

use jeroboam_cloud::heat::{Action, EventQuery, Heat, Outputs, Stack, StackId};
use jeroboam_model::Fault;

use crate::cause::{self, Actor};
use crate::error::{By, StepError};
use crate::policy::Failure;
use crate::sessions::Need;
use crate::steps::{Outcome, target};
use crate::work::Work;

/// How often a failed stack of an operation that is tried again is looked at before it is believed.
const LOOKS: u32 = 2;
/// How deep nested stacks are looked into for a cause. Heat allows five.
const DEPTH: u8 = 5;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let (session, actor) = work.session(Need::TrustFirst).await?;
    let heat = session.heat();
    let id = target::stack(work, target::scope(work)?)?;
    let Some(shown) = heat.show(&id, Outputs::Skip).await.by(actor)? else {
        return Err(Failure::lasting(Fault::User, format!("Stack with id {} not found in Heat.", id.id)).into());
    };
    match Seen::of(&shown, target::is_update(&work.operation.kind)) {
        Seen::Going => Ok(Outcome::later(format!("stack {}, which is {}", shown.name, shown.status))),
        Seen::There => Ok(Outcome::recorded(|draft| draft.operation.kind.count_stack())),
        // Just after Heat was asked again, it still shows how the last try ended.
        Seen::Failed if work.operation.retries > 0 && work.pace.polls < LOOKS => {
            Ok(Outcome::later(format!("stack {}, which is {}", shown.name, shown.status)))
        }
        Seen::Failed => Err(why(&heat, actor, &id, &shown).await?.into()),
    }
}

/// What a stack's status means to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Going,
    There,
    Failed,
}

impl Seen {
    fn of(stack: &Stack, is_update: bool) -> Self {
        let status = stack.status;
        match status.action {
            _ if status.is_in_progress() => Self::Going,
            // Back where it was, or on its way out: not where it was to go.
            Action::Rollback | Action::Delete => Self::Failed,
            // Heat has not begun the update yet.
            Action::Init | Action::Create if is_update => Self::Going,
            _ if status.is_failed() => Self::Failed,
            _ if status.is_complete() => Self::There,
            _ => Self::Going,
        }
    }
}

/// The cause of a stack's failure, down to the leaf.
pub(super) async fn why(heat: &Heat, actor: Actor, id: &StackId, stack: &Stack) -> Result<Failure, StepError> {
    let resources = heat.resources(id, DEPTH).await.by(actor)?;
    let told = resources.iter().any(|resource| resource.status.is_failed());
    let query = EventQuery { nested_depth: DEPTH, ..EventQuery::default() };
    let events = if told { Vec::new() } else { heat.events(id, &query).await.by(actor)? };
    let failure = cause::of_stack(&stack.name, &stack.status_reason, &resources, &events);
    let deployment = cause::failed_deployment(&failure, &resources);
    let Some((within, deployment)) = deployment.and_then(|deployment| Some((deployment.stack.as_ref()?, deployment))) else {
        return Ok(failure);
    };
    let shown = heat.resource(within, &deployment.name).await.by(actor)?;
    Ok(shown.iter().fold(failure, cause::as_the_node_says))
}
