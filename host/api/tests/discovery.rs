//! What a client learns before it has a token, and how it agrees on a version.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use http::Method;
use serde_json::json;
use support::Api;

#[tokio::test]
async fn the_version_documents_need_no_token_and_link_to_where_the_client_asked() {
    let api = Api::start().await;
    let root = api.nobody().get("/").await.expect(200);
    assert_eq!(root["name"], "OpenStack Magnum API");
    let version = &root["versions"][0];
    assert_eq!(version["links"], json!([{"href": "http://magnum.example:9511/v1/", "rel": "self"}]));
    assert_eq!(
        (&version["max_version"], &version["min_version"], &version["status"]),
        (&json!("1.14"), &json!("1.1"), &json!("CURRENT"))
    );

    for path in ["/v1", "/v1/"] {
        let document = api.nobody().get(path).await.expect(200);
        assert_eq!(document["id"], "v1");
        assert_eq!(document["clusters"][0]["href"], "http://magnum.example:9511/v1/clusters/");
        assert_eq!(document["clusters"][1]["href"], "http://magnum.example:9511/clusters/");
        let keys: Vec<&String> = document.as_object().unwrap().keys().skip(3).collect();
        let resources = [
            "pods",
            "rcs",
            "baymodels",
            "bays",
            "containers",
            "services",
            "x509keypairs",
            "nodes",
            "clustertemplates",
            "clusters",
            "quotas",
            "certificates",
            "mservices",
            "stats",
            "federations",
            "nodegroups",
            "credentials",
            "extensions",
        ];
        assert_eq!(keys, resources);
        let operations = &document["extensions"][0];
        assert_eq!(
            (&operations["name"], &operations["links"][0]["href"]),
            (&json!("operations"), &json!("http://magnum.example:9511/v1/operations"))
        );
    }
}

#[tokio::test]
async fn a_resource_answers_in_the_version_that_was_asked_for_and_says_so() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for (asked, used) in [
        ("", "1.1"),
        ("container-infra 1.9", "1.9"),
        ("container-infrastructure-management 1.13", "1.13"),
        ("container-infra latest", "1.14"),
    ] {
        let user = if asked.is_empty() { demo.clone() } else { demo.clone().header("openstack-api-version", asked) };
        for path in ["/v1/clusters", "/v1/clusters/no-such"] {
            let answer = user.get(path).await;
            let service = "container-infrastructure-management";
            assert_eq!(answer.header("openstack-api-version"), Some(format!("{service} {used}").as_str()), "{asked} {path}");
            assert_eq!(answer.header("openstack-api-minimum-version"), Some(format!("{service} 1.1").as_str()));
            assert_eq!(answer.header("openstack-api-maximum-version"), Some(format!("{service} 1.14").as_str()));
            assert_eq!(answer.header("vary"), Some("OpenStack-API-Version"));
        }
    }
}

#[tokio::test]
async fn a_version_that_there_is_not_is_answered_with_the_range() {
    let api = Api::start().await;
    for version in ["1.15", "2.0", "1.0"] {
        let answer = api.demo().await.speaking(version).get("/v1/clusters").await;
        let error = &answer.expect(406)["errors"][0];
        assert_eq!(error["code"], "magnum.microversion-unsupported");
        assert_eq!((&error["max_version"], &error["min_version"]), (&json!("1.14"), &json!("1.1")));
        assert_eq!(error["title"], "Requested microversion is unsupported");
        assert_eq!(error["request_id"], answer.request_id());
        assert!(answer.header("openstack-api-version").unwrap().ends_with(version));
        assert!(answer.header("openstack-api-maximum-version").is_some());
    }
}

#[tokio::test]
async fn a_version_that_makes_no_sense_is_answered_without_one() {
    let api = Api::start().await;
    for value in ["1.5", "container-infra", "container-infra one.two", "compute 2.1", "container-infra 1.1, compute 2.1"] {
        let answer = api.demo().await.header("openstack-api-version", value).get("/v1/clusters").await;
        assert_eq!(answer.error(406)["code"], "", "{value}");
        assert_eq!(answer.header("openstack-api-version"), None, "{value}");
    }
}

#[tokio::test]
async fn paths_are_found_however_they_are_spelled_and_others_are_not() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for path in [
        "/v1/clusters",
        "/v1/clusters/",
        "/clusters",
        "/v1/clusters/?limit=1",
        "/v1/clusters/detail",
        "/v1/clustertemplates/detail/",
    ] {
        demo.get(path).await.expect(200);
    }
    for path in ["/v1/nonsense", "/v2/clusters", "/v1/clusters/a/b", "/v1/clusters/a/actions", "/nonsense", "/v1/v1"] {
        assert_eq!(demo.get(path).await.error(404)["code"], "", "{path}");
    }
}

#[tokio::test]
async fn methods_that_a_resource_has_not_are_refused() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for (method, path) in [
        (Method::HEAD, "/v1/clusters"),
        (Method::PUT, "/v1/clusters"),
        (Method::OPTIONS, "/v1/clusters"),
        (Method::DELETE, "/v1/clusters"),
        (Method::POST, "/v1"),
        (Method::GET, "/v1/certificates"),
        (Method::GET, "/v1/clusters/c/actions/resize"),
    ] {
        let answer = demo.send(method.clone(), path, "").await;
        assert_eq!(answer.status, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn unknown_parameters_and_unacceptable_answers_are_refused() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for path in ["/v1/clusters?name=x", "/v1/clustertemplates?fields=uuid", "/v1/clusters/x?limit=1"] {
        assert!(demo.get(path).await.detail(400).starts_with("Unknown argument: \""), "{path}");
    }
    demo.get("/v1/clusters?limit=1&limit=2").await.error(400);
    demo.clone().header("accept", "text/html").get("/v1/clusters").await.error(406);
}
