//! `/v1/bays` and `/v1/baymodels`: what clients of Liberty to Rocky see.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{ClusterId, OperationKind};
use serde_json::{Value, json};
use support::{Api, cluster, template, with};

const BRIEF: [&str; 13] = [
    "uuid",
    "name",
    "baymodel_id",
    "docker_volume_size",
    "labels",
    "master_flavor_id",
    "flavor_id",
    "node_count",
    "master_count",
    "bay_create_timeout",
    "links",
    "stack_id",
    "status",
];
const FURTHER: [&str; 9] = [
    "status_reason",
    "discovery_url",
    "api_address",
    "coe_version",
    "container_version",
    "node_addresses",
    "master_addresses",
    "created_at",
    "updated_at",
];

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What `magnum baymodel-create` sends.
fn baymodel(name: &str) -> Value {
    json!({"name": name, "coe": "kubernetes", "image_id": "fedora-coreos-latest", "keypair_id": "testkey",
        "external_network_id": "public", "flavor_id": "m1.small", "master_flavor_id": "m1.small", "docker_volume_size": 5})
}

/// What `magnum bay-create` sends.
fn bay(name: &str, baymodel: &str) -> Value {
    json!({"name": name, "baymodel_id": baymodel, "node_count": 2, "master_count": 1, "bay_create_timeout": 30})
}

#[tokio::test]
async fn at_1_1_a_bay_is_answered_whole_and_from_1_2_on_accepted() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let model = demo.post("/v1/baymodels", baymodel("m")).await.expect(201);

    let made = demo.post("/v1/bays", bay("b", "m")).await;
    let uuid = made.expect(201)["uuid"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), Some(format!("http://magnum.example:9511/v1/bays/{uuid}").as_str()));
    let made = made.json();
    assert_eq!(keys(&made), [&BRIEF[..], &FURTHER[..]].concat());
    assert_eq!((&made["baymodel_id"], &made["bay_create_timeout"]), (&model["uuid"], &json!(30)));
    assert_eq!((&made["status"], &made["node_count"]), (&json!("CREATE_IN_PROGRESS"), &json!(2)));
    assert_eq!(made["links"][0]["href"], format!("http://magnum.example:9511/v1/bays/{uuid}"));
    assert_eq!(demo.get("/v1/bays/b").await.expect(200), made);

    let accepted = demo.clone().speaking("1.2").post("/v1/bays", bay("c", "m")).await;
    assert_eq!((keys(&accepted.expect(202)), accepted.header("location")), (vec!["uuid"], None));
    let listed = demo.get("/v1/bays").await.expect(200);
    assert_eq!(keys(&listed["bays"][0]), BRIEF);
    assert_eq!(demo.get("/v1/bays/detail?limit=1").await.expect(200)["bays"][0], made);
    let next = demo.get("/v1/bays?limit=1").await.expect(200)["next"].as_str().unwrap().to_owned();
    assert!(next.starts_with("http://magnum.example:9511/v1/bays?sort_key=id"), "{next}");

    assert_eq!(demo.delete("/v1/bays/b").await.status, 204);
    assert_eq!(demo.get("/v1/bays/b").await.expect(200)["status"], "DELETE_IN_PROGRESS");
}

#[tokio::test]
async fn bays_are_clusters_and_baymodels_their_templates() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let model = demo.post("/v1/baymodels", baymodel("m")).await.expect(201);
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "m")).await.expect(202);
    let made = demo.post("/v1/bays", bay("b", "t")).await.expect(201);

    let shown = demo.get("/v1/clusters/b").await.expect(200);
    for (of_bay, of_cluster) in
        [("uuid", "uuid"), ("baymodel_id", "cluster_template_id"), ("bay_create_timeout", "create_timeout")]
    {
        assert_eq!(made[of_bay], shown[of_cluster]);
    }
    assert_eq!(shown["keypair"], "testkey");
    assert_eq!(demo.get("/v1/bays/c").await.expect(200)["baymodel_id"], model["uuid"]);
    assert_eq!(demo.get("/v1/baymodels").await.expect(200)["baymodels"].as_array().unwrap().len(), 2);
    let as_template = demo.get("/v1/clustertemplates/m").await.expect(200);
    let own = ["project_id", "user_id", "hidden", "tags", "driver"];
    let expected: Vec<&str> = keys(&as_template).into_iter().filter(|key| !own.contains(key)).collect();
    assert_eq!(keys(&model), expected);
    assert!(expected.iter().all(|key| *key == "links" || model[key] == as_template[key]));

    assert!(demo.delete("/v1/baymodels/m").await.detail(400).contains("is referenced by"));
    assert!(demo.post("/v1/bays", bay("x", "no-such")).await.detail(400).contains("no-such could not be found"));
    demo.clone().speaking("latest").post("/v1/bays", bay("x", "no-such")).await.error(400);
}

