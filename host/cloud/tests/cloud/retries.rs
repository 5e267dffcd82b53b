//! What may be repeated is; what may not is sent once.

use std::time::Duration;

use jeroboam_cloud::heat::{StackId, StackRequest, Update};
use jeroboam_cloud::{Cloud, Kind, Timeouts};
use serde_json::json;

use crate::scripted::{Answer, LATER, ScriptedCloud, service_user};

const STACK: &str = "/heat/v1/p1/stacks/web/42";

fn web() -> StackId {
    StackId { name: "web".into(), id: "42".into() }
}

fn busy(status: u16) -> Answer {
    Answer::text(status, "<html>busy</html>")
}

#[tokio::test]
async fn a_read_is_repeated_until_it_succeeds() {
    for status in [429, 502, 503, 504] {
        let server = ScriptedCloud::start().await;
        let regions = Answer::json(200, json!({"regions": []}));
        server.script("GET /identity/v3/regions", vec![busy(status), busy(status), regions]);
        server.session().keystone().list_regions().await.unwrap();
        assert_eq!(server.count("GET /identity/v3/regions"), 3, "{status}");
    }
}

#[tokio::test]
async fn repetition_has_an_end() {
    let server = ScriptedCloud::start().await;
    server.script("GET /identity/v3/regions", vec![busy(503)]);
    let error = server.session().keystone().list_regions().await.unwrap_err();
    assert_eq!(server.count("GET /identity/v3/regions"), 4);
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.retry().is_some());
}

#[tokio::test]
async fn an_error_of_the_service_itself_is_not_repeated() {
    let server = ScriptedCloud::start().await;
    server.script("GET /identity/v3/regions", vec![busy(500)]);
    server.session().keystone().list_regions().await.unwrap_err();
    assert_eq!(server.count("GET /identity/v3/regions"), 1);
}

#[tokio::test]
async fn deletion_and_authentication_are_repeated() {
    let server = ScriptedCloud::start().await;
    server.script("POST /identity/v3/auth/tokens", vec![busy(503), server.token_answer("t", LATER)]);
    server.script(&format!("DELETE {STACK}"), vec![busy(502), Answer::text(204, "")]);
    server.session().heat().delete(&web()).await.unwrap();
    assert_eq!(server.count("POST /identity/v3/auth/tokens"), 2);
    assert_eq!(server.count(&format!("DELETE {STACK}")), 2);
}

#[tokio::test]
async fn creations_and_changes_are_sent_once() {
    let server = ScriptedCloud::start().await;
    let writes = ["POST /heat/v1/p1/stacks".to_owned(), format!("PUT {STACK}"), format!("PATCH {STACK}")];
    for what in &writes {
        server.script(what, vec![busy(503)]);
    }
    let heat = server.session().heat();
    let stack = StackRequest::default();
    heat.create("web", &stack).await.unwrap_err();
    heat.update(&web(), Update::Full, &stack).await.unwrap_err();
    heat.update(&web(), Update::Existing, &stack).await.unwrap_err();
    for what in &writes {
        assert_eq!(server.count(what), 1, "{what}");
    }
}

#[tokio::test]
async fn a_creation_without_an_answer_is_sent_once_and_says_so() {
    let server = ScriptedCloud::start().await;
    server.script("POST /heat/v1/p1/stacks", vec![Answer::silence()]);
    let mut config = server.config();
    config.timeouts = Timeouts { request: Duration::from_secs(1), ..Timeouts::default() };
    let heat = Cloud::new(config).unwrap().session(service_user()).heat();
    let error = heat.create("web", &StackRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    assert_eq!(server.count("POST /heat/v1/p1/stacks"), 1);
}

#[tokio::test]
async fn a_read_without_an_answer_is_repeated() {
    let server = ScriptedCloud::start().await;
    let regions = Answer::json(200, json!({"regions": []}));
    server.script("GET /identity/v3/regions", vec![Answer::silence(), regions]);
    let mut config = server.config();
    config.timeouts = Timeouts { request: Duration::from_secs(1), ..Timeouts::default() };
    Cloud::new(config).unwrap().session(service_user()).keystone().list_regions().await.unwrap();
    assert_eq!(server.count("GET /identity/v3/regions"), 2);
}

#[tokio::test]
async fn a_wish_to_be_left_alone_for_long_is_handed_on() {
    let server = ScriptedCloud::start().await;
    server.script("GET /identity/v3/regions", vec![busy(429).header("retry-after", "3600")]);
    let error = server.session().keystone().list_regions().await.unwrap_err();
    assert_eq!(server.count("GET /identity/v3/regions"), 1);
    assert_eq!(error.retry(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_short_wish_to_be_left_alone_is_honoured() {
    let server = ScriptedCloud::start().await;
    let regions = Answer::json(200, json!({"regions": []}));
    server.script("GET /identity/v3/regions", vec![busy(429).header("retry-after", "1"), regions]);
    let mut config = server.config();
    config.retries.cap = Duration::from_secs(2);
    let session = Cloud::new(config).unwrap().session(service_user());
    session.token_info().await.unwrap();
    let started = std::time::Instant::now();
    session.keystone().list_regions().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_cloud_that_is_not_there_is_unreachable() {
    let server = ScriptedCloud::start().await;
    let mut config = server.config();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    config.auth_url = format!("http://{closed}/identity").parse().unwrap();
    let error = Cloud::new(config).unwrap().session(service_user()).token_info().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.retry().is_some());
}
