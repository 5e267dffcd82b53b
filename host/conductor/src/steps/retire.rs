//! The authorities and pairs that were replaced are forgotten: no node has them any more.

use crate::error::StepError;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    work.shared.certificates.retire(&work.cluster.uuid).await?;
    Ok(Outcome::done())
}
