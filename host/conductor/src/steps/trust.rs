//! The owner lets the cluster's user act for it. Only the owner in person can.

use jeroboam_cloud::Kind;
use jeroboam_cloud::keystone::{NewTrust, TokenInfo, Trust};
use jeroboam_model::{Cluster, External, Fault};

use crate::cause::{self, Actor};
use crate::error::{By, StepError};
use crate::policy::Failure;
use crate::sessions::Need;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let missing = || Failure::lasting(Fault::Host, "The cluster has no trustee");
    let (trustee, password) = work.trustee()?.ok_or_else(missing)?;
    let trustee_id = trustee.user_id.clone().ok_or_else(missing)?.0;
    let name = trustee.user_name.clone();

    let made = work.as_trustee(&trustee_id, password).keystone().list_trusts_of_trustee(&trustee_id).await.by(Actor::Trustee)?;
    let trust = match made.into_iter().find(|trust| is_ours(trust, &work.cluster)) {
        Some(trust) => trust,
        None => make(work, trustee_id).await?,
    };
    Ok(Outcome::recorded(move |draft| {
        draft.found(&External::Trust { trustee_name: name.clone() }, &trust.id);
        if let Some(trustee) = &mut draft.cluster.trustee {
            trustee.trust_id = Some(trust.id.clone());
        }
    }))
}

/// Trusts have no names: an earlier try's is known by who gave it, to whom, and for what.
fn is_ours(trust: &Trust, cluster: &Cluster) -> bool {
    trust.impersonation
        && trust.expires_at.is_none()
        && trust.trustor_user_id == cluster.user_id.as_str()
        && trust.project_id.as_deref() == Some(cluster.project_id.as_str())
}

async fn make(work: &Work, trustee_user_id: String) -> Result<Trust, StepError> {
    let (owner, actor) = work.session(Need::Person).await?;
    let token = owner.token_info().await.by(actor)?;
    check(&token, work.cluster.user_id.as_str())?;
    let configured = &work.shared.config.trust.roles;
    let roles = if configured.is_empty() { token.role_names().map(str::to_owned).collect() } else { configured.clone() };
    let trust = NewTrust {
        trustor_user_id: token.user.id.clone(),
        trustee_user_id,
        project_id: work.cluster.project_id.0.clone(),
        roles,
    };
    match owner.keystone().create_trust(&trust).await {
        // Some Keystones make no trusts with unrestricted ones either.
        Err(error) if error.kind() == Kind::Denied && token.application_credential.is_some() => {
            let text = format!("Keystone makes no trust for the application credential of the request: {}", cause::chain(&error));
            Err(Failure::lasting(Fault::User, text).advise("Make the request as the owner with a password.").into())
        }
        outcome => outcome.by(actor),
    }
}

/// Whether Keystone would let the token make a trust; it would not say why not.
fn check(token: &TokenInfo, owner: &str) -> Result<(), Failure> {
    let refusal = if token.application_credential.as_ref().is_some_and(|credential| credential.restricted) {
        "The request was made with an application credential, which cannot make the trust that a cluster needs"
    } else if token.trust.is_some() {
        "The request was made through a trust, which cannot be handed on to the cluster"
    } else if token.user.id != owner {
        "The request was made by another user than the cluster's owner"
    } else {
        return Ok(());
    };
    let advice =
        "Make the request as the owner with a password, or with an application credential that was created as unrestricted.";
    Err(Failure::lasting(Fault::User, refusal).advise(advice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_cloud::keystone::{ApplicationCredential, DomainId, TokenScope, TokenTrust, UserId};
    use time::OffsetDateTime;

    fn token() -> TokenInfo {
        TokenInfo {
            user: UserId { id: "owner".into(), name: String::new(), domain: DomainId::default() },
            scope: TokenScope::Unscoped,
            roles: Vec::new(),
            is_admin_project: false,
            expires_at: OffsetDateTime::UNIX_EPOCH,
            issued_at: OffsetDateTime::UNIX_EPOCH,
            audit_ids: Vec::new(),
            methods: Vec::new(),
            trust: None,
            application_credential: None,
            catalog: None,
        }
    }

    fn credential(restricted: bool) -> Option<ApplicationCredential> {
        Some(ApplicationCredential { id: String::new(), restricted, access_rules: None })
    }

    #[test]
    fn only_the_owners_own_rights_can_be_lent() {
        assert_eq!(check(&token(), "owner"), Ok(()));
        assert_eq!(check(&TokenInfo { application_credential: credential(false), ..token() }, "owner"), Ok(()));
    }

    #[test]
    fn what_keystone_would_refuse_is_refused_with_its_reason() {
        let trust =
            TokenTrust { id: String::new(), impersonation: true, trustor_user_id: String::new(), trustee_user_id: String::new() };
        for (token, reason) in [
            (TokenInfo { application_credential: credential(true), ..token() }, "application credential"),
            (TokenInfo { trust: Some(trust), ..token() }, "through a trust"),
            (TokenInfo { user: UserId { id: "other".into(), ..token().user }, ..token() }, "another user"),
        ] {
            let failure = check(&token, "owner").unwrap_err();
            assert!(failure.message.contains(reason), "{failure}");
            assert_eq!((failure.fault, failure.retry), (Fault::User, None));
        }
    }
}
