//! `/v1/clusters/{ident}/nodegroups`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{External, OperationKind, Status};
use serde_json::{Value, json};
use support::{Api, with};

const BRIEF: [&str; 12] = [
    "uuid",
    "name",
    "flavor_id",
    "image_id",
    "node_count",
    "role",
    "min_node_count",
    "max_node_count",
    "is_default",
    "stack_id",
    "status",
    "merge_labels",
];

const WHOLE: [&str; 27] = [
    "uuid",
    "name",
    "cluster_id",
    "project_id",
    "docker_volume_size",
    "labels",
    "links",
    "flavor_id",
    "image_id",
    "node_addresses",
    "node_count",
    "role",
    "min_node_count",
    "max_node_count",
    "is_default",
    "stack_id",
    "status",
    "status_reason",
    "version",
    "merge_labels",
    "labels_overridden",
    "labels_added",
    "labels_skipped",
    "node_labels",
    "node_taints",
    "created_at",
    "updated_at",
];

/// What `openstack coe nodegroup create` always sends.
fn group(name: &str) -> Value {
    json!({"name": name, "node_count": 1, "max_node_count": null, "min_node_count": 0, "role": "worker"})
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["nodegroups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_group_is_there_at_once_with_its_stack_in_the_ledger() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.9");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let id = view.cluster.uuid;
    let wanted = with(group("gpu"), json!({"flavor_id": "m1.medium", "node_count": 3, "max_node_count": 5, "role": "gpu"}));

    let accepted = demo.post("/v1/clusters/c/nodegroups/", wanted).await.expect(202);

    let shown = demo.get("/v1/clusters/c/nodegroups/gpu").await.expect(200);
    assert_eq!(shown, accepted);
    assert_eq!(keys(&shown), WHOLE);
    let uuid = shown["uuid"].as_str().unwrap();
    for (field, value) in [
        ("cluster_id", json!(id.to_string())),
        ("flavor_id", json!("m1.medium")),
        ("image_id", json!("fedora-coreos-latest")),
        ("node_count", json!(3)),
        ("max_node_count", json!(5)),
        ("role", json!("gpu")),
        ("is_default", json!(false)),
        ("status", json!("CREATE_IN_PROGRESS")),
        ("stack_id", Value::Null),
        ("node_addresses", json!([])),
        ("docker_volume_size", Value::Null),
        ("merge_labels", json!(false)),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    let href = format!("http://magnum.example:9511/v1/clusters/{id}/nodegroups/{uuid}");
    assert_eq!(shown["links"][0]["href"], href);
    assert_eq!(demo.get(&format!("/v1/clusters/{id}/nodegroups/{uuid}")).await.expect(200), shown);

    let cluster = demo.get("/v1/clusters/c").await.expect(200);
    assert_eq!((&cluster["status"], &cluster["node_count"]), (&json!("UPDATE_IN_PROGRESS"), &json!(5)));
    let kinds = api.unfinished(id).await;
    assert_eq!(kinds, [OperationKind::CreateGroup { group: uuid.parse().unwrap() }]);
    let ledger = api.store.ledger().of_cluster(id).await.unwrap();
    let is_its = |object: &External| matches!(object, External::Stack { name } if name.starts_with("c-gpu-"));
    assert!(ledger.iter().any(|entry| is_its(&entry.object)));
}

#[tokio::test]
async fn labels_are_the_clusters_the_groups_or_both() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("latest");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    api.complete(view.cluster.uuid, |cluster| cluster.labels = [("times", "1"), ("act", "echo")].into_iter().collect()).await;
    for (change, labels, overridden, added, skipped) in [
        (json!({}), json!({"act": "echo", "times": "1"}), json!({}), json!({}), json!({})),
        (json!({"labels": {}}), json!({}), json!({}), json!({}), json!({"act": "echo", "times": "1"})),
        (json!({"labels": {"times": 2}}), json!({"times": "2"}), json!({"times": "1"}), json!({}), json!({"act": "echo"})),
        (
            json!({"labels": {"x": "y"}, "merge_labels": true}),
            json!({"act": "echo", "times": "1", "x": "y"}),
            json!({}),
            json!({"x": "y"}),
            json!({}),
        ),
    ] {
        let name = format!("g{}", api.rows().await[2]);
        let shown = demo.post("/v1/clusters/c/nodegroups", with(group(&name), change.clone())).await.expect(202);
        assert_eq!(shown["labels"], labels, "{change}");
        let changes = [&shown["labels_overridden"], &shown["labels_added"], &shown["labels_skipped"]];
        assert_eq!(changes, [&overridden, &added, &skipped], "{change}");
    }
}

