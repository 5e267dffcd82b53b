//! The cluster's own user, in the trustee domain.
//!
//! Its password is in the store before the user is made. A user who is found already has it, unless something outside changed it.

use jeroboam_cloud::keystone::{Keystone, NewUser, TokenScope, User};
use jeroboam_cloud::{Kind, Session};
use jeroboam_model::{External, Fault, Secret, Trustee, UserId};

use crate::cause::Actor;
use crate::error::{By, StepError};
use crate::password;
use crate::policy::Failure;
use crate::shared::password_place;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let Some((trustee, password)) = work.trustee()? else { return decide_password(work) };
    let admin = work.shared.domain_admin(work.operation.requester.onward_id())?;
    let domain = domain_of(&admin).await?;
    let keystone = admin.keystone();
    let name = trustee.user_name.clone();
    let user = match keystone.find_user(&domain, &name).await.by(Actor::DomainAdmin)? {
        Some(user) => adopt(work, &keystone, user, password).await?,
        None => {
            let description = format!("Trustee of cluster {} of project {}", work.cluster.uuid, work.cluster.project_id);
            let user = NewUser { name: name.clone(), domain_id: domain, password, description };
            keystone.create_user(&user).await.by(Actor::DomainAdmin)?
        }
    };
    Ok(Outcome::recorded(move |draft| {
        draft.found(&External::Trustee { name: name.clone() }, &user.id);
        if let Some(trustee) = &mut draft.cluster.trustee {
            trustee.user_id = Some(UserId(user.id.clone()));
        }
    }))
}

fn decide_password(work: &Work) -> Result<Outcome, StepError> {
    let password = work.shared.vault.seal(&password_place(work.cluster.uuid), &password::generate())?;
    let trustee =
        Trustee { user_name: work.cluster.trustee_user_name(), password, next_password: None, user_id: None, trust_id: None };
    Ok(Outcome::intend(move |draft| draft.cluster.trustee = Some(trustee.clone())))
}

/// The id of the domain that the administrator's token is for.
pub(super) async fn domain_of(admin: &Session) -> Result<String, StepError> {
    match admin.token_info().await.by(Actor::DomainAdmin)?.scope {
        TokenScope::Domain(domain) => Ok(domain.id),
        _ => Err(Failure::lasting(Fault::Host, "The administrator of the trustee domain does not get a token for the domain")
            .advise("Check trustee_domain_name or trustee_domain_id in [trust].")
            .into()),
    }
}

/// Takes a user that an earlier try made, with the password that is stored.
async fn adopt(work: &Work, keystone: &Keystone, user: User, password: Secret) -> Result<User, StepError> {
    match work.as_trustee(&user.id, password.clone()).token_info().await {
        Ok(_) => {}
        Err(error) if error.kind() == Kind::Unauthenticated => {
            keystone.set_password(&user.id, &password).await.by(Actor::DomainAdmin)?
        }
        Err(error) => return Err(error).by(Actor::Trustee),
    }
    Ok(user)
}
