//! Another password for the cluster's own user.
//!
//! It is in the store before Keystone hears of it, beside the one that it replaces: whichever of the two is the user's after a crash, setting the new one again
//! makes it that one. From then on the old one opens nothing, and Keystone ends the tokens that were got with it; the nodes log in again once their
//! stack has told them.

use jeroboam_cloud::Identity;
use jeroboam_model::{Fault, Trustee};

use crate::cause::Actor;
use crate::error::{By, StepError};
use crate::password;
use crate::policy::Failure;
use crate::shared::password_place;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let missing = || Failure::lasting(Fault::Host, "The cluster has no trustee, whose password could be replaced");
    let (trustee, former) = work.trustee()?.ok_or_else(missing)?;
    let place = password_place(work.cluster.uuid);
    let Some(next) = trustee.next_password.clone() else {
        let decided = work.shared.vault.seal(&place, &password::generate())?;
        return Ok(Outcome::intend(move |draft| {
            if let Some(trustee) = &mut draft.cluster.trustee {
                trustee.next_password = Some(decided.clone());
            }
        }));
    };
    let user_id = trustee.user_id.clone().ok_or_else(missing)?.0;
    let password = work.shared.vault.open(&place, &next)?;
    let admin = work.shared.domain_admin(work.operation.requester.onward_id())?;
    admin.keystone().set_password(&user_id, &password).await.by(Actor::DomainAdmin)?;
    if let Some(trust_id) = trustee.trust_id.clone() {
        work.shared.cloud.forget(&Identity::Trust { trustee_user_id: user_id, password: former, trust_id });
    }
    Ok(Outcome::recorded(move |draft| {
        if let Some(Trustee { password, next_password, .. }) = &mut draft.cluster.trustee {
            password.clone_from(&next);
            *next_password = None;
        }
    }))
}
