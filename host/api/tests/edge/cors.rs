//! CORS: what browsers are told.

use std::sync::Arc;

use http::Method;
use jeroboam_api::{ApiConfig, Cors, CorsRules};

use super::support::{Answer, Api, User};

const UI: &str = "https://horizon.example";

fn rules() -> CorsRules {
    CorsRules {
        allow_credentials: true,
        expose_headers: vec!["x-openstack-request-id".parse().unwrap(), "x-auth-token".parse().unwrap()],
        max_age: 3600,
        allow_methods: vec![Method::GET, Method::PATCH],
        allow_headers: vec!["x-auth-token".parse().unwrap()],
    }
}

async fn api(origins: &[(&str, CorsRules)]) -> Api {
    let mut cors = Cors::default();
    for (origin, rules) in origins {
        cors.allow(origin, &Arc::new(rules.clone()));
    }
    Api::with(ApiConfig { cors, ..ApiConfig::default() }, Default::default()).await
}

/// As a browser asks before it sends.
async fn preflight(api: &Api, origin: &str, method: &str, headers: &str) -> Answer {
    let browser: User<'_> = api.nobody().header("origin", origin).header("access-control-request-method", method);
    browser.header("access-control-request-headers", headers).send(Method::OPTIONS, "/v1/clusters", "").await
}

#[tokio::test]
async fn pages_of_allowed_origins_are_let_through_without_a_token_for_asking() {
    let api = api(&[(UI, rules())]).await;
    let answer = preflight(&api, UI, "PATCH", "X-Auth-Token, content-type").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    for (name, value) in [
        ("access-control-allow-origin", UI),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "PATCH"),
        ("access-control-allow-headers", "X-Auth-Token, content-type"),
        ("access-control-max-age", "3600"),
        ("vary", "Origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn others_are_told_nothing() {
    let api = api(&[(UI, rules())]).await;
    for (origin, method, headers) in [
        ("https://evil.example", "GET", ""),
        ("https://horizon.example/", "GET", ""),
        ("http://horizon.example", "GET", ""),
        (UI, "DELETE", ""),
        (UI, "get", ""),
        (UI, "GET", "x-auth-token, x-other"),
    ] {
        let answer = preflight(&api, origin, method, headers).await;
        assert_eq!(answer.status, 200);
        let told: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control")).collect();
        assert!(told.is_empty(), "{origin} {method} {headers}: {told:?}");
    }
}

#[tokio::test]
async fn answers_say_who_may_read_them_and_keep_what_else_they_vary_by() {
    let api = api(&[(UI, rules())]).await;
    let demo = api.demo().await;
    for answer in [
        demo.clone().header("origin", UI).get("/v1/clusters").await,
        demo.clone().header("origin", UI).get("/v1/clusters/none").await,
        api.nobody().header("origin", UI).get("/v1/clusters").await,
    ] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(UI));
        assert_eq!(answer.header("access-control-expose-headers"), Some("x-openstack-request-id,x-auth-token"));
        let vary: Vec<&str> = answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(vary, ["OpenStack-API-Version", "Origin"]);
    }
    for user in [demo.clone(), demo.header("origin", "https://evil.example")] {
        assert_eq!(user.get("/v1/clusters").await.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn each_origin_has_its_own_rules_and_a_star_stands_for_the_rest() {
    let others = CorsRules { allow_methods: vec![Method::GET], allow_credentials: false, ..rules() };
    let api = api(&[(UI, rules()), ("*", others)]).await;
    assert_eq!(preflight(&api, UI, "PATCH", "").await.header("access-control-allow-origin"), Some(UI));
    assert_eq!(preflight(&api, "https://any.example", "PATCH", "").await.header("access-control-allow-origin"), None);
    let answer = preflight(&api, "https://any.example", "GET", "").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[tokio::test]
async fn where_no_origin_is_allowed_nothing_changes() {
    let api = Api::start().await;
    let demo = api.demo().await.header("origin", UI);
    assert_eq!(demo.send(Method::OPTIONS, "/v1/clusters", "").await.status, 405);
    assert_eq!(demo.get("/v1/clusters").await.header("access-control-allow-origin"), None);
}
