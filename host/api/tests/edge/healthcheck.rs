//! The health check.

use http::Method;
use jeroboam_api::{ApiConfig, Backend, HealthPath, HealthcheckConfig, Peer};
use serde_json::json;

use super::support::{Answer, Api};

async fn api(healthcheck: HealthcheckConfig) -> Api {
    Api::with(ApiConfig { healthcheck, ..ApiConfig::default() }, Default::default()).await
}

fn of(backends: Vec<Backend>) -> HealthcheckConfig {
    HealthcheckConfig { backends, ..HealthcheckConfig::default() }
}

async fn asking(api: &Api, accept: &str) -> Answer {
    api.nobody().header("accept", accept).get("/healthcheck").await
}

#[tokio::test]
async fn it_needs_nothing_and_says_that_all_is_well() {
    let api = api(of(vec![Backend::DisableByFile(Some("/no/such/file".into()))])).await;
    let answer = api.nobody().get("/healthcheck").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "OK"));
    assert_eq!(answer.header("x-openstack-request-id"), None);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=UTF-8"));
    let head = api.nobody().send(Method::HEAD, "/healthcheck", "").await;
    assert_eq!((head.status, head.text.as_str()), (204, ""));

    assert_eq!(asking(&api, "application/json").await.expect(200), json!({"detailed": false, "reasons": ["OK"]}));
    let page = asking(&api, "text/html,*/*;q=0.8").await;
    assert!(page.status == 200 && page.text.contains("<td>OK</td>"), "{page:?}");
    assert_eq!(asking(&api, "image/png").await.text, "OK");
}

#[tokio::test]
async fn a_file_switches_it_off_while_the_daemon_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("disabled");
    for backend in [Backend::DisableByFile(Some(file.clone())), Backend::DisableByFilesPorts(Some(file.clone()))] {
        let api = api(of(vec![backend])).await;
        assert_eq!(asking(&api, "*/*").await.status, 200);
        std::fs::write(&file, "").unwrap();
        let answer = asking(&api, "*/*").await;
        assert_eq!((answer.status, answer.text.as_str()), (503, "DISABLED BY FILE"));
        assert_eq!(
            asking(&api, "application/json").await.expect(503),
            json!({"detailed": false, "reasons": ["DISABLED BY FILE"]})
        );
        assert_eq!(api.nobody().send(Method::HEAD, "/healthcheck", "").await.status, 503);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(asking(&api, "*/*").await.status, 200);
    }
}

#[tokio::test]
async fn files_may_also_have_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("enabled");
    let api = api(of(vec![Backend::EnableByFiles(vec![file.clone()])])).await;
    let answer = asking(&api, "*/*").await;
    assert_eq!((answer.status, answer.text.as_str()), (503, "FILE PATH MISSING"));
    std::fs::write(&file, "").unwrap();
    assert_eq!(asking(&api, "*/*").await.status, 200);
}

#[tokio::test]
async fn details_are_told_if_the_operator_wants_them() {
    let backends = vec![Backend::DisableByFile(Some("/no/such/file".into()))];
    let api = api(HealthcheckConfig { detailed: true, ..of(backends) }).await;
    let answer = asking(&api, "application/json").await.expect(200);
    let reason = json!({"class": "HealthcheckResult", "details": "Path '/no/such/file' was not found", "reason": "OK"});
    assert_eq!((&answer["detailed"], &answer["reasons"]), (&json!(true), &json!([reason])));
}

#[tokio::test]
async fn it_is_where_and_for_whom_the_operator_says() {
    let path = HealthPath::parse("/status/live").unwrap();
    let allowed_source_ranges = vec!["10.0.0.0/8".parse().unwrap()];
    let api = api(HealthcheckConfig { path, allowed_source_ranges, ignore_proxied_requests: true, ..of(vec![]) }).await;
    let from = |address: &str| api.nobody().from(Peer::new(address.parse().unwrap()));
    assert_eq!(from("10.1.2.3").get("/status/live").await.status, 200);
    assert_eq!(from("::ffff:10.1.2.3").get("/status/live").await.status, 200);
    assert_eq!(from("192.0.2.1").get("/status/live").await.status, 404);
    assert_eq!(api.nobody().get("/status/live").await.status, 404);
    assert_eq!(from("10.1.2.3").header("x-forwarded-for", "192.0.2.1").get("/status/live").await.status, 404);
    // Where it was is the API's, which wants a token.
    assert_eq!(from("10.1.2.3").get("/healthcheck").await.status, 401);
}