#[tokio::test]
async fn bad_groups_are_refused_and_not_stored() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.14");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let before = api.rows().await;
    for (change, status, text) in [
        (json!({"name": "absent"}), 400, "field/attribute name"),
        (json!({"name": null}), 400, "field/attribute name"),
        (json!({"name": ""}), 400, "minimum character requirement of 1"),
        (json!({"name": "x".repeat(256)}), 400, "maximum character requirement of 255"),
        (json!({"name": "default-worker"}), 409, "A node group with name default-worker already exists in the cluster c"),
        (json!({"role": "master"}), 400, "Creating master nodegroups is currently not supported"),
        (json!({"role": null}), 400, "role"),
        (json!({"role": ""}), 400, "minimum character requirement of 1"),
        (json!({"node_count": -1}), 400, "Value should be greater or equal to 0"),
        (json!({"node_count": 101}), 400, "has more than 100 nodes"),
        (json!({"min_node_count": 2}), 409, "min_node_count (2) should be less or equal to node_count (1)"),
        (json!({"node_count": 3, "max_node_count": 2}), 409, "max_node_count (2) should be greater or equal to node_count (3)"),
        (json!({"min_node_count": 3, "max_node_count": 2}), 409, "min_node_count (3) should be less or equal to max_node_count"),
        (json!({"flavor_id": "no-such"}), 400, "Unable to find flavor no-such"),
        (json!({"image_id": "no-such"}), 400, "Image no-such could not be found"),
        (json!({"image_id": "ubuntu"}), 400, "is for ubuntu, and the cluster's nodes are fedora-coreos"),
        (json!({"docker_volume_size": 0}), 400, "docker_volume_size"),
        (json!({"labels": {"a": null}}), 400, "labels"),
        (json!({"labels": {"boot_volume_size": "big"}}), 400, "boot_volume_size must be an integer"),
        (json!({"node_labels": {"node-role.kubernetes.io/master": "x"}}), 409, "is not for users"),
        (json!({"node_labels": ["x"]}), 400, "node_labels"),
        (json!({"node_taints": [{"key": "a", "effect": "Never"}]}), 400, "The effect of a taint should be one of"),
        (json!({"node_taints": ["x"]}), 400, "node_taints"),
        (json!({"status": "FINE"}), 400, "status, value 'FINE'"),
        (json!({"project_id": "x"}), 400, "Cannot set read only field"),
        (json!({"stack_id": "x"}), 400, "Cannot set read only field"),
        (json!({"foo": 1}), 400, "Unknown attribute for argument nodegroup: foo"),
    ] {
        let answer = demo.post("/v1/clusters/c/nodegroups", with(group("g"), change.clone())).await;
        let error = answer.error(status);
        let said = format!("{} {}", error["title"], error["detail"]);
        assert!(said.contains(text), "{change}: {said}");
    }
    assert_eq!(
        demo.send(http::Method::POST, "/v1/clusters/c/nodegroups", "").await.detail(400),
        "Missing argument: \"nodegroup\""
    );
    demo.post("/v1/clusters/no-such/nodegroups", group("g")).await.error(404);
    let unreachable = view.cluster.uuid;
    api.complete(unreachable, |cluster| cluster.api_address = None).await;
    let detail = demo.post("/v1/clusters/c/nodegroups", group("g")).await.detail(409);
    assert_eq!(detail, "Cluster API address is not available yet");
    assert_eq!(api.rows().await, before);
}

