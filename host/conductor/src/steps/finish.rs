//! The outcome is written into the cluster, or its rows go; the operation ends with the same commit.

use jeroboam_model::{Fault, OperationKind};

use crate::error::StepError;
use crate::operations;
use crate::policy::Failure;
use crate::steps::{Outcome, delete_stack};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let left = match work.operation.kind {
        OperationKind::Delete => work.ledger.first().map(|entry| entry.object.clone()),
        OperationKind::DeleteGroup { .. } => delete_stack::doomed(work).into_iter().next(),
        _ => None,
    };
    if let Some(left) = left {
        return Err(Failure::lasting(Fault::Host, format!("Something of the cluster is still there: {left}")).into());
    }
    let OperationKind::Upgrade { template, .. } = work.operation.kind else {
        return Ok(Outcome::recorded(operations::succeeded));
    };
    let template = work.shared.store.templates().get(template).await?;
    let template = template.ok_or_else(|| Failure::lasting(Fault::Host, "The template of the upgrade is not in the store"))?;
    Ok(Outcome::recorded(move |draft| {
        operations::upgrade::adopt(draft, &template);
        operations::succeeded(draft);
    }))
}
