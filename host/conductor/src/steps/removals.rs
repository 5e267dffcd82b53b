//! Which nodes leave. What is chosen is kept with the operation, so that a later try does not choose others.

use jeroboam_model::{Fault, OperationKind};

use crate::error::StepError;
use crate::policy::Failure;
use crate::removals;
use crate::sessions::Need;
use crate::sources;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let OperationKind::Resize { group, previous_count, nodes_to_remove: named, .. } = &work.operation.kind else {
        return Err(Failure::lasting(Fault::Host, "Only a resize chooses nodes").into());
    };
    let resized = work.group(*group)?;
    let count = removals::to_pick(*previous_count, resized.node_count, named);
    let leaving = if count == 0 {
        named.clone()
    } else {
        let (session, _) = work.session(Need::TrustFirst).await?;
        let driver = work.shared.driver_of(&work.cluster).await?;
        let view = work.view()?;
        let context = sources::for_work(work, &view, session).await;
        let mut picked = driver.pick_removals(&view, *group, count, context).await?;
        picked.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        picked
    };
    let new = removals::new_to(resized, &leaving);
    Ok(Outcome::recorded(move |draft| {
        if let OperationKind::Resize { nodes_to_remove, .. } = &mut draft.operation.kind {
            nodes_to_remove.clone_from(&new);
        }
        if let Some((group, ..)) = draft.resized() {
            removals::enter(group, &new);
        }
    }))
}
