//! Tokens, trustees and trusts.

use jeroboam_cloud::keystone::{AccessRule, NewTrust, NewUser, TokenScope};
use jeroboam_cloud::{Kind, Secret};
use serde_json::{Value, json};

use crate::scripted::{ISSUED, LATER, ScriptedCloud};

fn not_found() -> Value {
    json!({"error": {"code": 404, "title": "Not Found", "message": "Could not find it."}})
}

fn conflict() -> Value {
    json!({"error": {"code": 409, "title": "Conflict", "message": "Duplicate entry."}})
}

#[tokio::test]
async fn a_token_is_validated_as_the_service() {
    let server = ScriptedCloud::start().await;
    server.on(
        "GET /identity/v3/auth/tokens",
        200,
        json!({"token": {
            "methods": ["application_credential"],
            "user": {"id": "u2", "name": "alice", "domain": {"id": "d1", "name": "People"}},
            "project": {"id": "p2", "name": "web", "domain": {"id": "d2", "name": "Projects"}},
            "roles": [{"id": "r1", "name": "member"}, {"id": "r2", "name": "reader"}],
            "is_admin_project": false,
            "issued_at": ISSUED, "expires_at": LATER, "audit_ids": ["a", "b"],
            "OS-TRUST:trust": {"id": "t1", "impersonation": true, "trustor_user": {"id": "u2"}, "trustee_user": {"id": "u9"}},
            "application_credential": {"id": "ac", "name": "ci", "restricted": true,
                "access_rules": [{"id": "1", "service": "container-infra", "method": "GET", "path": "/v1/clusters"}]},
        }}),
    );
    let token = server.session().keystone().validate_token(&Secret::new("alices")).await.unwrap().unwrap();
    assert_eq!((token.user.name.as_str(), token.user.domain.name.as_str()), ("alice", "People"));
    let project = token.project().unwrap();
    assert_eq!((project.id.as_str(), project.domain.id.as_str()), ("p2", "d2"));
    assert_eq!(token.role_names().collect::<Vec<_>>(), ["member", "reader"]);
    assert!(!token.is_admin_project);
    assert_eq!((token.expires_at - token.issued_at).whole_hours(), 2);
    assert_eq!(token.audit_ids, ["a", "b"]);
    let trust = token.trust.unwrap();
    assert_eq!((trust.trustor_user_id.as_str(), trust.trustee_user_id.as_str()), ("u2", "u9"));
    let credential = token.application_credential.unwrap();
    assert!(credential.restricted);
    let rule = AccessRule { service: "container-infra".into(), method: "GET".into(), path: "/v1/clusters".into() };
    assert_eq!(credential.access_rules, Some(vec![rule]));
    assert_eq!(token.catalog, None);

    let asked = &server.seen("GET /identity/v3/auth/tokens")[0];
    assert_eq!(asked.header("x-auth-token"), Some("token-1"));
    assert_eq!(asked.header("x-subject-token"), Some("alices"));
    assert_eq!(asked.header("openstack-identity-access-rules"), Some("1"));
    assert!(asked.query.contains("nocatalog"), "{}", asked.query);
}

#[tokio::test]
async fn the_scope_of_a_token_is_one_of_four() {
    let server = ScriptedCloud::start().await;
    let keystone = server.session().keystone();
    let mut body = server.token_body(LATER);
    let token = body["token"].as_object_mut().unwrap();
    token.remove("project");
    let scope = |name: &str, value: Value| {
        let mut body = body.clone();
        body["token"][name] = value;
        server.on("GET /identity/v3/auth/tokens", 200, body);
    };
    scope("domain", json!({"id": "d1", "name": "magnum"}));
    let domain = keystone.validate_token(&Secret::new("x")).await.unwrap().unwrap();
    assert!(matches!(&domain.scope, TokenScope::Domain(domain) if domain.id == "d1"), "{domain:?}");
    scope("system", json!({"all": true}));
    let system = keystone.validate_token(&Secret::new("x")).await.unwrap().unwrap();
    assert_eq!(system.scope, TokenScope::System);
    scope("methods", json!(["token"]));
    let unscoped = keystone.validate_token(&Secret::new("x")).await.unwrap().unwrap();
    assert_eq!(unscoped.scope, TokenScope::Unscoped);
    assert!(unscoped.is_admin_project, "where Keystone does not know of such a project");
}

#[tokio::test]
async fn an_unknown_token_is_nothing_and_not_an_error() {
    let server = ScriptedCloud::start().await;
    server.on("GET /identity/v3/auth/tokens", 404, not_found());
    let keystone = server.session().keystone();
    assert_eq!(keystone.validate_token(&Secret::new("unknown")).await.unwrap(), None);
    assert_eq!(keystone.validate_token(&Secret::new("line\nbreak")).await.unwrap(), None);
    assert_eq!(server.count("GET /identity/v3/auth/tokens"), 1, "what cannot be a token is not asked about");
}

