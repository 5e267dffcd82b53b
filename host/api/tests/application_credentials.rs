//! Application credentials: what can be done with one, and what is refused before anything is stored.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use support::{Api, cluster, template};

#[tokio::test]
async fn a_restricted_one_makes_no_cluster_and_is_told_what_to_use_instead() {
    let api = Api::start().await;
    let robot = api.robot(false).await;
    robot.post("/v1/clustertemplates", template("t")).await.expect(201);
    let before = api.rows().await;
    let detail = robot.post("/v1/clusters", cluster("c", "t")).await.detail(403);
    assert!(detail.contains("restricted application credential") && detail.contains("--unrestricted"), "{detail}");
    assert_eq!(api.rows().await, before);
}

#[tokio::test]
async fn an_unrestricted_one_makes_clusters() {
    let api = Api::start().await;
    let robot = api.robot(true).await;
    robot.post("/v1/clustertemplates", template("t")).await.expect(201);
    robot.post("/v1/clusters", cluster("c", "t")).await.expect(202);
}

#[tokio::test]
async fn what_needs_no_trust_works_with_a_restricted_one() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "t")).await.expect(202);
    let robot = api.robot(false).await;
    robot.get("/v1/clusters/c").await.expect(200);
    robot.delete("/v1/clusters/c").await.expect(204);
}
