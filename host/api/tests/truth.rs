//! What a cluster says of itself: in the first look after a request, about its labels, and as its healer sees it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use http::Method;
use jeroboam_model::{ClusterId, OperationKind, Status};
use serde_json::{Value, json};
use support::{Api, User, cluster, template, with};

async fn create(user: &User<'_>, body: Value) -> ClusterId {
    user.post("/v1/clusters", body).await.expect(202)["uuid"].as_str().unwrap().parse().unwrap()
}

/// A project's complete cluster `c`.
async fn complete(api: &Api, user: &User<'_>) -> ClusterId {
    user.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(user, cluster("c", "t")).await;
    api.complete(id, |cluster| cluster.api_address = Some("https://203.0.113.7:6443".to_owned())).await;
    id
}

#[tokio::test]
async fn the_first_look_after_a_request_shows_that_it_goes_on() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("latest");
    // With a volume for etcd, so that the only master can be replaced.
    for (name, kube_tag) in [("t", "v1.30.4"), ("next", "v1.31.1")] {
        let labels = json!({"labels": {"kube_tag": kube_tag, "etcd_volume_size": 5}});
        demo.post("/v1/clustertemplates", with(template(name), labels)).await.expect(201);
    }
    let id = create(&demo, cluster("c", "t")).await;
    api.complete(id, |cluster| cluster.api_address = Some("https://203.0.113.7:6443".to_owned())).await;
    let count = json!([{"op": "replace", "path": "/node_count", "value": 3}]);
    let steps = [
        (Method::PATCH, "/v1/clusters/c", count, 202),
        (Method::POST, "/v1/clusters/c/actions/resize", json!({"node_count": 4}), 202),
        (Method::POST, "/v1/clusters/c/actions/upgrade", json!({"cluster_template": "next", "max_batch_size": 1}), 202),
        (Method::POST, "/v1/clusters/c/nodegroups", json!({"name": "gpu", "node_count": 1}), 202),
        (Method::DELETE, "/v1/clusters/c/nodegroups/gpu", Value::Null, 204),
        (Method::PATCH, "/v1/certificates/c", Value::Null, 202),
        (Method::PATCH, "/v1/credentials/c", Value::Null, 202),
    ];
    for (method, path, body, status) in steps {
        let before = demo.get("/v1/clusters/c").await.expect(200);
        assert_eq!(before["status"], "CREATE_COMPLETE");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = demo.send(method.clone(), path, &body).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");

        let shown = demo.get("/v1/clusters/c").await.expect(200);

        assert_eq!(shown["status"], "UPDATE_IN_PROGRESS", "{method} {path}");
        assert_ne!(shown["updated_at"], Value::Null, "{method} {path}");
        let listed = demo.get("/v1/clusters").await.expect(200)["clusters"][0]["status"].clone();
        assert_eq!(listed, "UPDATE_IN_PROGRESS", "{method} {path}");
        api.complete(id, |cluster| cluster.upgrading_to = None).await;
    }
    demo.delete("/v1/clusters/c").await.expect(204);
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["status"], "DELETE_IN_PROGRESS");
    let groups = demo.get("/v1/clusters/c/nodegroups").await.expect(200);
    for group in groups["nodegroups"].as_array().unwrap() {
        assert_eq!(group["status"], "DELETE_IN_PROGRESS");
    }
}

#[tokio::test]
async fn labels_are_compared_with_the_template_that_the_cluster_has_now_wherever_they_are_shown() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let labels = |labels: Value| json!({ "labels": labels });
    let old = labels(json!({"kube_tag": "v1.30.2", "etcd_tag": "v3.5.9"}));
    let new = labels(json!({"kube_tag": "v1.31.1", "calico_tag": "v3.28.0"}));
    demo.post("/v1/clustertemplates", with(template("old"), old)).await.expect(201);
    let next = demo.post("/v1/clustertemplates", with(template("new"), new)).await.expect(201);
    let id = create(&demo, with(cluster("c", "old"), labels(json!({"kube_tag": "v1.30.4", "etcd_tag": "v3.5.9"})))).await;
    let differences = |shown: &Value| {
        let [overridden, added, skipped] =
            ["labels_overridden", "labels_added", "labels_skipped"].map(|field| shown[field].clone());
        json!([overridden, added, skipped])
    };
    let shown = demo.get("/v1/clusters/c").await.expect(200);
    assert_eq!(differences(&shown), json!([{"kube_tag": "v1.30.2"}, {}, {}]));

    // As an upgrade ends.
    api.complete(id, |cluster| {
        cluster.cluster_template_id = next["uuid"].as_str().unwrap().parse().unwrap();
        cluster.labels.0.insert("kube_tag".into(), "v1.31.1".into());
    })
    .await;

    for version in ["1.1", "1.9", "1.13", "latest"] {
        let demo = demo.clone().speaking(version);
        let shown = demo.get("/v1/clusters/c").await.expect(200);
        assert_eq!(differences(&shown), json!([{}, {"etcd_tag": "v3.5.9"}, {"calico_tag": "v3.28.0"}]), "{version}");
        assert_eq!(shown["merge_labels"], false, "{version}");
        let detailed = demo.get("/v1/clusters/detail").await.expect(200)["clusters"][0].clone();
        assert_eq!(differences(&detailed), differences(&shown), "{version}");
        let brief = demo.get("/v1/clusters").await.expect(200)["clusters"][0].clone();
        assert_eq!(differences(&brief), json!([null, null, null]), "{version}");
        assert_eq!(brief["labels"], shown["labels"], "{version}");
    }
    // A group's are compared with its cluster's, and these came with the cluster of before.
    let group = demo.speaking("1.9").get("/v1/clusters/c/nodegroups/default-worker").await.expect(200);
    assert_eq!(differences(&group), json!([{"kube_tag": "v1.31.1"}, {}, {}]));
}

