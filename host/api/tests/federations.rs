//! `/v1/federations`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use serde_json::{Value, json};
use support::{Api, cluster, template, with};

const PROPERTIES: &str = "dns-zone";

async fn with_clusters() -> (Api, [String; 2]) {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let mut ids = Vec::new();
    for name in ["host", "member"] {
        ids.push(demo.post("/v1/clusters", cluster(name, "t")).await.expect(202)["uuid"].as_str().unwrap().to_owned());
    }
    (api, ids.try_into().unwrap())
}

fn federation(host: &str) -> Value {
    json!({"name": "f", "hostcluster_id": host, "properties": {PROPERTIES: "example.com."}})
}

#[tokio::test]
async fn what_was_accepted_is_there_and_says_that_nothing_came_of_it() {
    let (api, [host, member]) = with_clusters().await;
    let demo = api.demo().await;
    let body = with(federation("host"), json!({"member_ids": ["member"]}));
    let accepted = demo.post("/v1/federations", body).await.expect(202);
    assert_eq!(accepted.as_object().unwrap().keys().collect::<Vec<_>>(), ["uuid"]);
    let uuid = accepted["uuid"].as_str().unwrap();

    let shown = demo.get("/v1/federations/f").await.expect(200);
    assert_eq!(demo.get(&format!("/v1/federations/{uuid}")).await.expect(200), shown);
    assert_eq!((&shown["hostcluster_id"], &shown["member_ids"]), (&json!(host), &json!([member])));
    assert_eq!((&shown["status"], &shown["properties"][PROPERTIES]), (&json!("CREATE_FAILED"), &json!("example.com.")));
    assert!(shown["status_reason"].as_str().unwrap().contains("No driver"));
    assert_eq!(shown["links"][0]["href"], format!("http://magnum.example:9511/v1/federations/{uuid}"));

    let listed = &demo.get("/v1/federations").await.expect(200)["federations"][0];
    let keys = ["uuid", "name", "hostcluster_id", "member_ids", "status", "properties", "links"];
    assert_eq!(listed.as_object().unwrap().keys().collect::<Vec<_>>(), keys);
    assert_eq!(demo.get("/v1/federations/detail").await.expect(200)["federations"][0], shown);
    assert_eq!(api.stranger().await.get("/v1/federations").await.expect(200), json!({"federations": []}));

    assert_eq!(demo.delete("/v1/federations/f").await.status, 204);
    demo.get("/v1/federations/f").await.error(404);
    demo.delete("/v1/federations/f").await.error(404);
}

#[tokio::test]
async fn a_federation_needs_a_host_and_a_zone() {
    let (api, _) = with_clusters().await;
    let demo = api.demo().await;
    for (change, status, text) in [
        (json!({"hostcluster_id": "absent"}), 400, "No hostcluster specified. Please specify a hostcluster_id."),
        (json!({"hostcluster_id": null}), 400, "No hostcluster specified. Please specify a hostcluster_id."),
        (json!({"hostcluster_id": "no-such"}), 404, "Cluster no-such could not be found."),
        (json!({"member_ids": ["no-such"]}), 404, "Cluster no-such could not be found."),
        (
            json!({"properties": "absent"}),
            400,
            "No federation properties specified. Please specify properties with a 'dns-zone'.",
        ),
        (json!({"properties": {"x": "y"}}), 400, "No DNS zone specified. Please specify a 'dns-zone' in the properties."),
    ] {
        assert_eq!(demo.post("/v1/federations", with(federation("host"), change)).await.detail(status), text);
    }
    api.reader().await.post("/v1/federations", federation("host")).await.error(403);
    api.stranger().await.post("/v1/federations", federation("host")).await.error(404);
    assert_eq!(demo.get("/v1/federations").await.expect(200), json!({"federations": []}));
}

#[tokio::test]
async fn who_joins_and_leaves_is_checked_and_does_not() {
    let (api, [_, member]) = with_clusters().await;
    let demo = api.demo().await;
    demo.post("/v1/federations", federation("host")).await.expect(202);
    let change = |op: &str, path: &str, value: &str| json!([{"op": op, "path": path, "value": value}]);
    let path = "/v1/federations/f";
    demo.patch(path, json!([])).await.expect(202);
    assert_eq!(demo.get(path).await.expect(200)["status"], "CREATE_FAILED");

    demo.patch(path, change("add", "/member_ids", &member)).await.expect(202);
    let shown = demo.get(path).await.expect(200);
    assert_eq!((&shown["status"], &shown["member_ids"]), (&json!("UPDATE_FAILED"), &json!([])));

    demo.patch(path, change("add", "/member_ids", "no-such")).await.error(404);
    demo.patch(path, change("remove", "/member_ids", &member)).await.error(404);
    let fixed = demo.patch(path, change("replace", "/name", "g")).await.detail(400);
    assert_eq!(fixed, "cannot change federation property(ies) name.");
    demo.patch(path, change("replace", "/uuid", "g")).await.error(400);
    demo.patch(path, json!({})).await.error(400);
    api.reader().await.patch(path, json!([])).await.error(403);

    let body = with(federation("host"), json!({"name": "full", "member_ids": [member]}));
    demo.post("/v1/federations", body).await.expect(202);
    demo.patch("/v1/federations/full", change("add", "/member_ids", "member")).await.error(409);
    demo.patch("/v1/federations/full", change("remove", "/member_ids", "member")).await.expect(202);
}
