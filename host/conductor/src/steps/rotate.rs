//! New authorities and pairs in the place of the old ones. The nodes have yet to hear of them.

use jeroboam_model::{Fault, OperationKind};

use crate::error::StepError;
use crate::policy::Failure;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let OperationKind::RotateCa { generation, .. } = work.operation.kind else {
        return Err(Failure::lasting(Fault::Host, "Only a rotation replaces authorities").into());
    };
    work.shared.certificates.rotate(&work.cluster, generation).await?;
    Ok(Outcome::recorded(move |draft| draft.cluster.ca_generation = generation))
}
