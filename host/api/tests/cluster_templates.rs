//! `/v1/clustertemplates`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use serde_json::{Value, json};
use support::{Api, cluster, template, with};

const FIELDS: [&str; 36] = [
    "uuid",
    "name",
    "coe",
    "image_id",
    "flavor_id",
    "master_flavor_id",
    "dns_nameserver",
    "keypair_id",
    "external_network_id",
    "fixed_network",
    "fixed_subnet",
    "network_driver",
    "apiserver_port",
    "docker_volume_size",
    "cluster_distro",
    "links",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "volume_driver",
    "registry_enabled",
    "labels",
    "tls_disabled",
    "public",
    "server_type",
    "insecure_registry",
    "docker_storage_driver",
    "master_lb_enabled",
    "floating_ip_enabled",
    "project_id",
    "user_id",
    "hidden",
    "tags",
    "driver",
    "created_at",
    "updated_at",
];

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["clustertemplates"].as_array().unwrap().iter().map(|template| template["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_template_is_created_shown_listed_and_deleted() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let answer = demo.post("/v1/clustertemplates", template("t1")).await;
    let created = answer.expect(201);
    let uuid = created["uuid"].as_str().unwrap();
    let here = format!("http://magnum.example:9511/v1/clustertemplates/{uuid}");
    assert_eq!(answer.header("location"), Some(here.as_str()));
    assert_eq!(keys(&created), FIELDS);
    assert_eq!(created["links"][0], json!({"href": here, "rel": "self"}));
    assert_eq!(created["links"][1]["href"], format!("http://magnum.example:9511/clustertemplates/{uuid}"));
    for (field, value) in [
        ("cluster_distro", json!("fedora-coreos")),
        ("driver", json!("kubernetes")),
        ("server_type", json!("vm")),
        ("dns_nameserver", json!("8.8.8.8")),
        ("floating_ip_enabled", json!(true)),
        ("public", json!(false)),
        ("labels", json!({})),
        ("updated_at", Value::Null),
    ] {
        assert_eq!(created[field], value, "{field}");
    }
    let created_at = created["created_at"].as_str().unwrap();
    assert!(created_at.ends_with("+00:00") && created_at.len() == 25, "{created_at}");

    for path in [format!("/v1/clustertemplates/{uuid}"), "/v1/clustertemplates/t1".to_owned()] {
        assert_eq!(demo.get(&path).await.expect(200), created);
    }
    for path in ["/v1/clustertemplates", "/v1/clustertemplates/detail"] {
        assert_eq!(demo.get(path).await.expect(200), json!({"clustertemplates": [created]}));
    }
    assert_eq!(demo.delete(&format!("/v1/clustertemplates/{uuid}")).await.status, 204);
    assert!(demo.delete(&format!("/v1/clustertemplates/{uuid}")).await.detail(404).contains("could not be found"));
}

#[tokio::test]
async fn what_is_null_gets_its_default_and_what_is_text_is_read() {
    let api = Api::start().await;
    let sent = json!({
        "name": null, "network_driver": null, "volume_driver": null, "docker_storage_driver": null, "fixed_network": null,
        "master_flavor_id": null, "apiserver_port": null, "docker_volume_size": "7", "tls_disabled": "False", "master_lb_enabled": "true",
        "floating_ip_enabled": null, "tags": null, "labels": {"kube_tag": "v1.30.2", "metrics_server_enabled": true},
    });
    let created = api.demo().await.post("/v1/clustertemplates", with(template("t"), sent)).await.expect(201);
    assert!(created["name"].as_str().unwrap().ends_with("-template"));
    assert_eq!(created["network_driver"], "flannel");
    assert_eq!(created["docker_volume_size"], 7);
    assert_eq!(created["floating_ip_enabled"], true);
    assert_eq!(created["master_lb_enabled"], true);
    assert_eq!(created["labels"]["metrics_server_enabled"], "True");
    assert_eq!(created["volume_driver"], Value::Null);
}

#[tokio::test]
async fn templates_are_patched_as_clients_do_it() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let patch = json!([
        {"op": "replace", "path": "/name", "value": "renamed"},
        {"op": "replace", "path": "/labels", "value": "{'kube_tag': 'v1.30.2'}"},
        {"op": "add", "path": "/http_proxy", "value": "http://proxy"},
        {"op": "remove", "path": "/docker_volume_size"},
        {"op": "replace", "path": "/master_lb_enabled", "value": "false"},
    ]);
    let patched = demo.patch("/v1/clustertemplates/t", patch).await.expect(200);
    assert_eq!(keys(&patched), FIELDS);
    assert_eq!(patched["labels"], json!({"kube_tag": "v1.30.2"}));
    assert_eq!((&patched["http_proxy"], &patched["docker_volume_size"]), (&json!("http://proxy"), &Value::Null));
    assert_eq!(patched["master_lb_enabled"], false);
    assert!(patched["updated_at"].is_string());
    assert_eq!(demo.get("/v1/clustertemplates/renamed").await.expect(200), patched);
}

