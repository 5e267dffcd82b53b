//! The outcome is written into the cluster, or its rows go; the operation ends with the same commit.

use jeroboam_model::{Fault, OperationKind};

use crate::error::StepError;
use crate::operations;
use crate::policy::Failure;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) fn run(work: &Work) -> Result<Outcome, StepError> {
    if matches!(work.operation.kind, OperationKind::Delete)
        && let Some(left) = work.ledger.first()
    {
        return Err(Failure::lasting(Fault::Host, format!("Something of the cluster is still there: {}", left.object)).into());
    }
    Ok(Outcome::recorded(operations::succeeded))
}
