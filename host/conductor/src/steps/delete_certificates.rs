//! The cluster's authorities and pairs go.

use crate::error::StepError;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    work.shared.certificates.remove(&work.cluster.uuid).await?;
    Ok(Outcome::done())
}
