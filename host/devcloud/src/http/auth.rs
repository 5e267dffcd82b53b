//! From a token to an identity.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};

use crate::{cloud::Cloud, keystone::tokens::unauthorized};

/// A layer: puts the [`Identity`](crate::keystone::tokens::Identity) and the [`Scope`](crate::services::Scope) of `X-Auth-Token` into
/// the request, or refuses it.
pub async fn required(State(cloud): State<Arc<Cloud>>, request: Request, next: Next) -> Response {
    authenticated(&cloud, request, next, false).await
}

/// As [`required`], but a request without a token goes on without an identity if it is a signal: Heat checks the signature of those.
pub async fn required_except_signals(State(cloud): State<Arc<Cloud>>, request: Request, next: Next) -> Response {
    let signal = request.uri().path().ends_with("/signal");
    authenticated(&cloud, request, next, signal).await
}

async fn authenticated(cloud: &Cloud, mut request: Request, next: Next, optional: bool) -> Response {
    let secret = request.headers().get("x-auth-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let Some(secret) = secret else {
        return if optional { next.run(request).await } else { refused(cloud) };
    };
    let Some(identity) = cloud.read(|state| state.keystone.resolve(&secret, state.now())) else {
        return refused(cloud);
    };
    request.extensions_mut().insert(identity.scope(&secret));
    request.extensions_mut().insert(identity);
    next.run(request).await
}

fn refused(cloud: &Cloud) -> Response {
    let mut response = unauthorized().into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("Keystone uri=\"{}\"", cloud.identity_url())) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
