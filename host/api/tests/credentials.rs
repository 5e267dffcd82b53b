//! `/v1/credentials`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use http::Method;
use jeroboam_model::{ClusterId, OperationKind, Status};
use serde_json::json;
use support::{Api, cluster, template};

async fn with_cluster(status: Status) -> (Api, ClusterId) {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = demo.post("/v1/clusters", cluster("c", "t")).await.expect(202)["uuid"].as_str().unwrap().parse().unwrap();
    api.complete(id, |cluster| cluster.status = status).await;
    (api, id)
}

#[tokio::test]
async fn a_members_clusters_get_another_password_from_1_12_on() {
    let (api, id) = with_cluster(Status::CreateComplete).await;
    let demo = api.demo().await;
    let old = demo.clone().speaking("1.11").patch("/v1/credentials/c", json!({})).await.detail(406);
    assert_eq!(old, "Version 1.11 was requested but the requested API patch is not supported for this version.");

    let demo = demo.speaking("1.12");
    let accepted = demo.send(Method::PATCH, "/v1/credentials/c", "").await.expect(202);

    assert_eq!(accepted, json!({"uuid": id.to_string()}));
    assert!(matches!(api.unfinished(id).await.as_slice(), [OperationKind::RotateCredential { done: 0, .. }]));
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["status"], "UPDATE_IN_PROGRESS");
    // It may be asked for again meanwhile, as may a resize: one comes after the other.
    demo.send(Method::PATCH, &format!("/v1/credentials/{id}"), "").await.expect(202);
    demo.get("/v1/credentials/c").await.error(405);
}

#[tokio::test]
async fn nobody_elses_clusters_and_none_that_is_coming_or_going() {
    let (api, id) = with_cluster(Status::CreateComplete).await;
    let patch = async |user: support::User<'_>, path: &str| user.speaking("latest").patch(path, json!({})).await;
    patch(api.demo().await, "/v1/credentials/no-such").await.error(404);
    patch(api.stranger().await, &format!("/v1/credentials/{id}")).await.error(404);
    patch(api.admin().await, &format!("/v1/credentials/{id}")).await.error(404);
    let reader = patch(api.reader().await, "/v1/credentials/c").await.detail(403);
    assert_eq!(reader, "Policy doesn't allow credential:rotate to be performed.");

    for status in [Status::CreateInProgress, Status::CreateFailed, Status::DeleteInProgress, Status::DeleteFailed] {
        api.complete(id, |cluster| cluster.status = status).await;
        let busy = patch(api.demo().await, "/v1/credentials/c").await.detail(400);
        assert_eq!(busy, format!("Updating a cluster when status is \"{status}\" is not supported."));
    }
    assert_eq!(api.unfinished(id).await, []);
}
