//! Secrets that are kept in Barbican.

use jeroboam_cloud::{Barbican, Cloud, CloudError, Kind, Secret, Service, ServiceConfig};
use serde_json::{Value, json};

use crate::scripted::{Answer, ScriptedCloud, service_user};

const ID: &str = "6e2c8b0a-1f3d-4c5b-9a7e-0d1c2b3a4f5e";

fn barbican(server: &ScriptedCloud) -> Barbican {
    let mut config = server.config();
    let endpoint_override = Some(server.url.join("/key-manager").unwrap());
    config.services.insert(Service::Barbican, ServiceConfig { endpoint_override, ..Default::default() });
    Cloud::new(config).unwrap().session(service_user()).barbican()
}

fn secret(id: &str, name: &str) -> Value {
    // As others see Barbican, not as it is reached from here.
    json!({"secret_ref": format!("https://public.example/key-manager/v1/secrets/{id}"), "name": name, "status": "ACTIVE"})
}

fn missing() -> Value {
    json!({"code": 404, "title": "Not Found", "description": "Secret not found."})
}

#[tokio::test]
async fn a_secret_is_kept_read_and_deleted_by_its_id() {
    let server = ScriptedCloud::start().await;
    server.on("POST /key-manager/v1/secrets", 201, json!({"secret_ref": secret(ID, "")["secret_ref"]}));
    let payload = format!("GET /key-manager/v1/secrets/{ID}/payload");
    server.script(
        &payload,
        vec![Answer::text(200, "-----BEGIN").header("content-type", "text/plain"), Answer::json(404, missing())],
    );
    let item = format!("DELETE /key-manager/v1/secrets/{ID}");
    server.script(&item, vec![Answer::text(204, ""), Answer::json(404, missing())]);
    let barbican = barbican(&server);

    assert_eq!(barbican.create_secret("n", &Secret::new("-----BEGIN")).await.unwrap(), ID);
    let sent = &server.seen("POST /key-manager/v1/secrets")[0].body;
    assert_eq!(
        (&sent["name"], &sent["payload"], &sent["payload_content_type"]),
        (&json!("n"), &json!("-----BEGIN"), &json!("text/plain"))
    );
    assert_eq!(barbican.payload(ID).await.unwrap().unwrap().expose(), "-----BEGIN");
    assert_eq!(server.seen(&payload)[0].header("accept"), Some("text/plain"));
    assert_eq!(barbican.payload(ID).await.unwrap(), None);
    barbican.delete_secret(ID).await.unwrap();
    barbican.delete_secret(ID).await.unwrap();
}

#[tokio::test]
async fn a_creation_is_sent_once_and_its_payload_is_in_no_error() {
    let server = ScriptedCloud::start().await;
    let path = "POST /key-manager/v1/secrets";
    server.on(path, 503, json!({"code": 503, "title": "Down", "description": "cannot keep s3cret-payload now"}));
    let error = barbican(&server).create_secret("n", &Secret::new("s3cret-payload")).await.unwrap_err();
    assert_eq!((server.count(path), error.kind()), (1, Kind::Unavailable));
    assert!(error.retry().is_some());
    assert!(!format!("{error} {error:?}").contains("s3cret-payload"));
}

#[tokio::test]
async fn secrets_are_found_by_their_name_on_all_pages() {
    let server = ScriptedCloud::start().await;
    let page = |from: usize, count: usize| {
        let secrets: Vec<Value> =
            (from..from + count).map(|n| secret(&format!("id-{n}"), if n == 3 { "other" } else { "n" })).collect();
        Answer::json(200, json!({"secrets": secrets, "total": 103}))
    };
    server.script("GET /key-manager/v1/secrets", vec![page(0, 100), page(100, 3)]);
    let found = barbican(&server).secrets_named("n").await.unwrap();
    assert_eq!((found.len(), found[0].id.as_str(), found[101].id.as_str()), (102, "id-0", "id-102"));
    let asked: Vec<String> = server.seen("GET /key-manager/v1/secrets").into_iter().map(|seen| seen.query).collect();
    assert_eq!(asked, ["name=n&limit=100&offset=0", "name=n&limit=100&offset=100"]);
}

#[tokio::test]
async fn answers_that_make_no_sense_are_errors() {
    let server = ScriptedCloud::start().await;
    server.on("POST /key-manager/v1/secrets", 201, json!({"secret_ref": "https://x/secrets/.."}));
    server.script("GET /key-manager/v1/secrets/a/payload", vec![Answer::zeros(17 << 20)]);
    // A service that never comes to an end.
    let page: Vec<Value> = (0..100).map(|n| secret(&n.to_string(), "n")).collect();
    server.on("GET /key-manager/v1/secrets", 200, json!({"secrets": page}));
    let barbican = barbican(&server);
    for error in [
        barbican.create_secret("n", &Secret::new("p")).await.map(|_| ()).unwrap_err(),
        barbican.payload("a").await.map(|_| ()).unwrap_err(),
        barbican.secrets_named("n").await.map(|_| ()).unwrap_err(),
    ] {
        assert!(matches!(error, CloudError::Protocol { service: Service::Barbican, .. }), "{error:?}");
    }
    assert_eq!(barbican.payload("..").await.unwrap_err().kind(), Kind::Invalid);
}

#[tokio::test]
async fn a_cloud_without_barbican_says_so_and_retrying_does_not_help() {
    let server = ScriptedCloud::start().await;
    let error = server.session().barbican().create_secret("n", &Secret::new("p")).await.unwrap_err();
    assert!(matches!(error, CloudError::ServiceNotInCatalogue { service: Service::Barbican, .. }), "{error:?}");
    assert_eq!(error.retry(), None);
}
