//! Tokens: what Keystone says of them, and for how long that is believed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, Method};
use jeroboam_cloud::{CloudError, Session};
use jeroboam_model::Secret;
use moka::Expiry;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::access_rules;
use super::request_ids::RequestIds;
use crate::app::App;
use crate::caller::Caller;
use crate::error::ApiError;

const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// The most tokens that are remembered.
const MAX_CALLERS: u64 = 20_000;
/// The longest token: Fernet tokens have some 250 characters, those with a catalogue inside some thousands.
const MAX_TOKEN: usize = 16_384;

/// Validated tokens. Keyed by a digest: the cache is no place to steal a token from.
pub struct Callers {
    cache: Cache<[u8; 32], Arc<Caller>>,
    service: Session,
}

/// An entry lives as long as the operator lets it, and never longer than its token.
struct Lifetime {
    most: Duration,
}

impl Expiry<[u8; 32], Arc<Caller>> for Lifetime {
    fn expire_after_create(&self, _: &[u8; 32], caller: &Arc<Caller>, _: Instant) -> Option<Duration> {
        let left = caller.expires_at - OffsetDateTime::now_utc();
        Some(Duration::try_from(left).unwrap_or_default().min(self.most))
    }
}

impl Callers {
    /// `service` is who asks Keystone.
    pub fn new(service: Session, token_cache_time: Duration) -> Self {
        let expiry = Lifetime { most: token_cache_time };
        Self { cache: Cache::builder().max_capacity(MAX_CALLERS).expire_after(expiry).build(), service }
    }

    /// Who asks Keystone on the service's own behalf.
    pub const fn service(&self) -> &Session {
        &self.service
    }

    async fn identify(&self, token: &str, ids: &RequestIds) -> Result<Arc<Caller>, ApiError> {
        let key: [u8; 32] = Sha256::digest(token).into();
        let caller = match self.cache.get(&key).await {
            Some(caller) => caller,
            // Of several requests with a new token, one asks and the others wait.
            None => {
                self.cache.try_get_with(key, self.ask(token, ids)).await.map_err(|refused: Arc<Refused>| match &*refused {
                    Refused::Token => ApiError::Unauthenticated,
                    Refused::NoAnswer(error) => ApiError::KeystoneUnavailable(error.clone()),
                })?
            }
        };
        if caller.expires_at <= OffsetDateTime::now_utc() {
            return Err(ApiError::Unauthenticated);
        }
        Ok(caller)
    }

    async fn ask(&self, token: &str, ids: &RequestIds) -> Result<Arc<Caller>, Refused> {
        match self.service.with_request_id(ids.onward().as_str()).keystone().validate_token(&Secret::new(token)).await {
            Ok(Some(info)) => Ok(Arc::new(info.into())),
            Ok(None) => Err(Refused::Token),
            Err(error) => Err(Refused::NoAnswer(error)),
        }
    }
}

enum Refused {
    Token,
    NoAnswer(CloudError),
}

/// The token that came with a request.
pub fn token_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTH_TOKEN)?.to_str().ok().filter(|token| !token.is_empty() && token.len() <= MAX_TOKEN)
}

/// Whose request it is.
pub async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    ids: &RequestIds,
) -> Result<Arc<Caller>, ApiError> {
    let token = token_of(headers).ok_or(ApiError::Unauthenticated)?;
    let caller = app.callers.identify(token, ids).await?;
    match &caller.access_rules {
        Some(rules) if !access_rules::allow(rules, method.as_str(), path) => Err(ApiError::Unauthenticated),
        _ => Ok(caller),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::CallerScope;

    fn lifetime(ends_in: time::Duration) -> Duration {
        let ends = OffsetDateTime::now_utc() + ends_in;
        let caller = Caller::new("u".into(), "u".into(), "d".into(), CallerScope::Unscoped, Vec::new(), ends, None);
        let expiry = Lifetime { most: Duration::from_secs(300) };
        expiry.expire_after_create(&[0; 32], &Arc::new(caller), Instant::now()).unwrap()
    }

    #[test]
    fn a_token_is_remembered_for_a_while_and_never_past_its_end() {
        assert_eq!(lifetime(time::Duration::HOUR), Duration::from_secs(300));
        let short = lifetime(time::Duration::seconds(20));
        assert!(short <= Duration::from_secs(20) && short > Duration::from_secs(10), "{short:?}");
        assert_eq!(lifetime(time::Duration::seconds(-1)), Duration::ZERO);
    }
}
