//! The cluster's authorities and pairs.

use crate::error::StepError;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    work.shared.certificates.ensure(&work.cluster).await?;
    Ok(Outcome::done())
}