#[tokio::test]
async fn a_driver_without_groups_is_asked_for_none() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.9");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    api.complete(view.cluster.uuid, |cluster| cluster.driver = "not-there".to_owned()).await;
    let detail = demo.post("/v1/clusters/c/nodegroups", group("g")).await.detail(400);
    assert_eq!(detail, "'create_nodegroup' is not supported by this driver.");
}

#[tokio::test]
async fn before_1_9_there_are_no_groups() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let Some(_) = api.puppets_cluster(&demo, "c").await else { return };
    for user in [demo.clone(), demo.clone().speaking("1.8")] {
        user.get("/v1/clusters/c/nodegroups").await.error(406);
        user.get("/v1/clusters/c/nodegroups/default-worker").await.error(406);
        user.post("/v1/clusters/c/nodegroups", group("g")).await.error(406);
        user.patch("/v1/clusters/c/nodegroups/default-worker", json!([])).await.error(406);
        user.delete("/v1/clusters/c/nodegroups/default-worker").await.error(406);
    }
}

#[tokio::test]
async fn lists_have_roles_pages_and_orders() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.9");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    demo.post("/v1/clusters/c/nodegroups", with(group("b"), json!({"role": "gpu"}))).await.expect(202);
    demo.post("/v1/clusters/c/nodegroups", group("a")).await.expect(202);

    let all = demo.get("/v1/clusters/c/nodegroups/").await.expect(200);
    assert_eq!(names(&all), ["default-master", "default-worker", "b", "a"]);
    assert_eq!(keys(&all["nodegroups"][0]), BRIEF);
    assert_eq!(names(&demo.get("/v1/clusters/c/nodegroups/?role=gpu").await.expect(200)), ["b"]);
    assert_eq!(names(&demo.get("/v1/clusters/c/nodegroups?role=none").await.expect(200)), Vec::<&str>::new());
    let first = demo.get("/v1/clusters/c/nodegroups?sort_key=name&limit=3").await.expect(200);
    assert_eq!(names(&first), ["a", "b", "default-master"]);
    let place = format!("http://magnum.example:9511/v1/clusters/{}/nodegroups?", view.cluster.uuid);
    let next = first["next"].as_str().unwrap().strip_prefix(&place).unwrap();
    assert_eq!(names(&demo.get(&format!("/v1/clusters/c/nodegroups?{next}")).await.expect(200)), ["default-worker"]);
    demo.get("/v1/clusters/c/nodegroups?sort_key=colour").await.error(400);
    demo.get("/v1/clusters/c/nodegroups?foo=1").await.error(400);
    demo.get("/v1/clusters/c/nodegroups/detail").await.error(404);
}

#[tokio::test]
async fn bounds_change_at_once_and_nothing_else_does() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.9");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let path = "/v1/clusters/c/nodegroups/default-worker";
    let replace = |path: &str, value: Value| json!([{"op": "replace", "path": path, "value": value}]);

    let patch = json!([
        {"op": "replace", "path": "/min_node_count", "value": 1},
        {"op": "add", "path": "/max_node_count", "value": 4},
    ]);
    let shown = demo.patch(path, patch).await.expect(202);
    assert_eq!((&shown["min_node_count"], &shown["max_node_count"]), (&json!(1), &json!(4)));
    assert_eq!(shown["status"], "CREATE_COMPLETE");
    assert_eq!(api.unfinished(view.cluster.uuid).await, []);

    for (patch, status) in [
        (replace("/min_node_count", json!(3)), 409),
        (replace("/max_node_count", json!(1)), 409),
        (replace("/node_count", json!(3)), 400),
        (replace("/name", json!("x")), 400),
        (replace("/labels", json!("{}")), 400),
        (replace("/status", json!("CREATE_COMPLETE")), 400),
        (replace("/is_default", json!(false)), 400),
        (replace("/merge_labels", json!(true)), 400),
        (replace("/min_node_count", json!("many")), 400),
        (json!({}), 400),
    ] {
        demo.patch(path, patch.clone()).await.error(status);
    }
    let patch = json!([{"op": "remove", "path": "/min_node_count"}, {"op": "remove", "path": "/max_node_count"}]);
    let shown = demo.patch(path, patch).await.expect(202);
    assert_eq!((&shown["min_node_count"], &shown["max_node_count"]), (&json!(0), &Value::Null));
    demo.patch("/v1/clusters/c/nodegroups/no-such", json!([])).await.error(404);
}

