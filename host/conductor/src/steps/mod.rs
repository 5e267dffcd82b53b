//! The steps of operations, one file each. Each can be done again after a crash at any point of it: it looks for what it was about to make, under
//! the name that the store already holds.

mod before_delete;
mod certificates;
mod credential;
pub(crate) mod definition;
mod delete_certificates;
mod delete_stack;
mod delete_trust;
mod delete_trustee;
mod finish;
mod observe;
mod plan;
mod removals;
mod retire;
mod rotate;
mod stack;
pub(crate) mod stop;
mod target;
mod trust;
mod trustee;
mod wait;
mod wait_gone;

use std::time::Duration;

use jeroboam_model::Step;

use crate::draft::Draft;
use crate::error::StepError;
use crate::work::Work;

/// What a step writes. It may be made more than once, to fresher records each time.
pub(crate) type Change = Box<dyn Fn(&mut Draft) + Send + Sync>;

/// What came of a step.
pub(crate) enum Outcome {
    /// Its effect is there: to be recorded, together with the next step.
    Done(Change),
    /// What it is about to do, to be recorded first; then the step is done again.
    Intend(Change),
    /// Somebody else has to get on first.
    Later {
        /// For the deadline's message.
        waiting_for: String,
        /// When to look again; at the adaptive pace if absent.
        after: Option<Duration>,
    },
}

impl Outcome {
    pub fn done() -> Self {
        Self::Done(Box::new(|_| ()))
    }

    pub fn recorded(change: impl Fn(&mut Draft) + Send + Sync + 'static) -> Self {
        Self::Done(Box::new(change))
    }

    pub fn intend(change: impl Fn(&mut Draft) + Send + Sync + 'static) -> Self {
        Self::Intend(Box::new(change))
    }

    pub fn later(waiting_for: impl Into<String>) -> Self {
        Self::Later { waiting_for: waiting_for.into(), after: None }
    }
}

/// Does the operation's present step.
pub(crate) async fn run(work: &Work) -> Result<Outcome, StepError> {
    match work.operation.step {
        Step::Certificates => certificates::run(work).await,
        Step::Trustee => trustee::run(work).await,
        Step::Trust => trust::run(work).await,
        Step::Plan => plan::run(work).await,
        Step::Rotate => rotate::run(work).await,
        Step::Credential => credential::run(work).await,
        Step::Removals => removals::run(work).await,
        Step::Stack => stack::run(work).await,
        Step::Wait => wait::run(work).await,
        Step::Observe => observe::run(work).await,
        Step::BeforeDelete => before_delete::run(work).await,
        Step::DeleteStack => delete_stack::run(work).await,
        Step::WaitGone => wait_gone::run(work).await,
        Step::DeleteTrust => delete_trust::run(work).await,
        Step::DeleteTrustee => delete_trustee::run(work).await,
        Step::DeleteCertificates => delete_certificates::run(work).await,
        Step::Retire => retire::run(work).await,
        Step::Finish => finish::run(work).await,
    }
}
