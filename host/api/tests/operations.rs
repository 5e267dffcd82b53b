//! `/v1/operations`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{Cause, CauseKind, ClusterId, Fault, OperationState, Status, Step};
use serde_json::{Value, json};
use support::{Api, User, cluster, template};

/// Two clusters of the project `demo`, with the operations that make them.
async fn with_clusters(names: &[&str]) -> (Api, Vec<ClusterId>) {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let mut ids = Vec::new();
    for name in names {
        let accepted = demo.post("/v1/clusters", cluster(name, "t")).await.expect(202);
        ids.push(accepted["uuid"].as_str().unwrap().parse().unwrap());
    }
    (api, ids)
}

/// As if the cluster could not be made.
async fn fail(api: &Api, cluster: ClusterId) {
    let mut tx = api.store.begin();
    let mut stored = api.store.clusters().get(cluster).await.unwrap().unwrap();
    stored.status = Status::CreateFailed;
    tx.update(&stored);
    let mut operation = api.store.operations().latest_of_cluster(cluster).await.unwrap().unwrap();
    operation.step = Step::Wait;
    operation.state = OperationState::Failed;
    operation.cause = Some(Cause {
        kind: CauseKind::Capacity,
        fault: Fault::Cloud,
        step: Step::Wait,
        message: "kube_minions/0/kube-minion: No valid host was found.".into(),
        resource: Some("kube_minions/0/kube-minion".into()),
        resource_type: Some("OS::Nova::Server".into()),
        advice: Some("Choose another flavor.".into()),
    });
    tx.update(&operation);
    tx.commit().await.unwrap();
}

async fn first(user: &User<'_>, path: &str) -> Value {
    user.get(path).await.expect(200)["operations"][0].clone()
}