#[tokio::test]
async fn nodes_are_told_what_they_are_called() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.14");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let patch = json!([
        {"op": "replace", "path": "/node_labels", "value": "{'tier': 'gold'}"},
        {"op": "replace", "path": "/node_taints", "value": "[{'key': 'gpu', 'value': '', 'effect': 'NoSchedule'}]"},
    ]);
    let shown = demo.patch("/v1/clusters/c/nodegroups/default-worker", patch.clone()).await.expect(202);
    assert_eq!(shown["node_labels"], json!({"tier": "gold"}));
    assert_eq!(shown["node_taints"], json!([{"key": "gpu", "effect": "NoSchedule"}]));
    assert_eq!((&shown["status"], &shown["node_count"]), (&json!("UPDATE_IN_PROGRESS"), &json!(2)));
    assert!(matches!(api.unfinished(view.cluster.uuid).await.as_slice(), [OperationKind::Resize { previous_count: 2, .. }]));
    demo.patch("/v1/clusters/c/nodegroups/default-master", patch).await.error(409);
}

#[tokio::test]
async fn a_group_can_be_deleted_and_again_but_not_those_that_came_with_the_cluster() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.9");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let id = view.cluster.uuid;
    demo.post("/v1/clusters/c/nodegroups", group("g")).await.expect(202);
    for _ in 0..2 {
        let answer = demo.delete("/v1/clusters/c/nodegroups/g").await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        assert_eq!(demo.get("/v1/clusters/c/nodegroups/g").await.expect(200)["status"], "DELETE_IN_PROGRESS");
    }
    assert!(matches!(api.unfinished(id).await.as_slice(), [OperationKind::DeleteGroup { .. }]));
    for name in ["default-master", "default-worker"] {
        let detail = demo.delete(&format!("/v1/clusters/c/nodegroups/{name}")).await.detail(400);
        assert_eq!(detail, "Deleting a default nodegroup is not supported.");
    }
    demo.delete("/v1/clusters/c/nodegroups/no-such").await.error(404);
    api.complete(id, |cluster| cluster.status = Status::DeleteInProgress).await;
    demo.delete("/v1/clusters/c/nodegroups/g").await.error(400);
}

#[tokio::test]
async fn groups_of_others_are_not_there() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.9");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let path = format!("/v1/clusters/{}/nodegroups", view.cluster.uuid);
    let stranger = api.stranger().await.speaking("1.9");
    stranger.get(&path).await.error(404);
    stranger.post(&path, group("g")).await.error(404);
    stranger.delete(&format!("{path}/default-worker")).await.error(404);
    let reader = api.reader().await.speaking("1.9");
    reader.get(&path).await.expect(200);
    reader.post(&path, group("g")).await.error(403);
    reader.patch(&format!("{path}/default-worker"), json!([])).await.error(403);
    let admin = api.admin().await.speaking("1.9");
    admin.get(&format!("{path}/default-worker")).await.expect(200);
    admin.post(&path, group("g")).await.error(404);
}
