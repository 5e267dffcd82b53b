//! What becomes of each service's errors.

use jeroboam_cloud::heat::{StackId, StackRequest};
use jeroboam_cloud::{CloudError, Kind, Refusal, Service};
use serde_json::json;

use crate::scripted::{Answer, ScriptedCloud};

const REQUEST: &str = "req-11111111-2222-4333-8444-555555555555";

fn refusal(error: CloudError) -> Refusal {
    match error {
        CloudError::Refused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn heats_error_keeps_who_what_and_why() {
    let server = ScriptedCloud::start().await;
    let body = json!({"code": 400, "title": "Bad Request", "explanation": "The server could not comply.",
        "error": {"type": "HOTParameterValidationFailed", "message": "Property error:\n flavor", "traceback": null}});
    server.script("POST /heat/v1/p1/stacks", vec![Answer::json(400, body).header("x-openstack-request-id", REQUEST)]);
    let error = server.session().heat().create("web", &StackRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(error.retry(), None);
    assert_eq!(error.to_string(), format!("Heat refused to create stack: Property error: flavor (HTTP 400, {REQUEST})"));
    let refusal = refusal(error);
    assert_eq!((refusal.service, refusal.operation), (Service::Heat, "create stack"));
    assert_eq!(refusal.code.as_deref(), Some("HOTParameterValidationFailed"));
    assert_eq!(refusal.request_id.as_deref(), Some(REQUEST));
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    let quota = json!({"forbidden": {"code": 403, "message": "Quota exceeded for instances"}});
    let over = json!({"overLimit": {"code": 413, "message": "VolumeLimitExceeded"}});
    let plain = |name: &str, code: u16| json!({name: {"code": code, "message": "no"}});
    let cases = [
        (400, plain("badRequest", 400), Kind::Invalid),
        (403, plain("forbidden", 403), Kind::Denied),
        (403, quota, Kind::Quota),
        (404, plain("itemNotFound", 404), Kind::NotFound),
        (409, plain("conflictingRequest", 409), Kind::Conflict),
        (413, over, Kind::Quota),
        (500, plain("computeFault", 500), Kind::Unavailable),
    ];
    for (status, body, kind) in cases {
        let server = ScriptedCloud::start().await;
        server.on("GET /compute/v2.1/servers/detail", status, body);
        let error = server.session().nova().list_servers().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test]
async fn neutrons_quota_is_a_quota_although_it_is_a_conflict() {
    let server = ScriptedCloud::start().await;
    let body = json!({"NeutronError": {"type": "OverQuota", "message": "exceeded for resources", "detail": ""}});
    server.on("GET /network/v2.0/floatingips", 409, body);
    let error = server.session().neutron().list_floating_ips(&Default::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Quota);
}

#[tokio::test]
async fn what_is_not_there_is_deleted() {
    let server = ScriptedCloud::start().await;
    let keystone = json!({"error": {"code": 404, "title": "Not Found", "message": "Could not find user: u."}});
    server.on("DELETE /identity/v3/users/u", 404, keystone.clone());
    server.on("DELETE /identity/v3/OS-TRUST/trusts/t", 404, keystone);
    server.on(
        "DELETE /network/v2.0/floatingips/f",
        404,
        json!({"NeutronError": {"type": "FloatingIPNotFound", "message": "m", "detail": ""}}),
    );
    let session = server.session();
    session.keystone().delete_user("u").await.unwrap();
    session.keystone().delete_trust("t").await.unwrap();
    session.neutron().delete_floating_ip("f").await.unwrap();
}

#[tokio::test]
async fn a_proxys_not_found_deletes_nothing() {
    let server = ScriptedCloud::start().await;
    let page = Answer::text(404, "<html><body><h1>404 Not Found</h1></body></html>");
    server.script("DELETE /heat/v1/p1/stacks/web/42", vec![page]);
    let stack = StackId { name: "web".into(), id: "42".into() };
    let error = server.session().heat().delete(&stack).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol);
    assert!(!refusal(error).recognised);
}

#[tokio::test]
async fn an_answer_without_what_it_should_have_is_a_protocol_error() {
    for body in ["", "{}", "[1]", r#"{"regions": 3}"#, r#"{"regions": [{"id": 1}]}"#, "\u{0}\u{1}"] {
        let server = ScriptedCloud::start().await;
        server.script("GET /identity/v3/regions", vec![Answer::text(200, body)]);
        let error = server.session().keystone().list_regions().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol, "{body}: {error}");
    }
}
