//! The cluster's own user goes.

use jeroboam_model::{External, Trustee};

use crate::cause::Actor;
use crate::error::{By, StepError};
use crate::steps::{Outcome, trustee};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    if let Some(trustee) = &work.cluster.trustee
        && let Some(user_id) = find(work, trustee).await?
    {
        let admin = work.shared.domain_admin(&work.operation.requester.request_id)?;
        admin.keystone().delete_user(&user_id).await.by(Actor::DomainAdmin)?;
    }
    Ok(Outcome::recorded(|draft| {
        draft.strike(|object| matches!(object, External::Trustee { .. }));
        draft.cluster.trustee = None;
    }))
}

/// The user's id: as recorded, or as Keystone knows the name. One whose making was interrupted has no id in the store.
pub(super) async fn find(work: &Work, trustee: &Trustee) -> Result<Option<String>, StepError> {
    if let Some(id) = &trustee.user_id {
        return Ok(Some(id.0.clone()));
    }
    let admin = work.shared.domain_admin(&work.operation.requester.request_id)?;
    let domain = trustee::domain_of(&admin).await?;
    let user = admin.keystone().find_user(&domain, &trustee.user_name).await.by(Actor::DomainAdmin)?;
    Ok(user.map(|user| user.id))
}
