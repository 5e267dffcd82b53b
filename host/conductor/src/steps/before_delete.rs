//! The driver removes what the cluster made for itself: load balancers and the like, which would keep its networks in use.

use std::time::Duration;

use jeroboam_model::Fault;
use jeroboam_model::driver::Progress;

use crate::cause;
use crate::error::StepError;
use crate::policy::Failure;
use crate::sessions::Need;
use crate::sources;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let never_ran = work.cluster.trustee.as_ref().is_none_or(|trustee| trustee.trust_id.is_none());
    if never_ran {
        // A stack is only made once there is a trust, and without a stack nothing of the cluster ever ran.
        return Ok(Outcome::done());
    }
    let (view, driver) = match (work.view(), work.shared.driver_of(&work.cluster).await) {
        (Ok(view), Ok(driver)) => (view, driver),
        (Err(failure), _) | (_, Err(failure)) => return Ok(skipped(&failure)),
    };
    let (session, _) = work.session(Need::TrustFirst).await?;
    let context = sources::for_work(work, &view, session).await;
    let limit = work.shared.config.pre_delete_lb_timeout;
    let out_of_time = work.in_step_for >= limit;
    match driver.before_delete(&view, context).await {
        Ok(Progress::Done) => Ok(Outcome::done()),
        Ok(Progress::Waiting { message, .. }) if out_of_time => Err(gave_up(limit, &message).into()),
        Ok(Progress::Waiting { message, after }) => Ok(Outcome::Later { waiting_for: message, after: Some(after) }),
        Err(error) if out_of_time => Err(gave_up(limit, &error.user_message()).into()),
        Err(error) => Err(error.into()),
    }
}

fn gave_up(limit: Duration, last: &str) -> Failure {
    let message =
        format!("Gave up after {} s of removing what the cluster made for itself: {}", limit.as_secs(), cause::tidy(last));
    Failure::lasting(Fault::Cloud, message).advise("Delete what is left by hand, then delete the cluster again.")
}

/// A cluster without a driver can be deleted all the same.
fn skipped(failure: &Failure) -> Outcome {
    let message = format!("Nothing that the cluster made for itself was removed: {}", failure.message);
    Outcome::recorded(move |draft| draft.note(message.clone()))
}
