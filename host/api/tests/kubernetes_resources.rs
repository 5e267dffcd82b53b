//! `/v1/pods`, `/v1/services` and `/v1/rcs`, from a request through the bundled driver to the cluster's own API and back.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use futures::FutureExt;
use serde_json::{Value, json};
use support::{Api, cluster_api::kubernetes::Kubernetes};

const POD: &str = "metadata:\n  name: web\n  labels: {app: web}\nspec:\n  containers:\n  - {name: nginx, image: 'nginx:1'}\n  - {name: side, image: side}\n";

fn service(port: u16) -> String {
    let ports = json!([{"port": port, "targetPort": "http", "name": "a"}, {"port": 443, "targetPort": 8443}]);
    json!({"metadata": {"name": "front", "labels": {"tier": "front"}}, "spec": {"selector": {"app": "web"}, "ports": ports}})
        .to_string()
}

fn rc(replicas: u32) -> String {
    let template = json!({"metadata": {"labels": {"app": "rc"}}, "spec": {"containers": [{"name": "a", "image": "a:2"}]}});
    json!({"kind": "ReplicationController", "metadata": {"name": "many"},
        "spec": {"replicas": replicas, "selector": {"app": "rc"}, "template": template}})
    .to_string()
}

/// A cluster, and what runs on it.
async fn site(api: &Api) -> (Kubernetes, String) {
    let kubernetes = Kubernetes::default();
    let id = api.cluster_with(&api.demo().await, "k8s", json!({}), kubernetes.router()).await;
    (kubernetes, id.to_string())
}

#[tokio::test]
async fn a_pod_lives_and_dies_on_the_cluster() {
    let api = Api::start().await;
    let (kubernetes, bay) = site(&api).await;
    let demo = api.demo().await;
    let made = demo.post("/v1/pods", json!({"bay_uuid": bay, "manifest": POD, "desc": "mine"})).await;
    let pod = made.expect(201);
    let uuid = pod["uuid"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), Some(format!("http://magnum.example:9511/v1/pods/{uuid}").as_str()));
    let whole = json!({"uuid": uuid, "name": "web", "desc": null, "bay_uuid": bay, "images": ["nginx:1", "side"],
        "labels": {"app": "web"}, "status": "Running", "host": "node-0", "manifest": null, "manifest_url": null,
        "links": [{"href": format!("http://magnum.example:9511/v1/pods/{uuid}"), "rel": "self"},
            {"href": format!("http://magnum.example:9511/pods/{uuid}"), "rel": "bookmark"}],
        "created_at": null, "updated_at": null});
    assert_eq!(pod, whole);
    assert_eq!(kubernetes.object("pods", "web").unwrap()["apiVersion"], "v1");

    for path in ["web/k8s", &format!("{uuid}/{bay}"), &format!("{uuid}?bay_ident=k8s")] {
        assert_eq!(demo.get(&format!("/v1/pods/{path}")).await.expect(200), whole, "{path}");
    }
    let listed = demo.get(&format!("/v1/pods?bay_ident={bay}")).await.expect(200);
    let mut brief = whole.clone();
    for absent in ["manifest", "manifest_url", "created_at", "updated_at"] {
        brief.as_object_mut().unwrap().remove(absent);
    }
    assert_eq!(listed, json!({"pods": [brief]}));
    assert_eq!(demo.get("/v1/pods/detail?bay_ident=k8s&pod_uuid=x").await.expect(200), json!({"pods": [whole]}));

    let other = POD.replace("nginx:1", "nginx:2");
    let changed = demo.patch("/v1/pods/web/k8s", json!([{"op": "replace", "path": "/manifest", "value": other}])).await;
    assert_eq!(changed.expect(200)["images"], json!(["nginx:2", "side"]));
    assert_eq!(demo.delete(&format!("/v1/pods/{uuid}/k8s")).await.expect(204), Value::Null);
    assert_eq!(kubernetes.object("pods", "web"), None);
    assert_eq!(demo.get("/v1/pods/web/k8s").await.detail(404), "Pod web could not be found.");
    demo.delete("/v1/pods/web/k8s").await.error(404);
}

#[tokio::test]
async fn services_and_replication_controllers_have_what_is_their_own() {
    let api = Api::start().await;
    let (_, bay) = site(&api).await;
    let demo = api.demo().await;
    let made = demo.post("/v1/services", json!({"bay_uuid": bay, "manifest": service(80)})).await.expect(201);
    assert_eq!(
        (&made["selector"], &made["labels"], &made["ip"]),
        (&json!({"app": "web"}), &json!({"tier": "front"}), &json!("10.254.0.1"))
    );
    assert_eq!(made["ports"], json!([{"name": "a", "port": 80, "targetPort": "http"}, {"port": 443, "targetPort": 8443}]));
    let patch = json!([{"op": "replace", "path": "/manifest", "value": service(81)}]);
    let changed = demo.patch("/v1/services/front/k8s", patch).await.expect(200);
    assert_eq!((&changed["ports"][0]["port"], &changed["ip"]), (&json!(81), &json!("10.254.0.1")));

    let made = demo.post("/v1/rcs", json!({"bay_uuid": bay, "manifest": rc(3)})).await.expect(201);
    assert_eq!((&made["replicas"], &made["images"], &made["labels"]), (&json!(3), &json!(["a:2"]), &json!({"app": "rc"})));
    let listed = demo.get("/v1/rcs?bay_ident=k8s").await.expect(200);
    assert_eq!(listed["rcs"][0]["name"], "many");
    demo.delete("/v1/rcs/many/k8s").await.expect(204);
    demo.delete("/v1/services/front?bay_ident=k8s").await.expect(204);
    assert_eq!(demo.get("/v1/services?bay_ident=k8s").await.expect(200), json!({"services": []}));
}

