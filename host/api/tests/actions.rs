//! Upgrades, and rotations of authorities.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{ClusterId, OperationKind, Status, TemplateId};
use serde_json::{Value, json};
use support::{Api, User, cluster, template, with};

const UPGRADE: &str = "/v1/clusters/c/actions/upgrade";

/// A complete cluster `c` of the Kubernetes driver, of version 1.30.
async fn upgradable(api: &Api, user: &User<'_>) -> ClusterId {
    // With a volume for etcd, so that its only master can be replaced.
    let labels = json!({"kube_tag": "v1.30.4", "etcd_volume_size": 5});
    user.post("/v1/clustertemplates", with(template("old"), json!({"labels": labels}))).await.expect(201);
    let accepted = user.post("/v1/clusters", cluster("c", "old")).await.expect(202);
    let id = accepted["uuid"].as_str().unwrap().parse().unwrap();
    api.complete(id, |_| ()).await;
    id
}

async fn newer(user: &User<'_>, name: &str, changes: Value) -> TemplateId {
    let labels = json!({"kube_tag": "v1.31.1", "etcd_volume_size": 5});
    let body = with(with(template(name), json!({"labels": labels})), changes);
    user.post("/v1/clustertemplates", body).await.expect(201)["uuid"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_upgrade_is_accepted_once_the_driver_has_a_plan() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.8");
    let id = upgradable(&api, &demo).await;
    let next = newer(&demo, "new", json!({})).await;

    let accepted = demo.post(UPGRADE, json!({"cluster_template": "new", "max_batch_size": 2})).await.expect(202);

    assert_eq!(accepted, json!({"uuid": id.to_string()}));
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["status"], "UPDATE_IN_PROGRESS");
    let expected = OperationKind::Upgrade {
        template: next,
        group: None,
        batch: 2,
        rollback: false,
        resumes: false,
        changes: Vec::new(),
        done: 0,
    };
    assert_eq!(api.unfinished(id).await, [expected]);
    let in_use = demo.delete("/v1/clustertemplates/new").await.detail(400);
    assert!(in_use.contains("is referenced by one or multiple clusters"), "{in_use}");

    let busy = demo.post(UPGRADE, json!({"cluster_template": "new", "max_batch_size": 1})).await.detail(400);
    assert_eq!(busy, "Upgrading a cluster when status is \"UPDATE_IN_PROGRESS\" is not supported.");
}

#[tokio::test]
async fn the_default_group_stands_for_the_cluster_and_nulls_for_defaults() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("latest");
    let id = upgradable(&api, &demo).await;
    newer(&demo, "new", json!({})).await;
    let body = json!({"cluster_template": "new", "max_batch_size": null, "nodegroup": "default-worker"});
    demo.post(UPGRADE, body).await.expect(202);
    assert!(matches!(api.unfinished(id).await.as_slice(), [OperationKind::Upgrade { group: None, batch: 1, .. }]));
}

#[tokio::test]
async fn bad_upgrades_are_refused_and_not_stored() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.8");
    let id = upgradable(&api, &demo).await;
    newer(&demo, "new", json!({})).await;
    newer(&demo, "older", json!({"labels": {"kube_tag": "v1.29.1"}})).await;
    newer(&demo, "untagged", json!({"labels": {}})).await;
    newer(&demo, "far", json!({"labels": {"kube_tag": "v1.33.0", "etcd_volume_size": 5}})).await;
    newer(&demo, "calico", json!({"network_driver": "calico"})).await;
    newer(&demo, "resolver", json!({"dns_nameserver": "1.1.1.1"})).await;
    let before = api.rows().await;
    for (change, status, text) in [
        (json!({"cluster_template": "absent"}), 400, "cluster_template"),
        (json!({"cluster_template": null}), 400, "Mandatory field missing"),
        (json!({"cluster_template": "no-such"}), 404, "ClusterTemplate no-such could not be found"),
        (json!({"cluster_template": "older"}), 400, "Downgrading kube_tag from v1.30.4 to v1.29.1 is not supported"),
        (json!({"cluster_template": "untagged"}), 400, "the template needs the label kube_tag"),
        (json!({"cluster_template": "far"}), 400, "upgrade one minor version at a time"),
        (json!({"cluster_template": "calico"}), 400, "its network_driver is not that of the cluster"),
        (json!({"cluster_template": "resolver"}), 400, "its dns_nameserver is not that of the cluster"),
        (json!({"max_batch_size": 0}), 400, "Value should be greater or equal to 1"),
        (json!({"max_batch_size": "many"}), 400, "Value should be an integer"),
        (json!({"nodegroup": "no-such"}), 404, "Nodegroup no-such could not be found"),
        (json!({"rollback": true}), 400, "Unknown attribute for argument cluster_upgrade_req: rollback"),
    ] {
        let body = with(json!({"cluster_template": "new", "max_batch_size": 1}), change.clone());
        let error = demo.post(UPGRADE, body).await.error(status);
        let said = format!("{} {}", error["title"], error["detail"]);
        assert!(said.contains(text), "{change}: {said}");
    }
    assert_eq!(demo.send(http::Method::POST, UPGRADE, "").await.detail(400), "Missing argument: \"cluster_upgrade_req\"");
    demo.clone().speaking("1.6").post(UPGRADE, json!({"cluster_template": "new"})).await.error(406);
    let detail = demo.clone().speaking("1.7").post(UPGRADE, json!({"cluster_template": "new"})).await.detail(400);
    assert_eq!(detail, "Cluster upgrade is not supported in the provided microversion.");
    api.reader().await.speaking("1.8").post(UPGRADE, json!({"cluster_template": "new"})).await.error(403);
    assert_eq!(api.rows().await, before);
    assert_eq!(api.unfinished(id).await, []);
}