fn ids(list: &Value) -> Vec<String> {
    list["operations"].as_array().unwrap().iter().map(|operation| operation["cluster"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_accepted_request_can_be_followed() {
    let (api, clusters) = with_clusters(&["a"]).await;
    let demo = api.demo().await;
    let listed = first(&demo, "/v1/clusters/a/operations").await;
    assert!(listed.get("events").is_none() && listed.get("actions").is_none());

    let shown = demo.get(&format!("/v1/operations/{}", listed["id"].as_str().unwrap())).await.expect(200);

    for (field, value) in [
        ("cluster", json!(clusters[0].to_string())),
        ("kind", json!("create")),
        ("status", json!("queued")),
        ("step", json!("certificates")),
        ("progress", json!({"done": 0, "of": 7, "stacks": null})),
        ("attempts", json!(0)),
        ("retries", json!(0)),
        ("cause", Value::Null),
        ("abort", Value::Null),
        ("events", json!([])),
        ("actions", json!(["abort"])),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    assert_eq!(shown["requested_by"]["user_name"], "demo");
    assert!(shown["request_id"].as_str().unwrap().starts_with("req-"));
    assert!(!shown.to_string().contains("token"), "{shown}");
    demo.get("/v1/operations/no-such").await.error(404);
    demo.get(&format!("/v1/operations/{}", clusters[0])).await.error(404);
}

#[tokio::test]
async fn lists_are_narrowed_and_come_in_pages_the_latest_first() {
    let (api, clusters) = with_clusters(&["a", "b", "c"]).await;
    let demo = api.demo().await;
    fail(&api, clusters[1]).await;
    let [a, b, c] = [0, 1, 2].map(|at| clusters[at].to_string());

    let list = async |query: &str| demo.get(&format!("/v1/operations{query}")).await.expect(200);
    assert_eq!(ids(&list("").await), [c.clone(), b.clone(), a.clone()]);
    assert_eq!(ids(&list("?status=failed").await), std::slice::from_ref(&b));
    assert_eq!(ids(&list("?status=queued,failed&kind=create,delete&limit=1").await), std::slice::from_ref(&c));
    assert_eq!(ids(&list("?kind=delete").await), [] as [&str; 0]);
    assert_eq!(ids(&list(&format!("?cluster={a}")).await), std::slice::from_ref(&a));

    let page = list("?limit=1&status=queued").await;
    let next = page["next"].as_str().unwrap();
    let path = next.strip_prefix("http://magnum.example:9511").unwrap();
    let page = demo.get(path).await.expect(200);
    assert_eq!((ids(&page), page.get("next")), (vec![a], None), "the one that failed is passed over");

    for (query, word) in [("?status=broken", "queued, running"), ("?kind=make", "rotate-ca"), ("?cluster=a", "no uuid")] {
        let detail = demo.get(&format!("/v1/operations{query}")).await.detail(400);
        assert!(detail.contains(word), "{detail}");
    }
    demo.get("/v1/operations?sort_key=id").await.error(400);
    demo.get(&format!("/v1/operations?marker={}", clusters[0])).await.error(404);
    demo.get("/v1/clusters/no-such/operations").await.error(404);
}

#[tokio::test]
async fn what_is_another_projects_is_not_there() {
    let (api, clusters) = with_clusters(&["a"]).await;
    let (demo, reader, stranger, admin) = (api.demo().await, api.reader().await, api.stranger().await, api.admin().await);
    let id = first(&demo, "/v1/operations").await["id"].as_str().unwrap().to_owned();
    let [show, retry, abort] = ["", "/actions/retry", "/actions/abort"].map(|rest| format!("/v1/operations/{id}{rest}"));

    assert_eq!(ids(&stranger.get("/v1/operations").await.expect(200)), [] as [&str; 0]);
    let others = format!("/v1/operations?cluster={}", clusters[0]);
    assert_eq!(ids(&stranger.get(&others).await.expect(200)), [] as [&str; 0]);
    stranger.get(&format!("/v1/clusters/{}/operations", clusters[0])).await.error(404);
    stranger.get(&show).await.error(404);
    for path in [&retry, &abort] {
        stranger.post(path, json!({})).await.error(404);
        reader.post(path, json!({})).await.error(403);
        api.nobody().post(path, json!({})).await.expect(401);
    }
    reader.get(&show).await.expect(200);
    assert_eq!(ids(&admin.get("/v1/operations").await.expect(200)), [clusters[0].to_string()]);
    admin.get(&show).await.expect(200);
    assert_eq!(admin.post(&abort, json!({})).await.expect(202)["abort"]["user_name"], "admin");
}

#[tokio::test]
async fn a_cause_says_what_went_wrong_where_and_what_to_do() {
    let (api, clusters) = with_clusters(&["a"]).await;
    fail(&api, clusters[0]).await;

    let cause = first(&api.demo().await, "/v1/operations").await["cause"].clone();

    let resource = json!({"name": "kube-minion", "type": "OS::Nova::Server", "path": "kube_minions/0/kube-minion"});
    assert_eq!(cause["resource"], resource);
    for (field, value) in [
        ("kind", json!("capacity")),
        ("fault", json!("cloud")),
        ("step", json!("wait")),
        ("advice", json!("Choose another flavor.")),
        ("retry_as_it_is", json!(true)),
    ] {
        assert_eq!(cause[field], value, "{field}");
    }
}

#[tokio::test]
async fn what_failed_is_queued_again_unless_something_came_after_it() {
    let (api, clusters) = with_clusters(&["a"]).await;
    let demo = api.demo().await;
    let id = first(&demo, "/v1/operations").await["id"].as_str().unwrap().to_owned();
    let retry = format!("/v1/operations/{id}/actions/retry");
    assert!(demo.post(&retry, json!({})).await.detail(409).contains("wait until it has ended"));
    fail(&api, clusters[0]).await;
    assert_eq!(demo.get(&format!("/v1/operations/{id}")).await.expect(200)["actions"], json!(["retry"]));

    let accepted = demo.post(&retry, json!({})).await.expect(202);

    assert_eq!((&accepted["status"], &accepted["step"], &accepted["retries"]), (&json!("queued"), &json!("stack"), &json!(1)));
    assert_eq!(accepted["cause"], Value::Null);
    assert_eq!(demo.get("/v1/clusters/a").await.expect(200)["status"], "CREATE_IN_PROGRESS");

    fail(&api, clusters[0]).await;
    demo.delete("/v1/clusters/a").await.expect(204);
    let deletion = first(&demo, "/v1/operations").await["id"].as_str().unwrap().to_owned();
    let detail = demo.post(&retry, json!({})).await.detail(409);
    assert!(detail.contains(&format!("delete {deletion}")) && detail.contains("superseded"), "{detail}");
}

#[tokio::test]
async fn a_trust_is_not_to_be_had_of_a_restricted_credential_by_a_retry_either() {
    let (api, clusters) = with_clusters(&["a"]).await;
    fail(&api, clusters[0]).await;
    let id = first(&api.demo().await, "/v1/operations").await["id"].as_str().unwrap().to_owned();
    let retry = format!("/v1/operations/{id}/actions/retry");
    assert!(api.robot(false).await.post(&retry, json!({})).await.detail(403).contains("--unrestricted"));
    api.demo().await.post(&retry, json!({})).await.expect(202);
}

#[tokio::test]
async fn the_wish_to_stop_is_stored_and_told() {
    let (api, clusters) = with_clusters(&["a"]).await;
    let demo = api.demo().await;
    let id = first(&demo, "/v1/operations").await["id"].as_str().unwrap().to_owned();
    let abort = format!("/v1/operations/{id}/actions/abort");

    let accepted = demo.post(&abort, json!({})).await.expect(202);

    assert_eq!(accepted["abort"]["user_name"], "demo");
    assert!(api.store.operations().latest_of_cluster(clusters[0]).await.unwrap().unwrap().abort.is_some());
    assert_eq!(demo.post(&abort, json!({})).await.expect(202)["abort"], accepted["abort"], "twice is once");
    fail(&api, clusters[0]).await;
    assert!(demo.post(&abort, json!({})).await.detail(409).contains("only one that is queued or running"));
}

#[tokio::test]
async fn what_was_done_to_a_cluster_that_is_gone_is_kept_under_its_uuid() {
    let (api, clusters) = with_clusters(&["a"]).await;
    let mut tx = api.store.begin();
    tx.remove(&api.store.clusters().get(clusters[0]).await.unwrap().unwrap());
    tx.commit().await.unwrap();
    let path = format!("/v1/clusters/{}/operations", clusters[0]);

    assert_eq!(ids(&api.demo().await.get(&path).await.expect(200)), [clusters[0].to_string()]);
    api.stranger().await.get(&path).await.error(404);
    api.demo().await.get("/v1/clusters/a/operations").await.error(404);
}

#[tokio::test]
async fn the_document_has_every_route_and_needs_no_token() {
    let api = Api::start().await;
    let document = api.nobody().get("/v1/operations/openapi.json").await.expect(200);
    assert_eq!(document, jeroboam_api::operations::document());
    for (method, path) in jeroboam_api::routes().filter(|(_, path)| path.contains("/operations") && !path.ends_with(".json")) {
        assert!(document["paths"][path][method.to_ascii_lowercase()].is_object(), "{method} {path}");
    }
}
