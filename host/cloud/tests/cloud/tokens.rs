//! One token for each identity: cached, fetched once, renewed in time.

use futures::future::join_all;
use jeroboam_cloud::{CloudError, DomainRef, Identity, Kind, Scope, Secret, UserRef};
use serde_json::json;

use crate::scripted::{Answer, ISSUED, LATER, PASSWORD, ScriptedCloud, service_user};

const AUTH: &str = "POST /identity/v3/auth/tokens";
const REGIONS: &str = "GET /identity/v3/regions";

fn rejected() -> Answer {
    Answer::json(
        401,
        json!({"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}),
    )
}

fn regions() -> Answer {
    Answer::json(200, json!({"regions": [{"id": "RegionOne", "description": "", "parent_region_id": null}]}))
}

#[tokio::test]
async fn a_token_serves_many_calls_and_all_equal_sessions() {
    let server = ScriptedCloud::start().await;
    server.script(REGIONS, vec![regions()]);
    let cloud = server.cloud();
    for _ in 0..3 {
        cloud.session(service_user()).keystone().list_regions().await.unwrap();
    }
    assert_eq!(server.count(AUTH), 1);
    assert_eq!(server.count(REGIONS), 3);
    assert!(server.seen(REGIONS).iter().all(|seen| seen.header("x-auth-token") == Some("token-1")));
}

#[tokio::test]
async fn callers_that_need_a_token_at_once_wait_for_one_request() {
    let server = ScriptedCloud::start().await;
    server.script(REGIONS, vec![regions()]);
    let session = server.session();
    let outcomes = join_all((0..20).map(|_| async { session.keystone().list_regions().await })).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(server.count(AUTH), 1);
}

#[tokio::test]
async fn callers_that_wait_together_fail_together() {
    let server = ScriptedCloud::start().await;
    server.script(AUTH, vec![rejected()]);
    let session = server.session();
    let outcomes = join_all((0..20).map(|_| async { session.keystone().list_regions().await })).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap_err().kind() == Kind::Unauthenticated));
    assert_eq!(server.count(AUTH), 1);
    session.keystone().list_regions().await.unwrap_err();
    assert_eq!(server.count(AUTH), 2, "a later call tries again");
}

#[tokio::test]
async fn a_token_at_its_end_is_replaced_before_the_call() {
    let server = ScriptedCloud::start().await;
    server.script(AUTH, vec![server.token_answer("short", ISSUED), server.token_answer("long", LATER)]);
    server.script(REGIONS, vec![regions()]);
    let session = server.session();
    for _ in 0..3 {
        session.keystone().list_regions().await.unwrap();
    }
    let used: Vec<_> = server.seen(REGIONS).iter().map(|seen| seen.header("x-auth-token").unwrap().to_owned()).collect();
    assert_eq!(used, ["short", "long", "long"]);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once() {
    let server = ScriptedCloud::start().await;
    server.script(REGIONS, vec![rejected(), regions()]);
    server.session().keystone().list_regions().await.unwrap();
    let used: Vec<_> = server.seen(REGIONS).iter().map(|seen| seen.header("x-auth-token").unwrap().to_owned()).collect();
    assert_eq!(used, ["token-1", "token-2"]);

    let server = ScriptedCloud::start().await;
    server.script(REGIONS, vec![rejected()]);
    let error = server.session().keystone().list_regions().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthenticated);
    assert_eq!((server.count(AUTH), server.count(REGIONS)), (2, 2));
}

#[tokio::test]
async fn a_rejected_creation_is_sent_again_with_another_token() {
    let server = ScriptedCloud::start().await;
    let created = Answer::json(201, json!({"stack": {"id": "42", "links": []}}));
    server.script("POST /heat/v1/p1/stacks", vec![rejected(), created]);
    server.session().heat().create("web", &Default::default()).await.unwrap();
    assert_eq!(server.count("POST /heat/v1/p1/stacks"), 2);
}

