//! The trust goes, once nothing needs it any more.

use jeroboam_cloud::{Identity, Kind, Session};
use jeroboam_model::{External, Secret};

use crate::cause::{self, Actor};
use crate::error::{By, StepError};
use crate::sessions::Need;
use crate::steps::{Outcome, delete_trustee};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let mut left = None;
    if let Some((trustee, password)) = work.trustee()?
        && let Some(user_id) = delete_trustee::find(work, trustee).await?
    {
        left = delete_all(work, &user_id, password).await?;
    }
    Ok(Outcome::recorded(move |draft| {
        if let Some(message) = &left {
            draft.note(message.clone());
        }
        draft.strike(|object| matches!(object, External::Trust { .. }));
        if let Some(trustee) = &mut draft.cluster.trustee {
            trustee.trust_id = None;
        }
        draft.forget_token();
    }))
}

/// Deletes every trust to the cluster's user. One that cannot be deleted is told of: Keystone deletes it with the user, which is next.
async fn delete_all(work: &Work, user_id: &str, password: Secret) -> Result<Option<String>, StepError> {
    let trustee = work.as_trustee(user_id, password.clone());
    let trusts = match trustee.keystone().list_trusts_of_trustee(user_id).await {
        Ok(trusts) => trusts,
        Err(error) if is_lasting(error.kind()) => {
            return Ok(Some(format!("The trust is left to go with its trustee: {}", cause::chain(&error))));
        }
        Err(error) => return Err(error).by(Actor::Trustee),
    };
    let mut left = None;
    for trust in trusts {
        let identity =
            Identity::Trust { trustee_user_id: user_id.to_owned(), password: password.clone(), trust_id: trust.id.clone() };
        let as_owner = work.shared.cloud.session(identity.clone());
        let outcome = match as_owner.keystone().delete_trust(&trust.id).await {
            Err(error) if is_lasting(error.kind()) => in_person(work, &trust.id).await.unwrap_or(Err(error)),
            outcome => outcome,
        };
        work.shared.cloud.forget(&identity);
        match outcome {
            Ok(()) => {}
            Err(error) if is_lasting(error.kind()) => {
                left = Some(format!("The trust is left to go with its trustee: {}", cause::chain(&error)))
            }
            Err(error) => return Err(error).by(Actor::Trustee),
        }
    }
    Ok(left)
}

/// As whoever asked for the deletion, if that is the owner.
async fn in_person(work: &Work, trust_id: &str) -> Option<Result<(), jeroboam_cloud::CloudError>> {
    let (owner, _): (Session, _) = work.session(Need::Person).await.ok()?;
    Some(owner.keystone().delete_trust(trust_id).await)
}

/// Whether it will be the same the next time: the owner is gone, or disabled, or has lost a role.
fn is_lasting(kind: Kind) -> bool {
    !matches!(kind, Kind::Unavailable | Kind::Unreachable | Kind::Protocol)
}
