//! `/v1/drivers`: who may, what is refused before it is read, and the document. What the operations do is seen in `tests/operators`, with a whole daemon.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use axum::Extension;
use http::Method;
use jeroboam_api::{ApiConfig, LocalOperator};
use jeroboam_devcloud::Options;
use jeroboam_model::driver::name::is_reserved;
use serde_json::{Value, json};
use support::{Api, cluster, template};

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

#[test]
fn the_words_of_the_paths_are_no_names_of_drivers() {
    for (_, path) in
        operations(&jeroboam_api::operator::document()).into_iter().chain([(Method::GET, "/v1/drivers/openapi.json".to_owned())])
    {
        // Where a driver's name stands, and what follows it.
        let words = path.trim_start_matches("/v1/drivers").split('/').skip(1).take(2);
        for word in words.filter(|word| !word.starts_with('x')) {
            let word = word.trim_end_matches(".json");
            assert!(is_reserved(word), "{path}: a driver named {word} would be hidden or mistaken");
        }
    }
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
        ("/v1/drivers/nothing/audit", 404, "nothing"),
        ("/v1/drivers/nothing/records", 404, "nothing"),
        ("/v1/drivers/kubernetes/records?function=define", 400, "define-stack"),
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

#[tokio::test]
async fn calls_are_recorded_only_about_clusters_that_are_the_drivers() {
    let api = Api::start().await;
    let (admin, user) = (api.admin().await, api.demo().await);
    user.post("/v1/clustertemplates", template("t")).await.expect(201);
    let made = user.post("/v1/clusters", cluster("c", "t")).await.expect(202);
    let id = made["uuid"].as_str().unwrap();
    let path = |driver: &str| format!("/v1/drivers/{driver}/recording");
    let of = |id: &str| json!({"cluster": id}).to_string();
    let nobodys = "11111111-1111-1111-1111-111111111111";

    let detail = admin.send(Method::PUT, &path("kubernetes"), &of(nobodys)).await.detail(404);
    assert!(detail.contains(nobodys), "{detail}");
    admin.send(Method::PUT, &path("nothing"), &of(id)).await.error(404);
    let on = admin.send(Method::PUT, &path("kubernetes"), &of(id)).await.expect(200);
    assert_eq!(on["switches"][0]["cluster"], id);

    admin.delete(&format!("{}?cluster={nobodys}", path("kubernetes"))).await.error(404);
    admin.delete(&format!("{}?cluster=x", path("kubernetes"))).await.error(400);
    // As if it had been made by another driver.
    let cluster = id.parse().unwrap();
    api.complete(cluster, |cluster| cluster.driver = "other".to_owned()).await;
    for method in [Method::PUT, Method::DELETE] {
        let (query, body) =
            if method == Method::PUT { (String::new(), of(id)) } else { (format!("?cluster={id}"), String::new()) };
        let detail = admin.send(method, &format!("{}{query}", path("kubernetes")), &body).await.detail(409);
        assert!(detail.contains("of other: ask for it there"), "{detail}");
    }

    // What was on for a cluster that is gone by now can be ended, once.
    let gone = api.store.clusters().get(cluster).await.unwrap().unwrap();
    let mut tx = api.store.begin();
    tx.remove(&gone);
    tx.commit().await.unwrap();
    let off = format!("{}?cluster={id}", path("kubernetes"));
    assert_eq!(admin.delete(&off).await.status, 204);
    admin.delete(&off).await.error(404);
}
