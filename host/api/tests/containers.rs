//! `/v1/containers`, from a request through the bundled drivers to a bay's own Docker and back.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use http::Method;
use jeroboam_model::{Container, ContainerId};
use serde_json::{Value, json};
use support::{Api, cluster_api::docker::Docker};

const SWARM: &str = "swarm";
const SWARM_MODE: &str = "swarm-mode";

/// A bay, and its Docker.
async fn site(api: &Api, coe: &str) -> (Docker, String) {
    let docker = Docker::default();
    let image = if coe == SWARM { "fedora-atomic" } else { "fedora-coreos-latest" };
    let fields = json!({"coe": coe, "image_id": image, "network_driver": "docker", "volume_driver": "absent"});
    let id = api.cluster_with(&api.demo().await, coe, fields, docker.router()).await;
    (docker, id.to_string())
}

fn wanted(bay: &str, changes: Value) -> Value {
    let body = json!({"bay_uuid": bay, "name": "web", "image": "busybox", "command": "ping -c 3 'a b'", "memory": "512m",
        "environment": {"A": "1"}});
    support::with(body, changes)
}

#[tokio::test]
async fn a_container_lives_and_dies_on_its_bay() {
    let api = Api::with_docker().await;
    for coe in [SWARM, SWARM_MODE] {
        let (docker, bay) = site(&api, coe).await;
        let demo = api.demo().await;
        let made = demo.post("/v1/containers", wanted(&bay, json!({}))).await;
        let container = made.expect(201);
        let uuid = container["uuid"].as_str().unwrap().to_owned();
        assert_eq!(made.header("location"), Some(format!("http://magnum.example:9511/v1/containers/{uuid}").as_str()));
        let brief = json!({"uuid": uuid, "name": "web", "bay_uuid": bay, "image": "busybox", "command": "ping -c 3 'a b'",
            "status": "Stopped", "memory": "512m", "environment": {"A": "1"}, "links": container["links"]});
        assert_eq!(demo.get("/v1/containers").await.expect(200), json!({"containers": [brief]}));
        let config = &docker.containers()[0]["Config"];
        assert_eq!((&config["Cmd"], &config["Env"]), (&json!(["ping", "-c", "3", "a b"]), &json!(["A=1"])));
        assert_eq!(config["Labels"], json!({Container::LABEL: uuid}));
        assert_eq!(config["HostConfig"]["Memory"], 512 << 20);

        let act = |what: &str| demo.clone().send_to(Method::PUT, format!("/v1/containers/{uuid}/{what}"));
        for (action, status) in
            [("start", "Running"), ("pause", "Paused"), ("unpause", "Running"), ("reboot", "Running"), ("stop", "Stopped")]
        {
            act(action).await.expect(200);
            assert_eq!(demo.get("/v1/containers/web").await.expect(200)["status"], status, "{action}");
        }
        act("execute?command=ls").await.error(409);
        act("start").await.expect(200);
        assert_eq!(
            act("execute?command=sh%20-c%20'ls%20/'").await.expect(200),
            json!({"output": "ran [\"sh\",\"-c\",\"ls /\"]"})
        );
        assert_eq!(demo.get(&format!("/v1/containers/{uuid}/logs")).await.expect(200), json!({"output": "one\ntwo\n"}));
        demo.get(&format!("/v1/containers/{uuid}/start")).await.error(405);
        act("execute").await.error(400);

        demo.delete(&format!("/v1/containers/{uuid}")).await.expect(204);
        assert_eq!(docker.containers(), Vec::<Value>::new());
        demo.get(&format!("/v1/containers/{uuid}")).await.error(404);
    }
}

#[tokio::test]
async fn what_the_bay_refuses_leaves_nothing_on_record() {
    let api = Api::with_docker().await;
    let (docker, bay) = site(&api, SWARM_MODE).await;
    let demo = api.demo().await;
    docker.add("taken", json!({}));
    demo.post("/v1/containers", wanted(&bay, json!({"image": "busybox"}))).await.expect(201);
    let refused = [
        (json!({"name": "taken"}), 409, "already in use"),
        (json!({"name": "b", "image": "zzz:9"}), 400, "manifest for zzz:9 not found"),
        (json!({"name": "b", "memory": "much"}), 400, "512m"),
        (json!({"name": "b", "command": "sh -c 'x"}), 400, "quote"),
        (json!({"name": "a/b"}), 400, "letters"),
    ];
    for (changes, status, says) in refused {
        let detail = demo.post("/v1/containers", wanted(&bay, changes)).await.detail(status);
        assert!(detail.contains(says), "{detail}");
    }
    assert_eq!(demo.get("/v1/containers").await.expect(200)["containers"].as_array().unwrap().len(), 1);
    assert_eq!(api.store.containers().all().await.unwrap().len(), 1);
}

