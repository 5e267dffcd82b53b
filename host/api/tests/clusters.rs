//! `/v1/clusters`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{ClusterId, OperationKind, Status};
use serde_json::{Value, json};
use support::{Api, User, cluster, template, with};

const BRIEF: [&str; 16] = [
    "uuid",
    "name",
    "cluster_template_id",
    "keypair",
    "node_count",
    "master_count",
    "docker_volume_size",
    "labels",
    "master_flavor_id",
    "flavor_id",
    "create_timeout",
    "links",
    "stack_id",
    "status",
    "health_status",
    "merge_labels",
];

const FULL: [&str; 34] = [
    "uuid",
    "name",
    "cluster_template_id",
    "keypair",
    "node_count",
    "master_count",
    "docker_volume_size",
    "labels",
    "master_flavor_id",
    "flavor_id",
    "create_timeout",
    "links",
    "stack_id",
    "status",
    "status_reason",
    "health_status",
    "health_status_reason",
    "discovery_url",
    "api_address",
    "coe_version",
    "container_version",
    "project_id",
    "user_id",
    "node_addresses",
    "master_addresses",
    "fixed_network",
    "fixed_subnet",
    "floating_ip_enabled",
    "merge_labels",
    "labels_overridden",
    "labels_added",
    "labels_skipped",
    "master_lb_enabled",
    "created_at",
];

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn create(user: &User<'_>, body: Value) -> ClusterId {
    let accepted = user.post("/v1/clusters", body).await.expect(202);
    assert_eq!(keys(&accepted), ["uuid"]);
    accepted["uuid"].as_str().unwrap().parse().unwrap()
}

async fn set_status(api: &Api, id: ClusterId, status: Status) {
    let mut cluster = api.store.clusters().get(id).await.unwrap().unwrap();
    cluster.status = status;
    let mut tx = api.store.begin();
    tx.update(&cluster);
    let mut operations = api.store.operations().of_cluster(id).await.unwrap();
    for operation in &mut operations {
        operation.state = jeroboam_model::OperationState::Done;
        tx.update(operation);
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_accepted_cluster_is_there_at_once_with_all_that_belongs_to_it() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let template = demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c1", "t")).await;

    let shown = demo.get("/v1/clusters/c1").await.expect(200);
    assert_eq!(keys(&shown)[..34], FULL);
    assert_eq!(keys(&shown)[34..], ["updated_at"]);
    for (field, value) in [
        ("uuid", json!(id.to_string())),
        ("status", json!("CREATE_IN_PROGRESS")),
        ("cluster_template_id", template["uuid"].clone()),
        ("keypair", json!("testkey")),
        ("node_count", json!(2)),
        ("master_count", json!(1)),
        ("flavor_id", json!("m1.small")),
        ("docker_volume_size", json!(5)),
        ("create_timeout", json!(60)),
        ("master_lb_enabled", json!(true)),
        ("floating_ip_enabled", json!(true)),
        ("merge_labels", json!(false)),
        ("health_status_reason", json!({})),
        ("node_addresses", json!([])),
        ("api_address", Value::Null),
        ("stack_id", Value::Null),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    assert_eq!(shown["links"][0]["href"], format!("http://magnum.example:9511/v1/clusters/{id}"));
    assert_eq!(demo.get(&format!("/v1/clusters/{id}")).await.expect(200), shown);
    assert_eq!(demo.get("/v1/clusters/detail").await.expect(200), json!({"clusters": [shown]}));
    assert_eq!(keys(&demo.get("/v1/clusters").await.expect(200)["clusters"][0]), BRIEF);

    let operations = api.store.operations().of_cluster(id).await.unwrap();
    assert_eq!(operations.len(), 1);
    assert_eq!(operations[0].kind, OperationKind::Create);
    assert_eq!(operations[0].requester.user_name, "demo");
    assert_eq!(api.rows().await, [1, 1, 2, 1, 3]);
}

#[tokio::test]
async fn from_1_13_on_the_stack_is_called_cluster_id() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    create(&demo, cluster("c", "t")).await;
    for (version, has, has_not) in
        [("1.12", "stack_id", "cluster_id"), ("1.13", "cluster_id", "stack_id"), ("latest", "cluster_id", "stack_id")]
    {
        let user = demo.clone().speaking(version);
        for shown in
            [user.get("/v1/clusters/c").await.expect(200), user.get("/v1/clusters").await.expect(200)["clusters"][0].clone()]
        {
            assert!(shown.get(has).is_some() && shown.get(has_not).is_none(), "{version}");
        }
    }
}

#[tokio::test]
async fn labels_tell_how_they_differ_from_the_templates() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let labels = json!({"labels": {"kube_tag": "v1.30.2", "etcd_tag": "v3.5.9"}});
    demo.post("/v1/clustertemplates", with(template("t"), labels.clone())).await.expect(201);
    let own = json!({"kube_tag": "v1.30.4", "auto_healing_enabled": "false"});
    create(&demo, with(cluster("own", "t"), json!({"labels": own}))).await;
    create(&demo, with(cluster("merged", "t"), json!({"labels": own, "merge_labels": true}))).await;
    create(&demo, with(cluster("inherited", "t"), json!({"labels": {}}))).await;

    let shown = demo.get("/v1/clusters/own").await.expect(200);
    assert_eq!(shown["labels"], own);
    assert_eq!(shown["labels_overridden"], json!({"kube_tag": "v1.30.2"}));
    assert_eq!(shown["labels_added"], json!({"auto_healing_enabled": "false"}));
    assert_eq!(shown["labels_skipped"], json!({"etcd_tag": "v3.5.9"}));
    let merged = demo.get("/v1/clusters/merged").await.expect(200);
    assert_eq!(merged["labels"], json!({"auto_healing_enabled": "false", "etcd_tag": "v3.5.9", "kube_tag": "v1.30.4"}));
    assert_eq!(merged["labels_skipped"], json!({}));
    assert_eq!(demo.get("/v1/clusters/inherited").await.expect(200)["labels"], labels["labels"]);
}

