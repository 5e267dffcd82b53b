//! `/v1/nodes` and `/v1/x509keypairs`: what clients of Liberty deposit and read again.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use serde_json::json;
use support::Api;

#[tokio::test]
async fn a_node_is_what_was_said_of_it() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let made = demo.post("/v1/nodes", json!({"type": "bare_metal", "image_id": "Fedora-k8s"})).await;
    let node = made.expect(201);
    let uuid = node["uuid"].as_str().unwrap();
    assert_eq!(made.header("location"), Some(format!("http://magnum.example:9511/v1/nodes/{uuid}").as_str()));
    assert_eq!(
        (&node["type"], &node["image_id"], &node["ironic_node_id"]),
        (&json!("bare_metal"), &json!("Fedora-k8s"), &json!(null))
    );
    let path = format!("/v1/nodes/{uuid}");
    let patch = json!([{"op": "add", "path": "/ironic_node_id", "value": "i-1"}, {"op": "remove", "path": "/image_id"}]);
    let changed = demo.patch(&path, patch).await.expect(200);
    assert_eq!((&changed["image_id"], &changed["ironic_node_id"]), (&json!(null), &json!("i-1")));
    assert_eq!(demo.get(&path).await.expect(200), changed);
    assert_eq!(demo.get("/v1/nodes/detail").await.expect(200), json!({"nodes": [changed]}));
    let listed = demo.get("/v1/nodes?sort_key=type").await.expect(200);
    assert!(listed["nodes"][0].get("created_at").is_none());

    api.stranger().await.get(&path).await.error(404);
    api.reader().await.patch(&path, json!([])).await.error(403);
    demo.delete(&path).await.expect(204);
    demo.get(&path).await.error(404);
}

#[tokio::test]
async fn a_private_key_is_sealed_and_shown_with_its_pair_alone() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let bay = api.cluster_with(&demo, "k8s", json!({}), axum::Router::new()).await.to_string();
    let body =
        json!({"bay_uuid": "k8s", "name": "mine", "ca_cert": "ca", "certificate": "certificate", "private_key": "very secret"});
    let made = demo.post("/v1/x509keypairs", body).await;
    let pair = made.expect(201);
    let uuid = pair["uuid"].as_str().unwrap();
    assert_eq!(made.header("location"), Some(format!("http://magnum.example:9511/v1/x509keypairs/{uuid}").as_str()));
    assert_eq!((&pair["bay_uuid"], &pair["private_key"]), (&json!(bay), &json!("very secret")));
    let row = &api.store.x509keypairs().all().await.unwrap()[0];
    assert!(!serde_json::to_string(&row.value).unwrap().contains("very secret"));

    for list in ["/v1/x509keypairs", "/v1/x509keypairs/detail"] {
        let listed = demo.get(list).await;
        assert!(!listed.text.contains("very secret") && listed.text.contains("certificate"), "{list}");
    }
    let path = format!("/v1/x509keypairs/{uuid}");
    assert_eq!(demo.get("/v1/x509keypairs/mine").await.expect(200), pair);
    let reader = api.reader().await;
    reader.get(&path).await.error(403);
    reader.get("/v1/x509keypairs").await.expect(200);
    api.stranger().await.get(&path).await.error(404);
    demo.patch(&path, json!([])).await.error(405);
    let refused = demo.post("/v1/x509keypairs", json!({"bay_uuid": bay, "private_key": ["very secret"]})).await;
    assert!(refused.status == 400 && !refused.text.contains("very secret"), "{refused:?}");
    demo.post("/v1/x509keypairs", json!({"name": "no bay"})).await.error(400);
    api.stranger().await.post("/v1/x509keypairs", json!({"bay_uuid": bay})).await.error(400);
    demo.delete(&path).await.expect(204);
    demo.get(&path).await.error(404);
}
