//! `/v1/drivers`: who may, what is refused before it is read, and the document. What the operations do is seen in `tests/operators`, with a whole daemon.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use axum::Extension;
use http::Method;
use jeroboam_api::{ApiConfig, LocalOperator};
use jeroboam_devcloud::Options;
use serde_json::{Value, json};
use support::Api;

/// Each operation of the document: method, and a path with something in the place of its parameters.
fn operations(document: &Value) -> Vec<(Method, String)> {
    let paths = document["paths"].as_object().unwrap();
    let operations =
        paths.iter().flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| (path, method)));
    operations.map(|(path, method)| (method.to_uppercase().parse().unwrap(), path.replace(['{', '}'], "x"))).collect()
}

#[tokio::test]
async fn the_document_is_for_everybody_and_names_what_is_served() {
    let api = Api::start().await;
    let document = api.nobody().get("/v1/drivers/openapi.json").await.expect(200);
    assert_eq!(document, jeroboam_api::operator::document());
    let admin = api.admin().await;
    for (method, path) in operations(&document) {
        let answer = admin.send(method.clone(), &path, "{}").await;
        assert!(![401, 403, 405].contains(&answer.status), "{method} {path}: {answer:?}");
        assert!(!answer.text.contains("The resource could not be found."), "{method} {path}: {answer:?}");
    }
}

#[tokio::test]
async fn only_administrators_get_past_the_policy() {
    let api = Api::start().await;
    let callers = [api.demo().await, api.reader().await, api.stranger().await];
    for (method, path) in operations(&jeroboam_api::operator::document()) {
        for caller in &callers {
            let detail = caller.send(method.clone(), &path, "{}").await.detail(403);
            assert!(detail.starts_with("Policy doesn't allow driver:"), "{method} {path}: {detail}");
        }
        assert_eq!(api.nobody().send(method.clone(), &path, "{}").await.status, 401, "{method} {path}");
    }
}

#[tokio::test]
async fn a_component_that_is_too_large_is_refused_and_of_a_member_nothing_is_read() {
    let config = ApiConfig { max_component_size: 1000, ..ApiConfig::default() };
    let api = Api::with(config, Options::default()).await;
    let install = "/v1/drivers/versions?name=kubernetes";
    let long = "x".repeat(1001);
    assert!(api.admin().await.send(Method::POST, install, &long).await.detail(413).contains("1000 bytes"));
    api.demo().await.send(Method::POST, install, &long).await.error(403);
    assert!(api.admin().await.send(Method::POST, install, "").await.detail(400).contains("no body"));
    assert!(api.admin().await.send(Method::POST, "/v1/drivers/versions", "x").await.detail(400).contains("name"));
}

#[tokio::test]
async fn what_names_no_version_or_no_driver_is_said_so() {
    let api = Api::start().await;
    let admin = api.admin().await;
    for (path, status, says) in [
        ("/v1/drivers/nothing", 404, "nothing"),
        ("/v1/drivers/versions/abc", 400, "six digits"),
        ("/v1/drivers/versions/abcdef", 404, "abcdef"),
        ("/v1/drivers/versions/nothing@1.0.0", 404, "1.0.0"),
        ("/v1/drivers?limit=1", 400, "limit"),
    ] {
        let detail = admin.get(path).await.detail(status);
        assert!(detail.contains(says), "{path}: {detail}");
    }
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_refused_with_what_is_wrong() {
    let api = Api::start().await;
    let admin = api.admin().await;
    let version = "/v1/drivers/versions/abcdef/actions";
    for (path, body, says) in [
        (format!("{version}/activate"), json!({"canary": {"share": "much"}}), "much"),
        (format!("{version}/activate"), json!({"canary": {"users": []}}), "users"),
        (format!("{version}/activate"), json!({"share": 10}), "share"),
        (format!("{version}/activate"), json!({"canary": {"templates": ["x"]}}), "uuid"),
        (format!("{version}/revoke"), json!({}), "why"),
        ("/v1/drivers/kubernetes/actions/move".to_owned(), json!({"clusters": ["x"]}), "uuid"),
        ("/v1/drivers/kubernetes/plans".to_owned(), json!({"preview": true}), "to"),
    ] {
        let detail = admin.post(&path, body.clone()).await.detail(400);
        assert!(detail.contains(says), "{path} {body}: {detail}");
    }
}

#[tokio::test]
async fn who_is_connected_by_the_socket_is_an_administrator_without_a_project() {
    let mut api = Api::start().await;
    let operator = LocalOperator { user: "root".to_owned() };
    api.router = api.router.layer(Extension(operator));
    let local = api.nobody();
    local.get("/v1/drivers").await.expect(200);
    local.get("/v1/mservices").await.expect(200);
    for path in ["/v1/clusters", "/v1/clustertemplates"] {
        local.get(path).await.error(403);
    }
}