#[tokio::test]
async fn faults_name_the_groups_that_failed() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c", "t")).await;
    assert!(demo.get("/v1/clusters/c").await.expect(200).get("faults").is_none());
    let mut tx = api.store.begin();
    for mut group in api.store.node_groups().of_cluster(id).await.unwrap() {
        if group.name == "default-worker" {
            group.status = Status::CreateFailed;
            group.status_reason = Some("No valid host".to_owned());
            tx.update(&group);
        }
    }
    tx.commit().await.unwrap();
    set_status(&api, id, Status::CreateFailed).await;
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["faults"], json!({"default-worker": "No valid host"}));
    assert!(demo.get("/v1/clusters/detail").await.expect(200)["clusters"][0].get("faults").is_none());
}

#[tokio::test]
async fn workers_are_counted_anew_by_a_patch() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c", "t")).await;
    let patch = json!([{"op": "replace", "path": "/node_count", "value": 4}]);

    let busy = demo.patch("/v1/clusters/c", patch.clone()).await.detail(400);
    assert_eq!(busy, "Updating a cluster when status is \"CREATE_IN_PROGRESS\" is not supported.");

    set_status(&api, id, Status::CreateComplete).await;
    assert_eq!(demo.patch("/v1/clusters/c", patch).await.expect(202), json!({"uuid": id.to_string()}));
    let shown = demo.get("/v1/clusters/c").await.expect(200);
    assert_eq!((&shown["status"], &shown["node_count"]), (&json!("UPDATE_IN_PROGRESS"), &json!(4)));
}

#[tokio::test]
async fn nothing_else_can_be_patched() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c", "t")).await;
    set_status(&api, id, Status::CreateComplete).await;
    for (path, value, error) in [
        ("/name", json!("x"), "cannot change cluster property(ies) name."),
        ("/master_count", json!(3), "cannot change cluster property(ies) master_count."),
        ("/labels", json!("{'a': 'b'}"), "cannot change cluster property(ies) labels."),
        ("/status", json!("CREATE_FAILED"), "cannot change cluster property(ies) status."),
        ("/api_address", json!("x"), "'/api_address' is an internal attribute"),
        ("/stack_id", json!("x"), "'/stack_id' is an internal attribute"),
        ("/trust_id", json!("x"), "'/trust_id' is an internal attribute"),
        ("/node_count", json!(-1), "Value should be greater or equal to 0"),
    ] {
        let detail = demo.patch("/v1/clusters/c", json!([{"op": "replace", "path": path, "value": value}])).await.detail(400);
        assert!(detail.contains(error), "{path}: {detail}");
    }
    demo.patch("/v1/clusters/c", json!([{"op": "replace", "path": "/name", "value": "c"}])).await.expect(202);
    demo.patch("/v1/clusters/c", json!([])).await.expect(202);
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["status"], "CREATE_COMPLETE");
}

#[tokio::test]
async fn the_healer_in_the_cluster_writes_what_it_found() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c", "t")).await;
    set_status(&api, id, Status::CreateComplete).await;
    let patch = json!([
        {"op": "replace", "path": "/health_status", "value": "UNHEALTHY"},
        {"op": "replace", "path": "/health_status_reason", "value": "{'api': 'ok', 'node-1.Ready': 'False'}"},
    ]);
    demo.patch("/v1/clusters/c", patch).await.expect(202);
    let shown = demo.get("/v1/clusters/c").await.expect(200);
    assert_eq!(shown["health_status"], "UNHEALTHY");
    assert_eq!(shown["health_status_reason"], json!({"api": "ok", "node-1.Ready": "False"}));
    assert_eq!(shown["status"], "CREATE_COMPLETE");
    demo.patch("/v1/clusters/c", json!([{"op": "replace", "path": "/health_status", "value": "FINE"}])).await.error(400);
}

