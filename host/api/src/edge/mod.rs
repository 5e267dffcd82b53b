//! What every request passes on its way in and out, whatever it asks for. From the outside:
//!
//! ```text
//! observe          counted, traced, and a line in the access log
//! ├ healthcheck, /discovery
//! └ cors           browsers
//!   └ around       ids, one spelling of the path, room for it, its token, its version; a net for panics
//!     └ router
//! ```

mod access_log;
mod access_rules;
mod authenticate;
mod canonical;
mod cors;
mod forwarded;
mod healthcheck;
mod limits;
mod observe;
mod peer;
mod request_ids;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use jeroboam_model::RequestId;
use tracing::field::{Empty, display};
use tracing::{Instrument, Span};

use crate::app::App;
use crate::caller::{Caller, LocalOperator};
use crate::error::{ApiError, respond};
use crate::microversion::Negotiation;
use access_log::Within;

pub use authenticate::{Callers, authenticate, token_of};
pub use cors::{Cors, CorsRules, cors};
pub use forwarded::Forwarded;
pub use healthcheck::{Backend, HealthPath, HealthcheckConfig, NoHealthPath, healthcheck};
pub use limits::{Exceeded, Limits, LimitsConfig, Rate};
pub use observe::{name_route, observe};
pub use peer::Peer;
pub use request_ids::RequestIds;

/// Around everything but the health check and `/discovery`.
pub async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let ids = RequestIds::of(request.headers());
    canonical::rewrite(request.uri_mut());
    // All but the root, which tells of the versions and has none.
    let version = (request.uri().path() != "/").then(|| Negotiation::of(request.headers()));
    let span = span(&ids);
    let answer = caught(answer(&app, request, next, &ids, version.as_ref())).instrument(span.clone()).await;
    let refuse = |error: ApiError| {
        if let ApiError::Limit(exceeded) = &error {
            app.config.metrics.refused(exceeded.limit.name());
        }
        span.in_scope(|| respond(&error, &ids.own, &app.www_authenticate))
    };
    let mut response = answer.unwrap_or_else(refuse);
    ids.describe(response.headers_mut());
    if let Some(version) = version {
        version.describe(response.headers_mut());
    }
    response.extensions_mut().insert(Within(span));
    response
}

/// For lines in the log: which request they are about, and whose it is.
fn span(ids: &RequestIds) -> Span {
    tracing::info_span!(
        "request",
        request_id = %ids.own,
        global_request_id = ids.global.as_ref().map(RequestId::as_str),
        user_id = Empty,
        project_id = Empty,
    )
}

async fn answer(
    app: &App,
    mut request: Request,
    next: Next,
    ids: &RequestIds,
    version: Option<&Negotiation>,
) -> Result<Response, ApiError> {
    let operator = request.extensions().get::<LocalOperator>().map(LocalOperator::caller);
    let limits = operator.is_none().then_some(&app.limits);
    let _room = limits.map(Limits::admit).transpose()?;
    let mut _of_project = None;
    if !canonical::is_public(request.uri().path()) {
        let caller = match operator {
            Some(operator) => Arc::new(operator),
            None => authenticate(app, request.headers(), request.method(), request.uri().path(), ids).await?,
        };
        note(&caller);
        _of_project = limits.map(|limits| limits.admit_caller(&caller)).transpose()?;
        request.extensions_mut().insert(caller);
    }
    if let Some(version) = version {
        request.extensions_mut().insert(version.version()?);
    }
    request.extensions_mut().insert(ids.clone());
    Ok(next.run(request).await)
}

/// Whose request it is, for the span.
fn note(caller: &Caller) {
    let span = Span::current();
    span.record("user_id", display(&caller.user_id));
    if let Some(project) = caller.project_id() {
        span.record("project_id", display(project));
    }
}

/// A panic is an error like others to the client, and leaves the connection open.
async fn caught<T>(answer: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or(Err(ApiError::Panic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn a_panic_is_answered_with_500_and_the_request_id() {
        let request_id = RequestId::random();
        let error = caught::<()>(async { panic!("on purpose") }).await.unwrap_err();
        let response = respond(&error, &request_id, &HeaderValue::from_static("Keystone"));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&body["errors"][0]["code"], &body["errors"][0]["request_id"]),
            (&"server".into(), &request_id.as_str().into())
        );
        assert!(!body.to_string().contains("on purpose"));
    }
}
