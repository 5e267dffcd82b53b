//! Tokens: who is let in, and what happens when Keystone does not answer.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::time::Duration;

use jeroboam_devcloud::Options;
use serde_json::json;
use support::{Api, User, template};

async fn assert_shut_out(user: &User<'_>) {
    for path in ["/v1/clusters", "/v1/clustertemplates", "/v1/mservices", "/v1/nonsense"] {
        let answer = user.get(path).await;
        let expected = json!({"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}});
        assert_eq!(answer.expect(401), expected, "{path}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Keystone uri=\"http"), "{path}");
        answer.request_id();
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token() {
    let api = Api::start().await;
    assert_shut_out(&api.nobody()).await;
    assert_shut_out(&api.with_token("")).await;
    assert_shut_out(&api.with_token("no-such-token")).await;
    assert_shut_out(&api.with_token(&"x".repeat(20_000))).await;
}

#[tokio::test]
async fn nobody_gets_in_with_a_token_that_has_ended() {
    let api = Api::with(Default::default(), Options { token_lifetime: Duration::from_secs(600), ..Options::default() }).await;
    let demo = api.demo().await;
    api.advance_clock(601).await;
    assert_shut_out(&demo).await;
}

/// Clients get a new token when they are told that theirs has ended, and send the request again.
#[tokio::test]
async fn a_token_that_is_remembered_and_that_the_cloud_refuses_by_now_has_ended() {
    let api = Api::with(Default::default(), Options { token_lifetime: Duration::from_secs(600), ..Options::default() }).await;
    let demo = api.demo().await;
    demo.get("/v1/clusters").await.expect(200);
    api.advance_clock(601).await;
    demo.get("/v1/clusters").await.expect(200);
    let answer = demo.post("/v1/clustertemplates", template("k8s")).await;
    let message = "The image fedora-coreos-latest can not be looked up, since the token is no longer accepted. Get a new one.";
    assert_eq!(answer.expect(401), json!({"error": {"code": 401, "title": "Unauthorized", "message": message}}));
    assert!(answer.header("www-authenticate").unwrap().starts_with("Keystone uri=\"http"));
    assert_eq!(api.rows().await[0], 0);
}

#[tokio::test]
async fn keystone_is_asked_once_for_a_token_and_not_again_while_it_is_remembered() {
    let api = Api::start().await;
    let (demo, admin) = (api.demo().await, api.admin().await);
    demo.get("/v1/clusters").await.expect(200);
    api.lose_keystone();
    demo.get("/v1/clusters").await.expect(200);
    assert!(admin.get("/v1/clusters").await.detail(503).starts_with("Keystone does not answer"));
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let api = Api::start().await;
    let demo = api.demo().await.header("x-openstack-request-id", "req-11111111-1111-1111-1111-111111111111");
    let ids = [demo.get("/v1/clusters").await, demo.get("/v1/nonsense").await, api.nobody().get("/v1").await]
        .map(|answer| answer.request_id().to_owned());
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && !ids[0].contains("1111-1111"));
}
