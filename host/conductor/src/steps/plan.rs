//! The driver plans the upgrade. The plan is written down: whatever changes meanwhile, what was begun is gone on with.

use jeroboam_model::driver::StackScope;
use jeroboam_model::{Fault, OperationKind, StackChange};
use jeroboam_plugins::UpgradePlan;
use jeroboam_store::PlannedStep;

use crate::error::StepError;
use crate::policy::Failure;
use crate::sessions::Need;
use crate::sources;
use crate::steps::Outcome;
use crate::steps::definition::{as_json, recalled};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let OperationKind::Upgrade { template, group, batch, .. } = work.operation.kind else {
        return Err(Failure::lasting(Fault::Host, "Only an upgrade has a plan").into());
    };
    let target = work.shared.store.templates().get(template).await?;
    let target = target.ok_or_else(|| Failure::lasting(Fault::User, "The template of the upgrade is no more"))?.value;
    let (session, _) = work.session(Need::TrustFirst).await?;
    let driver = work.shared.next_driver_of(&work.cluster).await?;
    let view = work.view()?;
    let reads = recalled(work, group.map_or(StackScope::Cluster, StackScope::NodeGroup)).await?;
    // An image may have got a successor of the same name: that is what an upgrade is for.
    let anew = vec![target.image_id.clone()];
    let context = sources::recalling(work, &view, session, reads, anew).await;
    let UpgradePlan { steps, warnings, reads } = driver.plan_upgrade(&view, &target, group, batch, context).await?;

    let changes: Vec<StackChange> =
        steps.iter().map(|step| StackChange { scope: step.scope, summary: step.summary.clone() }).collect();
    let reads = as_json(&reads)?;
    let digest = *driver.digest();
    let plan: Vec<PlannedStep> = (0..)
        .zip(steps)
        .map(|(number, step)| PlannedStep {
            cluster: work.cluster.uuid,
            number,
            summary: step.summary,
            scope: step.scope,
            definition: step.definition,
            reads: reads.clone(),
        })
        .collect();
    Ok(Outcome::recorded(move |draft| {
        for warning in &warnings {
            draft.note(match &warning.field {
                Some(field) => format!("Warning: {field}: {}", warning.message),
                None => format!("Warning: {}", warning.message),
            });
        }
        if let OperationKind::Upgrade { changes: planned, .. } = &mut draft.operation.kind {
            planned.clone_from(&changes);
        }
        // What was planned by a version is gone on with by that version.
        draft.cluster.driver_digest = Some(digest);
        draft.plan = Some(plan.clone());
    }))
}