#[tokio::test]
async fn only_the_number_of_a_bays_nodes_changes() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/baymodels", baymodel("m")).await.expect(201);
    let made = demo.post("/v1/bays", bay("b", "m")).await.expect(201);
    let id: ClusterId = made["uuid"].as_str().unwrap().parse().unwrap();
    api.complete(id, |_| ()).await;
    let resize = |count: u32| json!([{"op": "replace", "path": "/node_count", "value": count}]);

    let changed = demo.patch("/v1/bays/b", resize(3)).await.expect(200);
    assert_eq!((&changed["status"], &changed["node_count"]), (&json!("UPDATE_IN_PROGRESS"), &json!(3)));
    let busy = demo.patch("/v1/bays/b", resize(4)).await.detail(400);
    assert_eq!(busy, "Updating a cluster when status is \"UPDATE_IN_PROGRESS\" is not supported.");

    api.complete(id, |_| ()).await;
    demo.clone().speaking("1.2").patch("/v1/bays/b?rollback=True", resize(4)).await.error(400);
    let accepted = demo.clone().speaking("1.3").patch("/v1/bays/b?rollback=True", resize(4)).await.expect(202);
    assert_eq!(accepted, json!({"uuid": id.to_string()}));
    assert!(matches!(api.unfinished(id).await.as_slice(), [OperationKind::Resize { rollback: true, .. }]));

    api.complete(id, |_| ()).await;
    demo.patch("/v1/bays/b", resize(0)).await.error(400);
    let fixed = json!([{"op": "replace", "path": "/name", "value": "other"}]);
    assert_eq!(demo.patch("/v1/bays/b", fixed).await.detail(400), "cannot change bay property(ies) name.");
    let gone = json!([{"op": "remove", "path": "/baymodel_id"}]);
    assert_eq!(
        demo.patch("/v1/bays/b", gone).await.detail(400),
        "'/baymodel_id' is a mandatory attribute and can not be removed"
    );
}

#[tokio::test]
async fn baymodels_are_changed_and_published_as_templates_are() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let made = demo.post("/v1/baymodels", with(baymodel("m"), json!({"name": "absent"}))).await;
    let location = made.header("location").unwrap().to_owned();
    let made = made.expect(201);
    let uuid = made["uuid"].as_str().unwrap();
    assert_eq!(location, format!("http://magnum.example:9511/v1/baymodels/{uuid}"));
    assert!(made["name"].as_str().unwrap().ends_with("-model"), "{made}");
    assert!(demo.post("/v1/bays", json!({"baymodel_id": uuid})).await.expect(201)["name"].as_str().unwrap().ends_with("-bay"));

    let rename = json!([{"op": "replace", "path": "/name", "value": "other"}]);
    assert_eq!(demo.patch(&format!("/v1/baymodels/{uuid}"), rename).await.expect(200)["name"], "other");
    demo.patch("/v1/baymodels/other", json!([{"op": "remove", "path": "/keypair_id"}])).await.error(400);
    demo.post("/v1/baymodels", with(baymodel("x"), json!({"keypair_id": "absent"}))).await.error(400);
    for unknown in ["hidden", "tags", "driver"] {
        demo.post("/v1/baymodels", with(baymodel("x"), json!({unknown: "x"}))).await.error(400);
    }
    // What the clients of the time send unasked.
    let unasked = demo.post("/v1/baymodels", with(baymodel("x"), json!({"docker_storage_driver": "devicemapper"}))).await;
    assert!(unasked.header("warning").unwrap().contains("devicemapper is no more"));
    assert_eq!(unasked.expect(201)["docker_storage_driver"], Value::Null);
    let publish = demo.post("/v1/baymodels", with(baymodel("x"), json!({"public": true}))).await.detail(403);
    assert_eq!(publish, "Not authorized to set public flag for baymodel.");
}

#[tokio::test]
async fn everybody_sees_the_bays_of_their_project() {
    let api = Api::start().await;
    let (demo, reader) = (api.demo().await, api.reader().await);
    demo.post("/v1/baymodels", baymodel("m")).await.expect(201);
    demo.post("/v1/bays", bay("b", "m")).await.expect(201);
    reader.get("/v1/bays/b").await.expect(200);
    assert_eq!(reader.delete("/v1/bays/b").await.detail(403), "Policy doesn't allow bay:delete to be performed.");
    assert_eq!(reader.post("/v1/bays", bay("x", "m")).await.detail(403), "Policy doesn't allow bay:create to be performed.");
    for other in [api.stranger().await, api.admin().await] {
        other.get("/v1/bays/b").await.error(404);
        other.delete("/v1/bays/b").await.error(404);
        assert_eq!(other.get("/v1/bays").await.expect(200), json!({"bays": []}));
    }
}