/// As if the service had been killed right after the container was made, or right before.
#[tokio::test]
async fn a_container_whose_id_was_never_written_down_is_found_by_its_label() {
    let api = Api::with_docker().await;
    let (docker, bay) = site(&api, SWARM).await;
    let demo = api.demo().await;
    let made = demo.post("/v1/containers", wanted(&bay, json!({}))).await.expect(201);
    let id: ContainerId = made["uuid"].as_str().unwrap().parse().unwrap();
    let mut row = api.store.containers().get(id).await.unwrap().unwrap();
    row.value.container_id = None;
    let never_made = Container { uuid: ContainerId::random(), name: "never".to_owned(), ..row.value.clone() };
    let mut tx = api.store.begin();
    tx.update(&row);
    tx.insert(&never_made);
    tx.commit().await.unwrap();

    demo.clone().send_to(Method::PUT, format!("/v1/containers/{id}/start")).await.expect(200);
    assert_eq!(demo.get("/v1/containers/web").await.expect(200)["status"], "Running");
    assert_eq!(demo.get("/v1/containers/never").await.expect(200)["status"], "Error");
    demo.clone().send_to(Method::PUT, "/v1/containers/never/start".to_owned()).await.error(404);
    demo.delete("/v1/containers/never").await.expect(204);
    assert_eq!(docker.containers().len(), 1);
    demo.delete("/v1/containers/web").await.expect(204);
    assert_eq!(docker.containers().len(), 0);
}

#[tokio::test]
async fn a_bay_that_does_not_answer_takes_no_list_away() {
    let api = Api::with_docker().await;
    let (_docker, bay) = site(&api, SWARM).await;
    let demo = api.demo().await;
    demo.post("/v1/containers", wanted(&bay, json!({}))).await.expect(201);
    api.complete(bay.parse().unwrap(), |cluster| cluster.api_address = Some("tcp://127.0.0.1:1".to_owned())).await;
    let listed = demo.get(&format!("/v1/containers/detail?bay_ident={bay}")).await.expect(200);
    assert_eq!(listed["containers"][0]["status"], "Unknown");
    demo.delete("/v1/containers/web").await.error(503);
    demo.get("/v1/containers/web").await.expect(200);
    demo.post("/v1/containers", wanted(&bay, json!({"name": "lost"}))).await.error(503);
    assert_eq!(demo.get("/v1/containers/lost").await.expect(200)["status"], "Unknown");
}

#[tokio::test]
async fn containers_are_their_projects_and_of_swarm_bays() {
    let api = Api::with_docker().await;
    let (_docker, bay) = site(&api, SWARM).await;
    let (demo, stranger) = (api.demo().await, api.stranger().await);
    let made = demo.post("/v1/containers", wanted(&bay, json!({}))).await.expect(201);
    let path = format!("/v1/containers/{}", made["uuid"].as_str().unwrap());
    stranger.get(&path).await.error(404);
    stranger.delete(&path).await.error(404);
    stranger.clone().send_to(Method::PUT, format!("{path}/start")).await.error(404);
    assert_eq!(stranger.get("/v1/containers").await.expect(200), json!({"containers": []}));
    stranger.post("/v1/containers", wanted(&bay, json!({}))).await.error(400);
    api.reader().await.get(&path).await.expect(200);
    api.reader().await.delete(&path).await.error(403);

    let kubernetes = axum::Router::new();
    let other = api.cluster_with(&demo, "k8s", json!({}), kubernetes).await.to_string();
    let detail = demo.post("/v1/containers", wanted(&other, json!({}))).await.detail(400);
    assert_eq!(detail, "Cannot fulfill request with a kubernetes bay, expecting a swarm bay.");
    let detail = demo.get(&format!("/v1/pods?bay_ident={bay}")).await.detail(400);
    assert_eq!(detail, "Cannot fulfill request with a swarm bay, expecting a kubernetes bay.");

    let patch = |path: &str, value: &str| json!([{"op": "replace", "path": path, "value": value}]);
    assert_eq!(demo.patch(&path, patch("/name", "other")).await.expect(200)["name"], "other");
    demo.patch(&path, patch("/image", "other")).await.error(400);
    demo.patch(&path, json!([{"op": "remove", "path": "/bay_uuid"}])).await.error(400);
}
