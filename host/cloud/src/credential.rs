//! One identity and its token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use crate::catalog::Catalog;
use crate::cloud::Shared;
use crate::error::CloudError;
use crate::identity::Identity;
use crate::keystone::{TokenInfo, tokens};
use jeroboam_model::Secret;

/// How long before its end a token is replaced: long enough for a slow request that carries it,
/// and that hands it on (Heat does), to be done.
const MARGIN: Duration = Duration::from_secs(120);

/// A token in use.
pub(crate) struct Grant {
    pub token: Secret,
    pub header: HeaderValue,
    pub info: TokenInfo,
    /// When to get another; never for a token that somebody else got.
    renew_at: Option<Instant>,
}

/// An identity with at most one token, and at most one request for a token in flight.
pub(crate) struct Credential {
    identity: Identity,
    state: Mutex<State>,
    /// Counts finished requests for a token, so that those who waited for one share its failure.
    attempts: AtomicU64,
}

#[derive(Default)]
struct State {
    grant: Option<Arc<Grant>>,
    failure: Option<CloudError>,
}

impl Grant {
    pub fn catalog(&self) -> Option<&Catalog> {
        self.info.catalog.as_ref()
    }

    fn new(token: Secret, info: TokenInfo, asked_at: Instant, own: bool) -> Result<Self, CloudError> {
        let mut header = HeaderValue::from_str(token.expose()).map_err(|_| CloudError::Argument {
            service: crate::Service::Keystone,
            operation: "use a token",
            reason: "the token has characters that no token has".into(),
        })?;
        header.set_sensitive(true);
        // Both times are Keystone's, so a clock that differs from ours does no harm.
        let lifetime: Duration = (info.expires_at - info.issued_at).try_into().unwrap_or_default();
        let margin = MARGIN.min(lifetime / 4);
        let renew_at = own.then(|| asked_at + (lifetime - margin));
        Ok(Self { token, header, info, renew_at })
    }

    fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|renew_at| Instant::now() < renew_at)
    }
}

impl Credential {
    pub fn new(identity: Identity) -> Self {
        Self { identity, state: Mutex::default(), attempts: AtomicU64::new(0) }
    }

    /// What it proves itself with, and the token that it has now. One that is just being got is missing.
    pub fn secrets(&self) -> Vec<Secret> {
        let own = match &self.identity {
            Identity::Password { password, .. } | Identity::Trust { password, .. } => password,
            Identity::ApplicationCredential { secret, .. } => secret,
            Identity::Token(token) => token,
        };
        let token = self.state.try_lock().ok().and_then(|state| state.grant.as_ref().map(|grant| grant.token.clone()));
        std::iter::once(own.clone()).chain(token).collect()
    }

    /// A token that will be good for a while.
    pub async fn grant(&self, cloud: &Shared, request_id: Option<&HeaderValue>) -> Result<Arc<Grant>, CloudError> {
        self.obtain(cloud, request_id, None).await
    }

    /// Another token, after a service rejected one. Nothing for a token that somebody else got.
    pub async fn renew(
        &self,
        cloud: &Shared,
        request_id: Option<&HeaderValue>,
        rejected: &Arc<Grant>,
    ) -> Result<Option<Arc<Grant>>, CloudError> {
        if matches!(self.identity, Identity::Token(_)) {
            return Ok(None);
        }
        self.obtain(cloud, request_id, Some(rejected)).await.map(Some)
    }

    async fn obtain(
        &self,
        cloud: &Shared,
        request_id: Option<&HeaderValue>,
        rejected: Option<&Arc<Grant>>,
    ) -> Result<Arc<Grant>, CloudError> {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(grant) = &state.grant
            && grant.is_fresh()
            && !rejected.is_some_and(|rejected| Arc::ptr_eq(rejected, grant))
        {
            return Ok(grant.clone());
        }
        if self.attempts.load(Ordering::Acquire) != seen
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        state.grant = None;
        let outcome = self.request(cloud, request_id).await;
        self.attempts.fetch_add(1, Ordering::Release);
        match outcome {
            Ok(grant) => {
                let grant = Arc::new(grant);
                *state = State { grant: Some(grant.clone()), failure: None };
                Ok(grant)
            }
            Err(source) => {
                let failure = CloudError::Authentication { who: self.identity.to_string(), source: Box::new(source) };
                state.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    async fn request(&self, cloud: &Shared, request_id: Option<&HeaderValue>) -> Result<Grant, CloudError> {
        let asked_at = Instant::now();
        let via = cloud.keystone(request_id);
        if let Identity::Token(token) = &self.identity {
            let call = tokens::examine_own(token)?;
            let info = tokens::read(&cloud.transport.send(&call, via).await?)?;
            return Grant::new(token.clone(), info, asked_at, false);
        }
        let call = tokens::issue(&self.identity);
        let reply = cloud.transport.send(&call, via).await?;
        let token = reply.subject_token.clone().ok_or_else(|| reply.unusable("it has no X-Subject-Token header"))?;
        Grant::new(token, tokens::read(&reply)?, asked_at, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystone::{TokenScope, UserId};
    use time::OffsetDateTime;

    /// A token of forty seconds, got so many seconds ago.
    fn aged(seconds: u64, own: bool) -> Grant {
        let issued_at = OffsetDateTime::UNIX_EPOCH;
        let info = TokenInfo {
            user: UserId { id: "u".into(), name: String::new(), domain: Default::default() },
            scope: TokenScope::Unscoped,
            roles: Vec::new(),
            is_admin_project: true,
            expires_at: issued_at + Duration::from_secs(40),
            issued_at,
            audit_ids: Vec::new(),
            methods: Vec::new(),
            trust: None,
            application_credential: None,
            catalog: None,
        };
        let asked_at = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        Grant::new(Secret::new("t"), info, asked_at, own).unwrap()
    }

    #[test]
    fn a_token_is_renewed_in_the_last_quarter_of_a_short_life() {
        assert!(aged(20, true).is_fresh());
        assert!(!aged(31, true).is_fresh());
    }

    #[test]
    fn a_token_of_somebody_else_is_never_renewed() {
        assert!(aged(3600, false).is_fresh());
    }
}