#[tokio::test]
async fn merged_labels_skip_none_and_say_which_they_override() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let labels = json!({"labels": {"kube_tag": "v1.30.2", "etcd_tag": "v3.5.9"}});
    demo.post("/v1/clustertemplates", with(template("t"), labels)).await.expect(201);
    let own = json!({"kube_tag": "v1.30.4", "calico_tag": "v3.28.0"});
    for (name, merge, skipped) in [
        ("not", json!(false), json!({"etcd_tag": "v3.5.9"})),
        ("merged", json!(true), json!({})),
        ("words", json!("True"), json!({})),
    ] {
        create(&demo, with(cluster(name, "t"), json!({"labels": own, "merge_labels": merge}))).await;
        let shown = demo.get(&format!("/v1/clusters/{name}")).await.expect(200);
        assert_eq!(shown["labels_overridden"], json!({"kube_tag": "v1.30.2"}), "{name}");
        assert_eq!(shown["labels_added"], json!({"calico_tag": "v3.28.0"}), "{name}");
        assert_eq!(shown["labels_skipped"], skipped, "{name}");
    }
    create(&demo, with(cluster("none", "t"), json!({"labels": "absent", "merge_labels": true}))).await;
    let shown = demo.get("/v1/clusters/none").await.expect(200);
    assert_eq!(shown["labels"], json!({"kube_tag": "v1.30.2", "etcd_tag": "v3.5.9"}));
    assert_eq!((&shown["labels_overridden"], &shown["labels_skipped"]), (&json!({}), &json!({})));
}

#[tokio::test]
async fn what_a_healer_finds_changes_the_health_and_nothing_else() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let id = complete(&api, &demo).await;
    let push = |status: &str| json!([{"op": "replace", "path": "/health_status", "value": status}]);
    // The healer speaks whichever version it was built with.
    for (version, status) in [("1.1", "UNHEALTHY"), ("1.9", "HEALTHY"), ("latest", "UNKNOWN")] {
        let before = demo.get("/v1/clusters/c").await.expect(200);
        demo.clone().speaking(version).patch("/v1/clusters/c", push(status)).await.expect(202);
        let after = demo.get("/v1/clusters/c").await.expect(200);
        assert_eq!(after["health_status"], status, "{version}");
        for field in ["status", "node_count", "health_status_reason", "labels"] {
            assert_eq!(after[field], before[field], "{version} {field}");
        }
    }
    assert_eq!(api.unfinished(id).await, [] as [OperationKind; 0]);
    let operations = api.store.operations().of_cluster(id).await.unwrap();
    assert_eq!(operations.len(), 1, "that which made it");

    for status in Status::ALL {
        api.complete(id, |cluster| (cluster.status, cluster.health_status) = (*status, None)).await;
        let expected = if status.is_stable() { 202 } else { 400 };
        // Another value each time: what stays the same is no change.
        for health in ["HEALTHY", "UNHEALTHY"] {
            assert_eq!(demo.patch("/v1/clusters/c", push(health)).await.status, expected, "{status}");
        }
    }
    api.reader().await.patch("/v1/clusters/c", push("HEALTHY")).await.error(403);
    api.stranger().await.patch(&format!("/v1/clusters/{id}"), push("HEALTHY")).await.error(404);
}

#[tokio::test]
async fn a_count_that_is_taken_away_is_one_and_none_came_with_1_10() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let id = complete(&api, &demo).await;
    let put = |value: Value| json!([{"op": "replace", "path": "/node_count", "value": value}]);

    for version in ["1.1", "1.3", "1.9"] {
        let detail = demo.clone().speaking(version).patch("/v1/clusters/c", put(json!(0))).await.detail(400);
        assert!(detail.contains("zero is not supported"), "{detail}");
    }
    assert_eq!(api.unfinished(id).await, [] as [OperationKind; 0], "what is refused is not stored");
    demo.patch("/v1/clusters/c", put(json!(2))).await.expect(202);
    assert_eq!(api.unfinished(id).await, [] as [OperationKind; 0], "what stays the same is no change");

    demo.patch("/v1/clusters/c", json!([{"op": "remove", "path": "/node_count"}])).await.expect(202);
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["node_count"], 1);
    api.complete(id, |_| ()).await;
    demo.clone().speaking("1.10").patch("/v1/clusters/c", put(json!(0))).await.expect(202);
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["node_count"], 0);
    api.complete(id, |_| ()).await;
    let groups = demo.clone().speaking("1.9").post("/v1/clusters/c/nodegroups", json!({"name": "none", "node_count": 0})).await;
    groups.expect(202);
}

#[tokio::test]
async fn a_rollback_is_asked_for_by_a_parameter_from_1_3_on() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let id = complete(&api, &demo).await;
    let patch = |count: u32| json!([{"op": "replace", "path": "/node_count", "value": count}]);
    for version in ["1.1", "1.2"] {
        let detail = demo.clone().speaking(version).patch("/v1/clusters/c?rollback=true", patch(5)).await.detail(400);
        assert!(detail.contains("rollback"), "{detail}");
    }
    let words =
        [("?rollback=True", true), ("?rollback=1", true), ("?rollback=false", false), ("?rollback=no", false), ("", false)];
    for (count, (query, expected)) in (3..).zip(words) {
        demo.clone().speaking("1.3").patch(&format!("/v1/clusters/c{query}"), patch(count)).await.expect(202);
        let [OperationKind::Resize { rollback, node_count, .. }] = &api.unfinished(id).await[..] else { panic!("{query}") };
        assert_eq!((*rollback, *node_count), (expected, Some(count)), "{query}");
        api.complete(id, |_| ()).await;
    }
}