#[tokio::test]
async fn a_trustee_is_created_found_and_deleted() {
    let server = ScriptedCloud::start().await;
    let user = json!({"id": "u9", "name": "c1_p1", "domain_id": "d1", "enabled": true});
    server.on("POST /identity/v3/users", 201, json!({"user": user}));
    server.on("GET /identity/v3/users", 200, json!({"users": [user]}));
    server.on("DELETE /identity/v3/users/u9", 204, Value::Null);
    let keystone = server.session().keystone();
    let new = NewUser {
        name: "c1_p1".into(),
        domain_id: "d1".into(),
        password: Secret::new("pa55"),
        description: "trustee of c1".into(),
    };
    assert_eq!(keystone.create_user(&new).await.unwrap().id, "u9");
    let sent = &server.seen("POST /identity/v3/users")[0].body["user"];
    assert_eq!((&sent["password"], &sent["domain_id"], &sent["enabled"]), (&json!("pa55"), &json!("d1"), &json!(true)));
    assert_eq!(keystone.find_user("d1", "c1_p1").await.unwrap().unwrap().id, "u9");
    assert_eq!(server.seen("GET /identity/v3/users")[0].query, "domain_id=d1&name=c1_p1");
    assert_eq!(keystone.find_user("d1", "other").await.unwrap(), None, "whatever the filter let through");
    keystone.delete_user("u9").await.unwrap();

    server.on("POST /identity/v3/users", 409, conflict());
    assert_eq!(keystone.create_user(&new).await.unwrap_err().kind(), Kind::Conflict);
}

#[tokio::test]
async fn a_trust_lends_named_roles_without_an_end() {
    let server = ScriptedCloud::start().await;
    let trust = json!({"id": "t1", "trustor_user_id": "u1", "trustee_user_id": "u9", "project_id": "p1",
                       "impersonation": true, "expires_at": null});
    server.on("POST /identity/v3/OS-TRUST/trusts", 201, json!({"trust": trust}));
    server.on("GET /identity/v3/OS-TRUST/trusts", 200, json!({"trusts": [trust]}));
    server.on("GET /identity/v3/OS-TRUST/trusts/gone", 404, not_found());
    let keystone = server.session().keystone();
    let new = NewTrust {
        trustor_user_id: "u1".into(),
        trustee_user_id: "u9".into(),
        project_id: "p1".into(),
        roles: vec!["member".into()],
    };
    let made = keystone.create_trust(&new).await.unwrap();
    assert_eq!((made.id.as_str(), made.expires_at), ("t1", None));
    let sent = &server.seen("POST /identity/v3/OS-TRUST/trusts")[0].body["trust"];
    assert_eq!(sent["roles"], json!([{"name": "member"}]));
    assert_eq!((&sent["impersonation"], &sent["allow_redelegation"]), (&json!(true), &json!(false)));
    assert_eq!(keystone.list_trusts_of_trustee("u9").await.unwrap(), [made]);
    assert_eq!(server.seen("GET /identity/v3/OS-TRUST/trusts")[0].query, "trustee_user_id=u9");
    assert_eq!(keystone.trust("gone").await.unwrap(), None);
}

#[tokio::test]
async fn a_domain_is_found_by_id_or_by_name() {
    let server = ScriptedCloud::start().await;
    let domain = json!({"id": "d1", "name": "magnum", "enabled": true});
    server.on("GET /identity/v3/domains/d1", 200, json!({"domain": domain}));
    server.on("GET /identity/v3/domains/magnum", 404, not_found());
    server.on("GET /identity/v3/domains/none", 404, not_found());
    server.on("GET /identity/v3/domains", 200, json!({"domains": [domain]}));
    let keystone = server.session().keystone();
    assert_eq!(keystone.find_domain("d1").await.unwrap().name, "magnum");
    assert_eq!(keystone.find_domain("magnum").await.unwrap().id, "d1");
    assert_eq!(keystone.find_domain("none").await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn the_id_of_the_api_request_goes_along() {
    let server = ScriptedCloud::start().await;
    server.on("GET /identity/v3/regions", 200, json!({"regions": []}));
    let id = "req-11111111-2222-4333-8444-555555555555";
    let session = server.session();
    session.with_request_id(id).keystone().list_regions().await.unwrap();
    session.with_request_id("req-\r\nX-Auth-Token: forged").keystone().list_regions().await.unwrap();
    session.keystone().list_regions().await.unwrap();
    let seen = server.seen("GET /identity/v3/regions");
    let ids: Vec<_> = seen.iter().map(|seen| seen.header("x-openstack-request-id")).collect();
    assert_eq!(ids, [Some(id), None, None]);
    assert_eq!(server.seen("POST /identity/v3/auth/tokens")[0].header("x-openstack-request-id"), Some(id));
}
