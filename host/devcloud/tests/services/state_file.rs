//! A cloud that is stopped and started again is the same cloud.

use jeroboam_devcloud::{Devcloud, Options, StartError, Who};
use serde_json::json;

use super::support::{Session, id};

#[tokio::test]
async fn objects_tokens_and_passwords_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/cloud.json");
    let options = Options { state: Some(path.clone()), ..Options::default() };
    let cloud = Devcloud::start(options.clone()).await.unwrap();
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, _) = demo.network("kept", "10.0.0.0/24").await;
    let port = demo.port(&network).await;
    demo.post("/key-manager/v1/secrets", json!({"name": "s", "payload": "p"})).await.expect(201);
    let listen = cloud.address();
    cloud.shutdown().await;
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(!written.contains(&demo.token), "the file holds a token");

    let cloud = Devcloud::start(Options { listen, ..options }).await.unwrap();
    let kept = demo.get(&format!("/network/v2.0/ports/{}", id(&port))).await.expect(200);
    assert_eq!(kept["port"]["fixed_ips"], port["fixed_ips"]);
    assert_eq!(demo.get("/key-manager/v1/secrets").await.expect(200)["total"], 1);
    let again = Session::of(&cloud, Who::Demo).await;
    assert_eq!(again.project(), demo.project());
    assert_eq!(again.port(&network).await["fixed_ips"][0]["ip_address"], "10.0.0.3");
    cloud.shutdown().await;
}

#[tokio::test]
async fn the_catalogue_follows_the_cloud_to_another_port() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { state: Some(folder.path().join("cloud.json")), ..Options::default() };
    let first = Devcloud::start(options.clone()).await.unwrap();
    let old = first.address();
    // Held, so that the second cloud cannot get the same port.
    let second = Devcloud::start(Options { state: None, ..options.clone() }).await.unwrap();
    first.shutdown().await;
    let moved = Devcloud::start(options).await.unwrap();
    let demo = Session::of(&moved, Who::Demo).await;
    let catalog = demo.shown["token"]["catalog"].to_string();
    assert!(catalog.contains(&moved.address().to_string()));
    assert!(moved.address() == old || !catalog.contains(&format!("{old}/")));
    second.shutdown().await;
    moved.shutdown().await;
}

#[tokio::test]
async fn a_file_that_is_no_snapshot_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud.json");
    std::fs::write(&path, "{}").unwrap();
    let refused = Devcloud::start(Options { state: Some(path.clone()), ..Options::default() }).await.err().unwrap();
    assert!(matches!(refused, StartError::Snapshot { .. }), "{refused}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let cloud = Devcloud::start(Options::default()).await.unwrap();
    let refused = Devcloud::start(Options { listen: cloud.address(), ..Options::default() }).await.err().unwrap();
    assert!(refused.to_string().contains(&cloud.address().to_string()));
}
