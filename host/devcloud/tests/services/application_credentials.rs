//! Application credentials.

use jeroboam_devcloud::{Devcloud, Who};
use serde_json::{Value, json};

use super::support::{Session, authenticate, cloud, id};

async fn credential(demo: &Session, unrestricted: bool) -> Value {
    let path = format!("/identity/v3/users/{}/application_credentials", demo.user());
    let request =
        json!({"application_credential": {"name": "robot", "roles": [{"name": "member"}], "unrestricted": unrestricted}});
    demo.post(&path, request).await.expect(201)["application_credential"].clone()
}

fn login(credential: &Value) -> Value {
    json!({"methods": ["application_credential"], "application_credential": {"id": credential["id"], "secret": credential["secret"]}})
}

async fn trust_as(cloud: &Devcloud, unrestricted: bool) -> u16 {
    let demo = Session::of(cloud, Who::Demo).await;
    let credential = credential(&demo, unrestricted).await;
    let robot = Session::with(cloud, login(&credential), None).await;
    let other = Session::named(cloud, "alt_demo", "alt_demo").await;
    let trust = json!({"trust": {"trustor_user_id": demo.user(), "trustee_user_id": other.user(), "impersonation": true,
        "project_id": demo.project(), "roles": [{"name": "member"}]}});
    robot.post("/identity/v3/OS-TRUST/trusts", trust).await.status
}

#[tokio::test]
async fn it_logs_in_to_its_project_with_its_roles() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let credential = credential(&demo, false).await;
    let robot = Session::with(&cloud, login(&credential), None).await;
    assert_eq!(robot.project(), demo.project());
    let roles = robot.shown["token"]["roles"].to_string();
    assert!(roles.contains("member") && !roles.contains("creator"), "{roles}");
    assert_eq!(robot.shown["token"]["application_credential"]["restricted"], true);
}

#[tokio::test]
async fn its_secret_is_shown_once_and_must_be_right() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let mut credential = credential(&demo, false).await;
    let path = format!("/identity/v3/users/{}/application_credentials/{}", demo.user(), id(&credential));
    assert!(demo.get(&path).await.expect(200)["application_credential"].get("secret").is_none());
    credential["secret"] = json!("wrong");
    authenticate(&cloud, login(&credential), None).await.expect(401);
}

#[tokio::test]
async fn a_restricted_one_makes_no_trusts_and_an_unrestricted_one_does() {
    assert_eq!(trust_as(&cloud().await, false).await, 403);
    assert_eq!(trust_as(&cloud().await, true).await, 201);
}

#[tokio::test]
async fn a_deleted_one_ends_its_tokens() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let credential = credential(&demo, false).await;
    let robot = Session::with(&cloud, login(&credential), None).await;
    robot.get("/network/v2.0/networks").await.expect(200);
    let path = format!("/identity/v3/users/{}/application_credentials/{}", demo.user(), id(&credential));
    robot.delete(&path).await.expect(403);
    demo.delete(&path).await.expect(204);
    robot.get("/network/v2.0/networks").await.expect(401);
    authenticate(&cloud, login(&credential), None).await.expect(401);
}
