//! Tokens: what they say, and when they stop saying it.

use std::time::Duration;

use jeroboam_devcloud::{Credentials, Devcloud, Options, Who};
use reqwest::Method;
use serde_json::json;

use super::support::{Session, advance, authenticate, cloud, password, scope};

#[tokio::test]
async fn a_project_token_names_the_user_the_project_the_roles_and_the_services() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let token = &demo.shown["token"];
    assert_eq!(token["user"]["name"], "demo");
    assert_eq!(token["project"]["domain"]["name"], "Default");
    let roles: Vec<&str> = token["roles"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert!(roles.contains(&"member") && roles.contains(&"reader") && !roles.contains(&"admin"), "{roles:?}");
    let volume = token["catalog"].as_array().unwrap().iter().find(|service| service["type"] == "block-storage").unwrap();
    let url = volume["endpoints"][0]["url"].as_str().unwrap();
    assert_eq!(url, format!("http://{}/volume/v3/{}", cloud.address(), demo.project()));
}

#[tokio::test]
async fn the_administrator_has_the_implied_roles_too() {
    let cloud = cloud().await;
    let admin = Session::of(&cloud, Who::Admin).await;
    let roles = admin.shown["token"]["roles"].to_string();
    for role in ["admin", "manager", "member", "reader"] {
        assert!(roles.contains(&format!("\"{role}\"")), "{role} is not in {roles}");
    }
}

#[tokio::test]
async fn wrong_passwords_unknown_users_and_foreign_projects_are_refused_alike() {
    let cloud = cloud().await;
    let demo = cloud.credentials(Who::Demo);
    let wrong = Credentials { password: "wrong".to_owned(), ..demo.clone() };
    let unknown = Credentials { username: "nobody".to_owned(), ..demo.clone() };
    let foreign = Credentials { project_name: Some("alt_demo".to_owned()), ..demo };
    for credentials in [wrong, unknown, foreign] {
        let answer = authenticate(&cloud, password(&credentials), Some(scope(&credentials))).await;
        let body = answer.expect(401);
        assert_eq!(body["error"]["message"], "The request you have made requires authentication.");
        assert_eq!(body["error"]["code"], 401);
    }
}

#[tokio::test]
async fn a_service_can_validate_a_token_and_leave_the_catalogue_out() {
    let cloud = cloud().await;
    let (service, demo) = (Session::of(&cloud, Who::Service).await, Session::of(&cloud, Who::Demo).await);
    let shown = service.validate(&demo.token).await;
    assert_eq!(shown.headers["x-subject-token"], demo.token.as_str());
    let shown = shown.expect(200);
    assert_eq!(shown["token"]["user"], demo.shown["token"]["user"]);
    assert!(shown["token"].get("catalog").is_some());
    let headers = [("X-Subject-Token", demo.token.as_str())];
    let brief = service.call(Method::GET, "/identity/v3/auth/tokens?nocatalog", None, &headers).await.expect(200);
    assert!(brief["token"].get("catalog").is_none());
    assert_eq!(service.call(Method::HEAD, "/identity/v3/auth/tokens", None, &headers).await.status, 200);
}

#[tokio::test]
async fn users_may_validate_their_own_tokens_only() {
    let cloud = cloud().await;
    let (demo, other) = (Session::of(&cloud, Who::Demo).await, Session::named(&cloud, "alt_demo", "alt_demo").await);
    demo.validate(&demo.token).await.expect(200);
    other.validate(&demo.token).await.expect(403);
}

#[tokio::test]
async fn a_token_ends_with_its_lifetime() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    demo.get("/network/v2.0/networks").await.expect(200);
    advance(&cloud, 3601).await;
    let refused = demo.get("/network/v2.0/networks").await;
    assert!(refused.headers["www-authenticate"].to_str().unwrap().starts_with("Keystone uri="));
    refused.expect(401);
    let service = Session::of(&cloud, Who::Service).await;
    service.validate(&demo.token).await.expect(404);
}

#[tokio::test]
async fn the_lifetime_can_be_set_even_to_nothing() {
    let options = Options { token_lifetime: Duration::ZERO, ..Options::default() };
    let cloud = Devcloud::start(options).await.unwrap();
    let demo = Session::of(&cloud, Who::Demo).await;
    demo.get("/network/v2.0/networks").await.expect(401);
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let revoked = demo.call(Method::DELETE, "/identity/v3/auth/tokens", None, &[("X-Subject-Token", demo.token.as_str())]).await;
    assert_eq!(revoked.status, 204);
    demo.get("/compute/v2.1/servers").await.expect(401);
}

