//! The access log.

use jeroboam_api::ApiConfig;
use serde_json::{Value, json};

use super::lines::Lines;
use super::support::Api;

const GLOBAL: &str = "req-3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const TARGET: &str = "jeroboam_api::access";

async fn api(access_log: bool) -> Api {
    Api::with(ApiConfig { access_log, ..ApiConfig::default() }, Default::default()).await
}

#[tokio::test]
async fn each_request_has_a_line_that_tells_what_was_asked_by_whom_and_what_became_of_it() {
    let lines = Lines::listen();
    let api = api(true).await;
    let demo = api.demo().await.header("user-agent", "python-magnumclient\t\"").header("x-openstack-request-id", GLOBAL);

    let answer = demo.get("/v1/clusters/?limit=3&token=geheim").await;
    answer.error(400);

    let found = lines.of(TARGET);
    let [line] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&line["method"], &line["status"]), (&json!("GET"), &json!(400)));
    assert_eq!(line["path"], "/v1/clusters/?limit=3&token=...");
    assert_eq!(line["bytes"], json!(answer.text.len()));
    assert!(line["ms"].as_f64().is_some_and(|ms| ms > 0.0), "{line}");
    assert_eq!(line["user_agent"], "python-magnumclient?\"");
    let within = &line["span"];
    assert_eq!((&within["request_id"], &within["global_request_id"]), (&json!(answer.request_id()), &json!(GLOBAL)));
    assert!(within["user_id"].is_string() && within["project_id"].is_string(), "{line}");
}

#[tokio::test]
async fn refused_requests_have_lines_and_no_line_has_a_token() {
    let lines = Lines::listen();
    let api = api(true).await;
    let demo = api.demo().await;
    let token = api.demo().await.token();
    api.with_token(&token).get("/v1/clusters").await.expect(200);
    demo.get("/v1/nonsense").await.error(404);
    api.with_token("wrong-token").get("/v1/clusters").await.expect(401);
    api.nobody().get("/healthcheck").await;
    api.nobody().get("/discovery/geheim?wait=true").await;

    let statuses: Vec<Value> = lines.of(TARGET).into_iter().map(|line| line["status"].clone()).collect();
    assert_eq!(statuses, [200, 404, 401, 200, 404]);
    let text = lines.text();
    assert!(!text.contains(&token) && !text.contains("wrong-token") && !text.contains("geheim"), "{text}");
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let lines = Lines::listen();
    let api = api(false).await;
    api.demo().await.get("/v1/clusters").await.expect(200);
    assert_eq!(lines.of(TARGET), Vec::<Value>::new());
}