#[tokio::test]
async fn callers_rejected_together_get_one_new_token() {
    let server = ScriptedCloud::start().await;
    let session = server.session();
    session.token_info().await.unwrap();
    server.script(&format!("{REGIONS} as token-1"), vec![rejected()]);
    server.script(REGIONS, vec![regions()]);
    let outcomes = join_all((0..8).map(|_| async { session.keystone().list_regions().await })).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(server.count(AUTH), 2);
}

#[tokio::test]
async fn a_callers_token_is_used_as_it_is_and_never_replaced() {
    let server = ScriptedCloud::start().await;
    server.on("GET /identity/v3/auth/tokens", 200, server.token_body(LATER));
    server.script("GET /heat/v1/p1/stacks", vec![rejected()]);
    let session = server.cloud().session(Identity::Token(Secret::new("callers")));
    let error = session.heat().list(&Default::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthenticated);
    assert_eq!(server.count(AUTH), 0);
    let examined = &server.seen("GET /identity/v3/auth/tokens")[0];
    assert_eq!(examined.header("x-auth-token"), Some("callers"));
    assert_eq!(examined.header("x-subject-token"), Some("callers"));
    assert_eq!(server.seen("GET /heat/v1/p1/stacks")[0].header("x-auth-token"), Some("callers"));
}

#[tokio::test]
async fn a_missing_trust_does_not_read_as_a_missing_object() {
    let server = ScriptedCloud::start().await;
    let body = json!({"error": {"code": 404, "title": "Not Found", "message": "Could not find trust: t1."}});
    server.on(AUTH, 404, body);
    let trustee = Identity::Trust { trustee_user_id: "u9".into(), password: Secret::new("x"), trust_id: "t1".into() };
    let session = server.cloud().session(trustee);
    let stack = jeroboam_cloud::heat::StackId { name: "web".into(), id: "42".into() };
    let error = session.heat().delete(&stack).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthenticated);
    assert!(matches!(&error, CloudError::Authentication { who, .. } if who.contains("t1")), "{error:?}");
}

#[tokio::test]
async fn a_forgotten_identity_asks_for_another_token() {
    let server = ScriptedCloud::start().await;
    let cloud = server.cloud();
    cloud.session(service_user()).token_info().await.unwrap();
    cloud.forget(&service_user());
    cloud.session(service_user()).token_info().await.unwrap();
    assert_eq!(server.count(AUTH), 2);
}

#[tokio::test]
async fn identities_are_written_as_keystone_reads_them() {
    let server = ScriptedCloud::start().await;
    let cloud = server.cloud();
    let admin = |scope| Identity::Password { user: UserRef::Id("u7".into()), password: Secret::new("x"), scope };
    cloud.session(service_user()).token_info().await.unwrap();
    cloud.session(admin(Scope::Domain(DomainRef::Id("magnum".into())))).token_info().await.unwrap();
    cloud.session(admin(Scope::Unscoped)).token_info().await.unwrap();
    let trustee = Identity::Trust { trustee_user_id: "u9".into(), password: Secret::new("y"), trust_id: "t1".into() };
    cloud.session(trustee).token_info().await.unwrap();
    let bodies: Vec<_> = server.seen(AUTH).into_iter().map(|seen| seen.body).collect();
    let password = |user| json!({"methods": ["password"], "password": {"user": user}});
    let domain = json!({"name": "Default"});
    assert_eq!(
        bodies,
        [
            json!({"auth": {
                "identity": password(json!({"name": "magnum", "domain": domain, "password": PASSWORD})),
                "scope": {"project": {"name": "service", "domain": domain}},
            }}),
            json!({"auth": {
                "identity": password(json!({"id": "u7", "password": "x"})),
                "scope": {"domain": {"id": "magnum"}},
            }}),
            json!({"auth": {"identity": password(json!({"id": "u7", "password": "x"})), "scope": "unscoped"}}),
            json!({"auth": {
                "identity": password(json!({"id": "u9", "password": "y"})),
                "scope": {"OS-TRUST:trust": {"id": "t1"}},
            }}),
        ]
    );
}