#[tokio::test]
async fn a_patch_meets_the_same_checks_as_a_creation() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let created = demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    for (path, value, error) in [
        ("/flavor_id", "no-such", "Unable to find flavor no-such."),
        ("/image_id", "no-such", "Image no-such could not be found."),
        ("/network_driver", "foo", "Network driver type foo is not supported"),
        ("/external_network_id", "no-such", "Unable to find external network no-such."),
        (
            "/cluster_distro",
            "windows",
            "Cluster driver (kubernetes) not supported: it is not there, or does not provide (vm, windows, kubernetes)",
        ),
        ("/coe", "dcos", "Value should be one of"),
    ] {
        let patch = json!([{"op": "replace", "path": path, "value": value}]);
        let detail = demo.patch("/v1/clustertemplates/t", patch).await.detail(400);
        assert!(detail.contains(error), "{path}: {detail}");
    }
    demo.patch("/v1/clustertemplates/t", json!([{"op": "replace", "path": "/public", "value": true}])).await.error(403);
    assert_eq!(demo.get("/v1/clustertemplates/t").await.expect(200), created);
    demo.patch("/v1/clustertemplates/no-such", json!({"op": "remove"})).await.error(400);
    demo.patch("/v1/clustertemplates/no-such", json!([])).await.error(404);
}

#[tokio::test]
async fn a_template_that_clusters_refer_to_stays_as_it_is() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "t")).await.expect(202);
    assert!(demo.delete("/v1/clustertemplates/t").await.detail(400).ends_with("is referenced by one or multiple clusters."));
    let replace = |path: &str, value: Value| json!([{"op": "replace", "path": path, "value": value}]);
    for patch in [
        replace("/flavor_id", json!("m1.large")),
        json!([]),
        json!([{"op": "replace", "path": "/name", "value": "n"}, {"op": "replace", "path": "/tags", "value": "x"}]),
    ] {
        assert!(demo.patch("/v1/clustertemplates/t", patch).await.detail(400).contains("is referenced by"));
    }
    demo.patch("/v1/clustertemplates/t", replace("/tags", json!("old"))).await.expect(200);
    demo.patch("/v1/clustertemplates/t", replace("/name", json!("renamed"))).await.expect(200);
    api.admin().await.patch("/v1/clustertemplates/renamed", replace("/public", json!(true))).await.expect(200);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for name in ["t-b", "t-c", "t-a"] {
        demo.post("/v1/clustertemplates", template(name)).await.expect(201);
    }
    let first = demo.get("/v1/clustertemplates?limit=2").await.expect(200);
    assert_eq!(names(&first), ["t-b", "t-c"]);
    let next = first["next"].as_str().unwrap();
    let marker = first["clustertemplates"][1]["uuid"].as_str().unwrap();
    assert_eq!(next, format!("http://magnum.example:9511/v1/clustertemplates?sort_key=id&sort_dir=asc&limit=2&marker={marker}"));
    let second = demo.get(next.strip_prefix("http://magnum.example:9511").unwrap()).await.expect(200);
    assert_eq!(names(&second), ["t-a"]);
    assert!(second.get("next").is_none());
    assert_eq!(names(&demo.get("/v1/clustertemplates/?sort_key=name&sort_dir=desc").await.expect(200)), ["t-c", "t-b", "t-a"]);
    for query in ["limit=0", "limit=-1", "limit=x", "limit=", "marker=t-a", "sort_key=no_such", "sort_dir=up"] {
        demo.get(&format!("/v1/clustertemplates?{query}")).await.error(400);
    }
    demo.get("/v1/clustertemplates?marker=00000000-0000-4000-8000-000000000000").await.error(404);
}

#[tokio::test]
async fn names_need_not_be_unique_but_then_they_do_not_tell_which() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let uuid = demo.post("/v1/clustertemplates", template("t")).await.expect(201)["uuid"].clone();
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    assert!(demo.get("/v1/clustertemplates/t").await.detail(409).starts_with("Multiple ClusterTemplates exist with same name"));
    let again = demo.post("/v1/clustertemplates", with(template("u"), json!({"uuid": uuid}))).await;
    assert!(again.detail(409).contains("already exists"));
}
