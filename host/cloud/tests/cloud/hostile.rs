//! Answers meant to do harm.

use jeroboam_cloud::heat::StackId;
use jeroboam_cloud::{CloudError, Kind};
use serde_json::json;

use crate::scripted::{Answer, ScriptedCloud};

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_announced_or_not() {
    for answer in [Answer::zeros(16 * MIB + 1), Answer::chunked_zeros(17 * MIB)] {
        let server = ScriptedCloud::start().await;
        server.script("GET /identity/v3/regions", vec![answer]);
        let error = server.session().keystone().list_regions().await.unwrap_err();
        assert!(matches!(&error, CloudError::Protocol { reason, .. } if reason.contains("16 MiB")), "{error}");
    }
}

#[tokio::test]
async fn a_redirection_takes_no_token_elsewhere() {
    let (server, elsewhere) = (ScriptedCloud::start().await, ScriptedCloud::start().await);
    for status in [301, 302, 303, 307, 308] {
        let there = elsewhere.url.join("/identity/v3/regions").unwrap();
        server.script("GET /identity/v3/regions", vec![Answer::text(status, "").header("location", there.as_str())]);
        let error = server.session().keystone().list_regions().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol, "{status}");
        server.script("DELETE /identity/v3/users/u", vec![Answer::text(status, "").header("location", there.as_str())]);
        let error = server.session().keystone().delete_user("u").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol, "a redirected deletion deletes nothing: {status}");
    }
    assert!(elsewhere.was_left_alone());
}

#[tokio::test]
async fn heats_redirection_is_read_and_not_followed() {
    let (server, elsewhere) = (ScriptedCloud::start().await, ScriptedCloud::start().await);
    let there = elsewhere.url.join("/v1/p1/stacks/web/42").unwrap();
    server.script("GET /heat/v1/p1/stacks/web", vec![Answer::text(302, "").header("location", there.as_str())]);
    let found = server.session().heat().find("web").await.unwrap();
    assert_eq!(found, Some(StackId { name: "web".into(), id: "42".into() }));
    assert!(elsewhere.was_left_alone());
}

#[tokio::test]
async fn heats_redirection_to_what_is_no_stack_is_refused() {
    for location in ["http://x/", "/v1/p1/stacks/web/..%2f..%2fusers", "::"] {
        let server = ScriptedCloud::start().await;
        server.script("GET /heat/v1/p1/stacks/web", vec![Answer::text(302, "").header("location", location)]);
        let error = server.session().heat().find("web").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Protocol, "{location}");
    }
}

#[tokio::test]
async fn a_list_without_an_end_ends() {
    let server = ScriptedCloud::start().await;
    let page = |n: usize| {
        let flavor = json!({"id": format!("f{n}"), "name": "m1", "vcpus": 1, "ram": 1, "disk": 1});
        let body = json!({"flavors": [flavor], "flavors_links": [{"rel": "next", "href": "http://x/"}]});
        Answer::json(200, body)
    };
    server.script("GET /compute/v2.1/flavors/detail", (0..1000).map(page).collect());
    let error = server.session().nova().list_flavors().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Protocol);
    assert!(server.count("GET /compute/v2.1/flavors/detail") <= 200);
}

#[tokio::test]
async fn a_service_that_ignores_the_marker_is_read_once() {
    let server = ScriptedCloud::start().await;
    let flavor = json!({"id": "1", "name": "m1", "vcpus": 1, "ram": 1, "disk": 1});
    let body = json!({"flavors": [flavor], "flavors_links": [{"rel": "next", "href": "http://x/"}]});
    server.on("GET /compute/v2.1/flavors/detail", 200, body);
    assert_eq!(server.session().nova().list_flavors().await.unwrap().len(), 1);
}

#[tokio::test]
async fn names_cannot_reach_other_paths() {
    let server = ScriptedCloud::start().await;
    let session = server.session();
    session.token_info().await.unwrap();
    server.on("GET /compute/v2.1/flavors/detail", 200, json!({"flavors": []}));
    for name in ["../os-keypairs", "..", "a/b", ""] {
        assert_eq!(session.nova().find_flavor(name).await.unwrap_err().kind(), Kind::NotFound, "{name}");
        assert_eq!(session.nova().find_keypair(name).await.unwrap_err().kind(), Kind::NotFound, "{name}");
        assert_eq!(session.heat().find(name).await.unwrap(), None, "{name}");
        assert_eq!(session.keystone().delete_user(name).await.unwrap_err().kind(), Kind::Invalid, "{name}");
    }
}

#[tokio::test]
async fn control_characters_do_not_reach_the_error() {
    let server = ScriptedCloud::start().await;
    let message = format!("bad\u{1b}[2J\nINFO forged line {}", "x".repeat(5000));
    let body = json!({"error": {"code": 400, "title": "Bad Request", "message": message}});
    let answer = Answer::json(400, body).header("x-openstack-request-id", "req-\"><script>");
    server.script("GET /identity/v3/regions", vec![answer]);
    let error = server.session().keystone().list_regions().await.unwrap_err();
    let text = error.to_string();
    assert!(!text.contains(['\u{1b}', '\n']), "{text}");
    assert!(text.len() < 1200, "{}", text.len());
    assert_eq!(error.request_id(), None);
}