#[tokio::test]
async fn a_half_upgraded_cluster_says_what_mends_it() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("latest");
    let id = upgradable(&api, &demo).await;
    let next = newer(&demo, "new", json!({})).await;
    api.complete(id, |cluster| {
        cluster.status = Status::UpdateFailed;
        cluster.upgrading_to = Some(next);
    })
    .await;
    let detail = demo.post("/v1/clusters/c/actions/resize", json!({"node_count": 3})).await.detail(400);
    assert!(detail.contains("upgrade it again"), "{detail}");
    demo.post(UPGRADE, json!({"cluster_template": "new"})).await.expect(202);
    assert!(matches!(api.unfinished(id).await.as_slice(), [OperationKind::Upgrade { resumes: true, .. }]));
}

#[tokio::test]
async fn a_further_group_can_only_follow_its_cluster() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("latest");
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    demo.post("/v1/clusters/c/nodegroups", json!({"name": "gpu"})).await.expect(202);
    api.complete(view.cluster.uuid, |_| ()).await;
    demo.post("/v1/clustertemplates", template("other")).await.expect(201);
    let detail = demo.post(UPGRADE, json!({"cluster_template": "other", "nodegroup": "gpu"})).await.detail(409);
    assert_eq!(detail, format!("Nodegroup gpu can only be upgraded to the template of its cluster, {}.", view.template.uuid));
}

#[tokio::test]
async fn authorities_are_replaced_where_the_driver_can() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let id = view.cluster.uuid;
    let user = demo.clone().header("content-type", "application/octet-stream");

    let accepted = user.send(http::Method::PATCH, &format!("/v1/certificates/{id}"), "").await.expect(202);

    assert_eq!(accepted, json!({"uuid": id.to_string()}));
    assert!(matches!(api.unfinished(id).await.as_slice(), [OperationKind::RotateCa { generation: 1, .. }]));
    assert_eq!(demo.get("/v1/clusters/c").await.expect(200)["status"], "UPDATE_IN_PROGRESS");
    let busy = user.send(http::Method::PATCH, "/v1/certificates/c", "").await.detail(400);
    assert_eq!(busy, "Updating a cluster when status is \"UPDATE_IN_PROGRESS\" is not supported.");
}

#[tokio::test]
async fn authorities_stay_where_they_cannot_be_replaced() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let Some(view) = api.puppets_cluster(&demo, "c").await else { return };
    let id = view.cluster.uuid;
    demo.patch("/v1/certificates/no-such", json!({})).await.error(404);
    api.stranger().await.patch(&format!("/v1/certificates/{id}"), json!({})).await.error(404);
    api.reader().await.patch("/v1/certificates/c", json!({})).await.error(403);

    api.complete(id, |cluster| cluster.driver = "not-there".to_owned()).await;
    let detail = demo.patch("/v1/certificates/c", json!({})).await.detail(400);
    assert_eq!(detail, "'rotate_ca_certificate' is not supported by this driver.");

    let mut plain = api.store.templates().get(view.template.uuid).await.unwrap().unwrap();
    plain.tls_disabled = true;
    let mut tx = api.store.begin();
    tx.update(&plain);
    tx.commit().await.unwrap();
    let detail = demo.patch("/v1/certificates/c", json!({})).await.detail(400);
    assert_eq!(detail, "Rotating the CA certificate on a non-TLS cluster is not supported");
    assert_eq!(api.unfinished(id).await, []);
}