#[tokio::test]
async fn groups_of_no_nodes_and_rollbacks_came_with_their_versions() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let zero = with(cluster("c", "t"), json!({"node_count": 0}));
    assert!(demo.clone().speaking("1.9").post("/v1/clusters", zero.clone()).await.detail(400).contains("zero is not supported"));
    let id = create(&demo.clone().speaking("1.10"), zero).await;
    set_status(&api, id, Status::CreateComplete).await;
    let patch = json!([{"op": "replace", "path": "/node_count", "value": 1}]);
    assert!(
        demo.clone()
            .speaking("1.2")
            .patch("/v1/clusters/c?rollback=true", patch.clone())
            .await
            .detail(400)
            .contains("Unknown argument")
    );
    demo.clone().speaking("1.3").patch("/v1/clusters/c?rollback=perhaps", patch.clone()).await.error(400);
    demo.clone().speaking("1.3").patch("/v1/clusters/c/?rollback=True", patch).await.expect(202);
    let operations = api.store.operations().of_cluster(id).await.unwrap();
    assert!(matches!(operations.last().unwrap().kind, OperationKind::Resize { rollback: true, .. }));
}

#[tokio::test]
async fn resizing_is_an_action_from_1_7_on() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, with(cluster("c", "t"), json!({"labels": {"min_node_count": "2", "max_node_count": "5"}}))).await;
    set_status(&api, id, Status::CreateComplete).await;
    let path = "/v1/clusters/c/actions/resize";
    let old = demo.clone().speaking("1.6").post(path, json!({"node_count": 3})).await.detail(406);
    assert_eq!(old, "Version 1.6 was requested but the requested API resize is not supported for this version.");

    let demo = demo.speaking("1.7");
    assert!(
        demo.post(path, json!({"node_count": 6}))
            .await
            .detail(400)
            .contains("outside the allowed range: min_node_count = 2, max_node_count = 5")
    );
    demo.post(path, json!({"node_count": 1})).await.error(400);
    demo.post(path, json!({})).await.error(400);
    demo.post(path, json!({"node_count": 3, "nodegroup": "no-such"})).await.error(404);
    let body = json!({"node_count": "3", "nodes_to_remove": ["node-1"], "nodegroup": null});
    assert_eq!(demo.post(path, body).await.expect(202), json!({"uuid": id.to_string()}));
    let shown = demo.get("/v1/clusters/c").await.expect(200);
    assert_eq!((&shown["status"], &shown["node_count"]), (&json!("UPDATE_IN_PROGRESS"), &json!(3)));
}

#[tokio::test]
async fn a_cluster_can_be_deleted_in_any_status_and_again() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c", "t")).await;
    for _ in 0..2 {
        let answer = demo.delete("/v1/clusters/c").await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["status"], "DELETE_IN_PROGRESS");
    }
    let operations = api.store.operations().of_cluster(id).await.unwrap();
    assert_eq!(operations.iter().filter(|operation| operation.kind == OperationKind::Delete).count(), 1);
    demo.delete("/v1/clusters/no-such").await.error(404);
}

#[tokio::test]
async fn the_quota_is_a_limit() {
    let config = jeroboam_api::ApiConfig { max_clusters_per_project: 1, ..Default::default() };
    let api = Api::with(config, Default::default()).await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    create(&demo, cluster("one", "t")).await;
    let detail = demo.post("/v1/clusters", cluster("two", "t")).await.detail(403);
    assert!(detail.starts_with("Resource limit exceeded: You have reached the maximum clusters per project, 1."), "{detail}");
    assert_eq!(api.rows().await, [1, 1, 2, 1, 3]);
}

#[tokio::test]
async fn lists_come_in_pages_and_in_orders() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    for name in ["b", "c", "a"] {
        create(&demo, cluster(name, "t")).await;
    }
    let names = |list: &Value| -> Vec<String> {
        list["clusters"].as_array().unwrap().iter().map(|cluster| cluster["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = demo.get("/v1/clusters/detail?limit=2&sort_key=name").await.expect(200);
    assert_eq!(names(&first), ["a", "b"]);
    let next = first["next"].as_str().unwrap().strip_prefix("http://magnum.example:9511/v1/clusters/detail?").unwrap();
    let second = demo.get(&format!("/v1/clusters/detail?{next}")).await.expect(200);
    assert_eq!(names(&second), ["c"]);
    assert_eq!(names(&demo.get("/v1/clusters?sort_dir=desc").await.expect(200)), ["a", "c", "b"]);
}

#[tokio::test]
async fn the_driver_refuses_a_size_that_heat_could_not_hold_before_anything_changes() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let id = create(&demo, cluster("c", "t")).await;
    set_status(&api, id, Status::CreateComplete).await;
    let patch = json!([{"op": "replace", "path": "/node_count", "value": 900}]);
    for refused in [
        demo.patch("/v1/clusters/c", patch).await.detail(400),
        demo.clone().speaking("1.7").post("/v1/clusters/c/actions/resize", json!({"node_count": 900})).await.detail(400),
    ] {
        assert!(refused.contains("node_count"), "{refused}");
    }
    let shown = demo.get("/v1/clusters/c").await.expect(200);
    assert_eq!((&shown["status"], &shown["node_count"]), (&json!("CREATE_COMPLETE"), &json!(2)));
}
