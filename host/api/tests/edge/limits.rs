//! Limits: how much is taken at a time.

use std::convert::Infallible;
use std::num::NonZeroU32;

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use http::Request;
use jeroboam_api::{ApiConfig, LimitsConfig, LocalOperator, Rate};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::support::{Answer, Api};

async fn api(limits: LimitsConfig) -> Api {
    Api::with(ApiConfig { limits, ..ApiConfig::default() }, Default::default()).await
}

/// So slow that nothing comes back while a test runs.
fn rate(burst: u32) -> Option<Rate> {
    Rate::new(0.001, NonZeroU32::new(burst).unwrap())
}

/// A request that is under way until it is aborted.
async fn unfinished(api: &Api, token: &str) -> JoinHandle<()> {
    let (asked, reading) = oneshot::channel();
    let body = stream::once(async move {
        _ = asked.send(());
        std::future::pending::<Result<Bytes, Infallible>>().await
    });
    let request = Request::post("/v1/clusters").header("x-auth-token", token).header("content-type", "application/json");
    let answer = api.router.clone().oneshot(request.body(Body::from_stream(body)).unwrap());
    let task = tokio::spawn(async move { _ = answer.await });
    reading.await.unwrap();
    task
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, text: &str) {
    let detail = answer.detail(status);
    assert!(detail.starts_with(text), "{detail}");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds >= 1 && detail.ends_with(&format!("Try again in {seconds} s.")), "{seconds}: {detail}");
}

#[tokio::test]
async fn a_project_that_sends_too_much_is_told_to_wait_and_others_are_not() {
    let api = api(LimitsConfig { project_rate: rate(2), ..LimitsConfig::default() }).await;
    let demo = api.demo().await;
    demo.get("/v1/clusters").await.expect(200);
    demo.get("/v1/clusters").await.expect(200);
    assert_refused(&demo.get("/v1/clusters").await, 429, "The project sends more requests than it may.");
    // By whatever user of it; but not what needs no token, nor other projects.
    assert_eq!(api.reader().await.get("/v1/clusters").await.status, 429);
    demo.get("/v1").await.expect(200);
    api.stranger().await.get("/v1/clusters").await.expect(200);
}

#[tokio::test]
async fn everybody_together_is_kept_in_bounds_before_keystone_is_asked_and_load_balancers_never() {
    let api = api(LimitsConfig { rate: rate(1), ..LimitsConfig::default() }).await;
    let demo = api.demo().await;
    api.nobody().get("/v1/clusters").await.expect(401);
    api.lose_keystone();
    assert_refused(&demo.get("/v1/clusters").await, 503, "This service gets more requests than it is to answer.");
    assert_eq!(api.nobody().get("/healthcheck").await.status, 200);
    let operator = api.nobody().local(LocalOperator { user: "root".to_owned() });
    operator.get("/v1/drivers").await.expect(200);
}

#[tokio::test]
async fn a_project_has_so_many_requests_under_way_and_no_more() {
    let api = api(LimitsConfig { project_in_flight: NonZeroU32::new(1), ..LimitsConfig::default() }).await;
    let token = api.demo().await.token();
    let demo = api.with_token(&token);
    let held = unfinished(&api, &token).await;
    assert_refused(&demo.get("/v1/clusters").await, 429, "The project has as many requests under way as it may.");
    api.stranger().await.get("/v1/clusters").await.expect(200);
    held.abort();
    _ = held.await;
    demo.get("/v1/clusters").await.expect(200);
}

#[tokio::test]
async fn the_service_has_so_many_requests_under_way_and_no_more() {
    let api = api(LimitsConfig { in_flight: NonZeroU32::new(1), ..LimitsConfig::default() }).await;
    let token = api.demo().await.token();
    let held = unfinished(&api, &token).await;
    let stranger = api.stranger().await;
    assert_refused(&stranger.get("/v1/clusters").await, 503, "This service has as many requests under way as it takes.");
    assert_eq!(api.nobody().get("/healthcheck").await.status, 200);
    held.abort();
    _ = held.await;
    stranger.get("/v1/clusters").await.expect(200);
}

#[tokio::test]
async fn refusals_are_counted_by_the_option_that_sets_the_limit() {
    let metrics = jeroboam_api::ApiMetrics::default();
    let registry = jeroboam_telemetry::Registry::default();
    metrics.register(&registry);
    let limits = LimitsConfig { project_rate: rate(1), ..LimitsConfig::default() };
    let api = Api::with(ApiConfig { limits, metrics, ..ApiConfig::default() }, Default::default()).await;
    let demo = api.demo().await;
    for status in [200, 429, 429] {
        assert_eq!(demo.get("/v1/clusters").await.status, status);
    }
    let text = registry.text();
    assert!(text.contains("jeroboam_api_requests_refused_total{limit=\"project_request_rate\"} 2"), "{text}");
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_with_the_bound() {
    let api = Api::with(ApiConfig { max_request_body_size: 1000, ..ApiConfig::default() }, Default::default()).await;
    let body = format!("{{\"name\": \"{}\"}}", "x".repeat(1000));
    let answer = api.demo().await.send(http::Method::POST, "/v1/clusters", &body).await;
    assert_eq!(answer.detail(413), "The request body is longer than 1000 bytes");
}