#[tokio::test]
async fn lists_come_in_pages_whatever_the_clusters_own_are() {
    let api = Api::start().await;
    let (_, bay) = site(&api).await;
    let demo = api.demo().await;
    for number in 0..251 {
        let manifest = POD.replace("name: web", &format!("name: web-{number:03}"));
        demo.post("/v1/pods", json!({"bay_uuid": bay, "manifest": manifest})).await.expect(201);
    }
    let all = demo.get("/v1/pods?bay_ident=k8s").await.expect(200);
    assert_eq!(all["pods"].as_array().unwrap().len(), 251);
    let first = demo.get("/v1/pods?bay_ident=k8s&limit=2&sort_key=name&sort_dir=desc").await.expect(200);
    let names = |page: &Value| page["pods"].as_array().unwrap().iter().map(|pod| pod["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&first), ["web-250", "web-249"]);
    let next = first["next"].as_str().unwrap().strip_prefix("http://magnum.example:9511").unwrap().to_owned();
    assert_eq!(names(&demo.get(&next).await.expect(200)), ["web-248", "web-247"]);
}

#[tokio::test]
async fn what_kubernetes_refuses_is_told_with_its_own_status() {
    let api = Api::start().await;
    let (kubernetes, bay) = site(&api).await;
    let demo = api.demo().await;
    let post = |manifest: String| demo.post("/v1/pods", json!({"bay_uuid": bay, "manifest": manifest})).boxed();
    post(POD.to_owned()).await.expect(201);
    assert_eq!(post(POD.to_owned()).await.detail(409), "pods \"web\" already exists");
    assert!(post(POD.replace("name: web", "name: Web")).await.detail(422).contains("is invalid"));
    kubernetes.fail(401, "Unauthorized");
    assert_eq!(demo.get("/v1/pods?bay_ident=k8s").await.detail(502), "Unauthorized");
    kubernetes.fail(500, "etcd is away");
    assert_eq!(demo.get("/v1/pods/web/k8s").await.detail(500), "etcd is away");
}

#[tokio::test]
async fn a_cluster_that_does_not_answer_is_named_as_the_reason() {
    let api = Api::start().await;
    let (_, bay) = site(&api).await;
    let demo = api.demo().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    api.complete(bay.parse().unwrap(), |cluster| cluster.api_address = Some(format!("https://{nobody}"))).await;
    let detail = demo.get("/v1/pods?bay_ident=k8s").await.detail(503);
    assert!(detail.contains("the cluster's API does not answer"), "{detail}");
    api.complete(bay.parse().unwrap(), |cluster| cluster.api_address = None).await;
    assert_eq!(demo.get("/v1/pods?bay_ident=k8s").await.detail(409), "Cluster API address is not available yet");
}

#[tokio::test]
async fn a_bay_has_to_be_named_and_be_of_kubernetes_and_the_callers_own() {
    let api = Api::start().await;
    let (_, bay) = site(&api).await;
    let (demo, stranger) = (api.demo().await, api.stranger().await);
    assert!(demo.get("/v1/pods").await.detail(400).contains("bay_ident"));
    demo.get("/v1/pods?bay_ident=none").await.error(404);
    demo.post("/v1/pods", json!({"bay_uuid": "none", "manifest": POD})).await.error(400);
    stranger.get(&format!("/v1/pods?bay_ident={bay}")).await.error(404);
    stranger.post("/v1/pods", json!({"bay_uuid": bay, "manifest": POD})).await.error(400);
    api.reader().await.post("/v1/pods", json!({"bay_uuid": bay, "manifest": POD})).await.error(403);
    api.reader().await.get(&format!("/v1/pods?bay_ident={bay}")).await.expect(200);
    assert!(demo.post("/v1/pods", json!({"manifest": POD})).await.detail(400).contains("bay_uuid"));
}

#[tokio::test]
async fn a_manifest_is_looked_at_before_the_cluster_is_asked() {
    let api = Api::start().await;
    let (kubernetes, bay) = site(&api).await;
    kubernetes.fail(500, "nobody asks");
    let demo = api.demo().await;
    let cases = [
        (json!({}), "A manifest is needed"),
        (json!({"manifest": ""}), "A manifest is needed"),
        (json!({"manifest": "{"}), "neither JSON nor YAML"),
        (json!({"manifest": "metadata: {name: a}"}), "Field spec.containers.*.image"),
        (json!({"manifest_url": "http://example.org/pod.yaml"}), "send the text itself"),
        (json!({"manifest": POD, "name": "mine"}), "name"),
    ];
    for (body, says) in cases {
        let detail = demo.post("/v1/pods", support::with(json!({"bay_uuid": bay}), body)).await.detail(400);
        assert!(detail.contains(says), "{detail}");
    }
    let kind = POD.replace("metadata:", "kind: Service\nmetadata:");
    let detail = demo.post("/v1/pods", json!({"bay_uuid": bay, "manifest": kind})).await.detail(400);
    assert!(detail.contains("it has to be Pod"), "{detail}");
    for patch in
        [json!([]), json!([{"op": "replace", "path": "/bay_uuid", "value": "x"}]), json!([{"op": "remove", "path": "/bay_uuid"}])]
    {
        demo.patch("/v1/pods/web/k8s", patch).await.error(400);
    }
}
