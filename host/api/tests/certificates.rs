//! `/v1/certificates` and `/v1/mservices`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use serde_json::json;
use support::{Api, cluster, template};
use time::OffsetDateTime;

const CSR: &str = include_str!("support/request.pem");

async fn with_cluster() -> (Api, String) {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let uuid = demo.post("/v1/clusters", cluster("c", "t")).await.expect(202)["uuid"].as_str().unwrap().to_owned();
    let stored = api.store.clusters().get(uuid.parse::<jeroboam_model::ClusterId>().unwrap()).await.unwrap().unwrap();
    api.certificates.ensure(&stored).await.unwrap();
    (api, uuid)
}

#[tokio::test]
async fn authorities_are_shown_by_their_kind() {
    let (api, uuid) = with_cluster().await;
    let demo = api.demo().await;
    let shown = demo.get(&format!("/v1/certificates/{uuid}")).await.expect(200);
    assert_eq!(shown.as_object().unwrap().keys().collect::<Vec<_>>(), ["cluster_uuid", "links", "pem"]);
    assert_eq!(shown["cluster_uuid"], uuid.as_str());
    let pem = shown["pem"].as_str().unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && pem.ends_with("-----END CERTIFICATE-----"));

    let etcd = demo.get("/v1/certificates/c?ca_cert_type=etcd").await.expect(200);
    assert_ne!(etcd["pem"], shown["pem"]);
    assert_eq!(demo.get("/v1/certificates/c/etcd").await.expect(200), etcd);
    assert_eq!(demo.get("/v1/certificates/c?ca_cert_type=whatever").await.expect(200), shown);
}

#[tokio::test]
async fn requests_are_signed_for_who_owns_the_cluster() {
    let (api, uuid) = with_cluster().await;
    let demo = api.demo().await;
    let signed = demo.post("/v1/certificates", json!({"cluster_uuid": "c", "csr": CSR})).await.expect(201);
    assert_eq!(signed.as_object().unwrap().keys().collect::<Vec<_>>(), ["cluster_uuid", "links", "csr", "pem"]);
    assert_eq!((&signed["cluster_uuid"], &signed["csr"]), (&json!(uuid), &json!(CSR)));
    assert!(signed["pem"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    let typed =
        demo.post("/v1/certificates", json!({"cluster_uuid": uuid, "csr": CSR, "ca_cert_type": "etcd"})).await.expect(201);
    assert_eq!(typed["ca_cert_type"], "etcd");
    let of_a_bay = demo.post("/v1/certificates", json!({"bay_uuid": "c", "csr": CSR})).await.expect(201);
    assert_eq!(of_a_bay["cluster_uuid"], uuid.as_str());

    api.reader().await.post("/v1/certificates", json!({"cluster_uuid": "c", "csr": CSR})).await.error(403);
    api.reader().await.get("/v1/certificates/c").await.error(403);
    api.stranger().await.get("/v1/certificates/c").await.error(404);
    api.stranger().await.post("/v1/certificates", json!({"cluster_uuid": uuid, "csr": CSR})).await.error(400);
}

#[tokio::test]
async fn what_cannot_be_signed_is_the_requests_fault() {
    let (api, _) = with_cluster().await;
    let demo = api.demo().await;
    assert!(
        demo.post("/v1/certificates", json!({"cluster_uuid": "c", "csr": "nonsense"}))
            .await
            .detail(400)
            .starts_with("Received invalid csr")
    );
    for body in [
        json!({"cluster_uuid": "c", "csr": ""}),
        json!({"cluster_uuid": "c"}),
        json!({"csr": CSR}),
        json!({"cluster_uuid": null, "csr": CSR}),
        json!({}),
    ] {
        demo.post("/v1/certificates", body).await.error(400);
    }
    assert!(
        demo.post("/v1/certificates", json!({"cluster_uuid": "no-such", "csr": CSR}))
            .await
            .detail(400)
            .contains("Cluster no-such could not be found")
    );
}

#[tokio::test]
async fn a_cluster_that_has_no_certificates_yet_has_none() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "t")).await.expect(202);
    assert!(demo.get("/v1/certificates/c").await.detail(404).starts_with("A key pair"));
}

#[tokio::test]
async fn services_are_for_administrators() {
    let api = Api::start().await;
    api.store.services().beat("here", "magnum-conductor", OffsetDateTime::now_utc()).await.unwrap();
    api.store.services().beat("there", "magnum-conductor", OffsetDateTime::UNIX_EPOCH).await.unwrap();
    let services = api.admin().await.get("/v1/mservices").await.expect(200);
    let here = &services["mservices"][0];
    let keys = ["host", "binary", "state", "id", "report_count", "disabled", "disabled_reason", "created_at", "updated_at"];
    assert_eq!(here.as_object().unwrap().keys().collect::<Vec<_>>(), keys);
    assert_eq!(
        (&here["host"], &here["state"], &here["id"], &here["report_count"]),
        (&json!("here"), &json!("up"), &json!(1), &json!(1))
    );
    assert_eq!((&here["binary"], &here["disabled"]), (&json!("magnum-conductor"), &json!(false)));
    assert_eq!(services["mservices"][1]["state"], "down");
    assert_eq!(
        api.demo().await.get("/v1/mservices").await.detail(403),
        "Policy doesn't allow magnum-service:get_all to be performed."
    );
    api.admin().await.get("/v1/mservices?limit=1").await.error(400);
}
