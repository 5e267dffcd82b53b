//! What every request passes on its way in and out, whatever it asks for: a request id, one spelling of its path, a token, and a net for panics.

mod access_rules;
mod authenticate;
mod canonical;
mod observe;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use http::{HeaderName, HeaderValue};
use jeroboam_model::RequestId;

use crate::app::App;
use crate::caller::LocalOperator;
use crate::error::{ApiError, respond};

pub use authenticate::{Callers, authenticate, token_of};
pub use observe::{name_route, observe};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-openstack-request-id");

/// Around everything but the health check.
pub async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let request_id = RequestId::random();
    let answer = caught(answer(&app, request, next, &request_id)).await;
    let mut response = answer.unwrap_or_else(|error| respond(&error, &request_id, &app.www_authenticate));
    if let Ok(value) = HeaderValue::try_from(request_id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

async fn answer(app: &App, mut request: Request, next: Next, request_id: &RequestId) -> Result<Response, ApiError> {
    canonical::rewrite(request.uri_mut());
    if !canonical::is_public(request.uri().path()) {
        let caller = match request.extensions().get::<LocalOperator>() {
            Some(operator) => Arc::new(operator.caller()),
            None => authenticate::authenticate(app, request.headers(), request.method(), request.uri().path()).await?,
        };
        request.extensions_mut().insert(caller);
    }
    request.extensions_mut().insert(request_id.clone());
    Ok(next.run(request).await)
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
