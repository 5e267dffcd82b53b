//! The cluster's own user goes.

use jeroboam_cloud::Session;
use jeroboam_model::{External, Trustee};

use crate::cause::Actor;
use crate::error::{By, StepError};
use crate::steps::{Outcome, trustee};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    if let Some(trustee) = &work.cluster.trustee {
        // By name even where the id is known: Keystone forbids a domain's administrator to delete a user who is not there.
        let admin = work.shared.domain_admin(work.operation.requester.onward_id())?;
        if let Some(user_id) = by_name(&admin, &trustee.user_name).await? {
            admin.keystone().delete_user(&user_id).await.by(Actor::DomainAdmin)?;
        }
    }
    Ok(Outcome::recorded(|draft| {
        draft.strike(|object| matches!(object, External::Trustee { .. }));
        draft.cluster.trustee = None;
    }))
}

/// The user's id: as recorded, or as Keystone knows the name. One whose making was interrupted has no id in the store.
pub(super) async fn find(work: &Work, trustee: &Trustee) -> Result<Option<String>, StepError> {
    match &trustee.user_id {
        Some(id) => Ok(Some(id.0.clone())),
        None => by_name(&work.shared.domain_admin(work.operation.requester.onward_id())?, &trustee.user_name).await,
    }
}

async fn by_name(admin: &Session, name: &str) -> Result<Option<String>, StepError> {
    let domain = trustee::domain_of(admin).await?;
    let user = admin.keystone().find_user(&domain, name).await.by(Actor::DomainAdmin)?;
    Ok(user.map(|user| user.id))
}
