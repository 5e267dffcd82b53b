//! Around everything: each request is counted, has its span, and its line in the access log.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use jeroboam_telemetry::{metrics::Gauge, traces};
use tracing::Instrument;

use super::access_log::Line;
use super::request_ids::REQUEST_ID;
use crate::app::App;
use crate::metrics;

/// The route that answered. Put into the answer by the inner router: the outer one does not know it.
#[derive(Clone)]
struct Route(MatchedPath);

/// Says which route it was. For the inner router.
pub async fn name_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned().map(Route);
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// For the outer router.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let _in_flight = InFlight::new(app.config.metrics.in_flight.only());
    let line = app.config.access_log.then(|| Line::of(&request, app.config.enable_proxy_headers_parsing));
    let (method, outer) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let span = tracing::info_span!(
        target: traces::TARGET,
        "api_request",
        method = metrics::name(&method),
        route = tracing::field::Empty,
        status = tracing::field::Empty,
        request_id = tracing::field::Empty,
    );
    traces::adopt(&span, traces::of_headers(request.headers()));
    let response = next.run(request).instrument(span.clone()).await;
    let route = response.extensions().get::<Route>().map(|Route(path)| path.clone()).or(outer);
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    span.record("route", route);
    span.record("status", status);
    if let Some(id) = response.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()) {
        span.record("request_id", id);
    }
    let took = began.elapsed();
    app.config.metrics.answered(route, &method, status, took);
    if let Some(line) = line {
        line.write(route, &response, took);
    }
    response
}

/// Counts down when it is dropped: a client may go away.
struct InFlight(Gauge);

impl InFlight {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
