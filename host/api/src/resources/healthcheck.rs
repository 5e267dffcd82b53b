//! `/healthcheck`: for load balancers. Needs no token and has no request id.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::app::App;
use crate::fields::Out;

pub async fn healthcheck(State(app): State<App>, method: Method, headers: HeaderMap) -> Response {
    let disabled = match &app.config.healthcheck_disable_file {
        Some(file) => tokio::fs::try_exists(file).await.unwrap_or(false),
        None => false,
    };
    let (status, reason) = match (disabled, &method) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "DISABLED BY FILE"),
        (false, &Method::HEAD) => (StatusCode::NO_CONTENT, ""),
        (false, _) => (StatusCode::OK, "OK"),
    };
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (mimetype, body) = if accept.contains("application/json") {
        ("application/json", detail(reason))
    } else {
        ("text/plain", reason.as_bytes().to_vec())
    };
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(body) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mimetype));
    response
}

fn detail(reason: &str) -> Vec<u8> {
    let mut out = Out::default();
    out.object(|out| {
        out.key("detailed");
        out.boolean(false);
        out.key("reasons");
        out.texts([reason].into_iter());
    });
    out.into_bytes()
}