#[tokio::test]
async fn tokens_end_with_their_user_and_with_a_change_of_password() {
    let cloud = cloud().await;
    let (admin, demo) = (Session::of(&cloud, Who::Admin).await, Session::of(&cloud, Who::Demo).await);
    let path = format!("/identity/v3/users/{}", demo.user());
    let change = json!({"user": {"original_password": "wrong", "password": "new"}});
    demo.post(&format!("{path}/password"), change).await.expect(401);
    let old = cloud.credentials(Who::Demo).password;
    let change = json!({"user": {"original_password": old, "password": "new"}});
    demo.post(&format!("{path}/password"), change).await.expect(204);
    demo.get("/identity/v3/auth/projects").await.expect(401);
    let credentials = Credentials { password: "new".to_owned(), ..cloud.credentials(Who::Demo) };
    let again = Session::with(&cloud, password(&credentials), Some(scope(&credentials))).await;
    admin.delete(&path).await.expect(204);
    again.get("/identity/v3/auth/projects").await.expect(401);
}

#[tokio::test]
async fn losing_the_role_ends_the_token() {
    let cloud = cloud().await;
    let (admin, reader) = (Session::of(&cloud, Who::Admin).await, Session::named(&cloud, "demo_reader", "demo").await);
    let roles = admin.get("/identity/v3/roles?name=reader").await.expect(200);
    let role = roles["roles"][0]["id"].as_str().unwrap();
    let path = format!("/identity/v3/projects/{}/users/{}/roles/{role}", reader.project(), reader.user());
    admin.delete(&path).await.expect(204);
    reader.get("/network/v2.0/networks").await.expect(401);
}

#[tokio::test]
async fn an_unscoped_token_opens_keystone_only_and_can_be_scoped() {
    let cloud = cloud().await;
    let credentials = cloud.credentials(Who::Demo);
    let unscoped = Session::with(&cloud, password(&credentials), None).await;
    assert!(unscoped.shown["token"].get("project").is_none() && unscoped.shown["token"].get("catalog").is_none());
    unscoped.get("/network/v2.0/networks").await.expect(403);
    let projects = unscoped.get("/identity/v3/auth/projects").await.expect(200);
    assert_eq!(projects["projects"][0]["name"], "demo");
    let exchange = json!({"methods": ["token"], "token": {"id": unscoped.token}});
    let scoped = Session::with(&cloud, exchange, Some(scope(&credentials))).await;
    assert_eq!(scoped.shown["token"]["project"]["name"], "demo");
    assert_eq!(scoped.shown["token"]["expires_at"], unscoped.shown["token"]["expires_at"]);
    assert_eq!(scoped.shown["token"]["methods"], json!(["password", "token"]));
}

#[tokio::test]
async fn the_administrator_of_the_trustee_domain_manages_its_users_and_no_others() {
    let cloud = cloud().await;
    let admin = Session::of(&cloud, Who::TrusteeDomainAdmin).await;
    let domain = admin.shown["token"]["domain"]["id"].as_str().unwrap().to_owned();
    let user = json!({"user": {"name": "trustee", "password": "secret", "domain_id": domain}});
    let made = admin.post("/identity/v3/users", user.clone()).await.expect(201);
    assert!(!made.to_string().contains("secret"));
    admin.post("/identity/v3/users", user).await.expect(409);
    let stranger = json!({"user": {"name": "stranger", "domain_id": "default"}});
    admin.post("/identity/v3/users", stranger).await.expect(403);
    admin.get("/identity/v3/users?domain_id=default").await.expect(403);
    let listed = admin.get(&format!("/identity/v3/users?domain_id={domain}&name=trustee")).await.expect(200);
    assert_eq!(listed["users"].as_array().unwrap().len(), 1);
    let path = format!("/identity/v3/users/{}", made["user"]["id"].as_str().unwrap());
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.expect(403);
    Session::of(&cloud, Who::Admin).await.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_token_that_nobody_issued_is_refused() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    demo.with_token("invented").get("/image/v2/images").await.expect(401);
    Session::of(&cloud, Who::Service).await.validate("invented").await.expect(404);
}
