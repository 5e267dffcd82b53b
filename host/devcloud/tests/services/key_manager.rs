//! Secrets and containers.

use jeroboam_devcloud::{Devcloud, Who};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Session, cloud};

fn path(answer: &Value, key: &str) -> String {
    format!("/key-manager{}", answer[key].as_str().unwrap().split_once("/key-manager").unwrap().1)
}

#[tokio::test]
async fn a_payload_is_given_out_on_request_and_never_shown_beside() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let made = demo
        .post("/key-manager/v1/secrets/", json!({"name": "s", "payload": "hush", "payload_content_type": "text/plain"}))
        .await
        .expect(201);
    let secret = path(&made, "secret_ref");
    let shown = demo.get(&secret).await;
    assert!(!shown.text.contains("hush"));
    let shown = shown.expect(200);
    assert_eq!((&shown["secret_ref"], &shown["status"]), (&made["secret_ref"], &json!("ACTIVE")));
    let payload = demo.call(Method::GET, &format!("{secret}/payload"), None, &[("Accept", "text/plain")]).await;
    assert_eq!((payload.status, payload.text.as_str()), (200, "hush"));
    let reader = Session::named(&cloud, "demo_reader", "demo").await;
    reader.get(&format!("{secret}/payload")).await.expect(403);
    demo.delete(&secret).await.expect(204);
    demo.get(&format!("{secret}/payload")).await.expect(404);
}

#[tokio::test]
async fn a_container_holds_secrets_and_knows_its_consumers() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let secret = demo.post("/key-manager/v1/secrets", json!({"payload": "key"})).await.expect(201);
    let container = |reference: &Value| json!({"type": "certificate", "name": "c", "secret_refs": [{"name": "private_key", "secret_ref": reference}]});
    demo.post("/key-manager/v1/containers", container(&json!("http://elsewhere/secrets/gone"))).await.expect(404);
    let made = demo.post("/key-manager/v1/containers", container(&secret["secret_ref"])).await.expect(201);
    let container = path(&made, "container_ref");
    let consumer = json!({"name": "magnum", "URL": "cluster/1"});
    let consumers = format!("{container}/consumers");
    assert_eq!(demo.post(&consumers, consumer.clone()).await.expect(200)["consumers"], json!([consumer]));
    demo.call(Method::DELETE, &consumers, Some(consumer.clone()), &[]).await.expect(200);
    demo.call(Method::DELETE, &consumers, Some(consumer), &[]).await.expect(404);
    demo.delete(&container).await.expect(204);
}

#[tokio::test]
async fn an_expired_secret_is_gone() {
    let cloud: Devcloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    demo.post("/key-manager/v1/secrets", json!({"payload": "p", "expiration": "2001-01-01T00:00:00"})).await.expect(400);
    let made =
        demo.post("/key-manager/v1/secrets", json!({"payload": "p", "expiration": "2999-01-01T00:00:00"})).await.expect(201);
    super::support::advance(&cloud, 1000 * 366 * 86_400).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    demo.get(&path(&made, "secret_ref")).await.expect(404);
}
