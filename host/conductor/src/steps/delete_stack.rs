//! Heat is asked to delete the cluster's stacks: those of further groups first, since they use the network of the cluster's own.

use jeroboam_cloud::heat::{Heat, Outputs, Stack, StackId};
use jeroboam_model::{External, LedgerEntry, OperationKind};

use crate::cause::Actor;
use crate::error::{By, StepError};
use crate::sessions::Need;
use crate::steps::{Outcome, target, wait_gone};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let never_made = work.cluster.trustee.as_ref().is_none_or(|trustee| trustee.trust_id.is_none());
    if never_made {
        // A stack is only made once there is a trust.
        let doomed = doomed(work);
        return Ok(Outcome::recorded(move |draft| draft.strike(|object| doomed.contains(object))));
    }
    let (session, actor) = work.session(Need::PersonFirst).await?;
    let heat = session.heat();
    let last = match work.operation.kind {
        OperationKind::DeleteGroup { group } => target::group_stack(work, group)?,
        _ => work.cluster.stack_name.as_str(),
    };
    let (own, others): (Vec<_>, Vec<_>) = stacks(work).partition(|(_, name)| *name == last);
    for (entry, name) in others {
        let Some(shown) = find(work, &heat, actor, entry, name).await? else { continue };
        match wait_gone::state(&shown, work.pace) {
            wait_gone::State::Gone => {}
            wait_gone::State::Going => return Ok(Outcome::later(format!("stack {name} to be deleted"))),
            wait_gone::State::Whole | wait_gone::State::Stuck => {
                heat.delete(&shown.stack_id()).await.by(actor)?;
                return Ok(Outcome::later(format!("stack {name} to be deleted")));
            }
        }
    }
    let mut found = Vec::new();
    for (entry, name) in own {
        if let Some(shown) = find(work, &heat, actor, entry, name).await? {
            heat.delete(&shown.stack_id()).await.by(actor)?;
            found.push((entry.object.clone(), shown.id));
        }
    }
    Ok(Outcome::recorded(move |draft| found.iter().for_each(|(object, id)| draft.found(object, id))))
}

/// The ledger's stacks that are to go, each with its name: all, or that of the group.
pub(super) fn stacks(work: &Work) -> impl Iterator<Item = (&LedgerEntry, &str)> {
    let only = match work.operation.kind {
        OperationKind::DeleteGroup { group } => Some(target::group_stack(work, group).unwrap_or_default()),
        _ => None,
    };
    work.ledger.iter().filter_map(move |entry| match &entry.object {
        External::Stack { name } if only.is_none_or(|only| only == name) => Some((&entry.value, name.as_str())),
        External::Stack { .. } | External::Trustee { .. } | External::Trust { .. } | External::Secrets { .. } => None,
    })
}

/// The lines of the ledger that go with them.
pub(super) fn doomed(work: &Work) -> Vec<External> {
    stacks(work).map(|(entry, _)| entry.object.clone()).collect()
}

/// The cluster's stack of the name; nothing if it is gone, was never made, or is not the cluster's.
pub(super) async fn find(
    work: &Work,
    heat: &Heat,
    actor: Actor,
    entry: &LedgerEntry,
    name: &str,
) -> Result<Option<Stack>, StepError> {
    let known = entry.id.as_ref().map(|id| StackId { name: name.to_owned(), id: id.clone() });
    let id = match known {
        Some(id) => id,
        None => match heat.find(name).await.by(actor)? {
            Some(id) => id,
            None => return Ok(None),
        },
    };
    let shown = heat.show(&id, Outputs::Skip).await.by(actor)?;
    Ok(shown.filter(|stack| entry.id.is_some() || stack.tags.contains(&target::tag(work.cluster.uuid))))
}
