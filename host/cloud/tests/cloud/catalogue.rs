//! Which endpoint a call goes to.

use jeroboam_cloud::{Cloud, CloudError, Interface, Kind, Service, ServiceConfig};
use serde_json::{Value, json};

use crate::scripted::{Answer, LATER, ScriptedCloud, service_user};

const NO_IMAGES: &str = r#"{"images": []}"#;

/// A cloud whose token has a catalogue of its own.
async fn with_catalog(catalog: impl Fn(&str) -> Value) -> ScriptedCloud {
    let server = ScriptedCloud::start().await;
    let mut body = server.token_body(LATER);
    body["token"]["catalog"] = catalog(server.url.as_str().trim_end_matches('/'));
    let answer = Answer::json(201, body).header("x-subject-token", "t");
    server.script("POST /identity/v3/auth/tokens", vec![answer]);
    server
}

async fn two_regions() -> ScriptedCloud {
    let server = with_catalog(|url| {
        let endpoint = |interface: &str, region: &str| {
            json!({"interface": interface, "region_id": region, "region": region, "url": format!("{url}/{interface}/{region}")})
        };
        json!([{"type": "image", "name": "glance", "endpoints": [
            endpoint("public", "one"), endpoint("internal", "one"),
            endpoint("public", "two"), endpoint("internal", "two"),
        ]}])
    })
    .await;
    for (interface, region) in [("public", "one"), ("internal", "one"), ("public", "two"), ("internal", "two")] {
        server.script(&format!("GET /{interface}/{region}/v2/images"), vec![Answer::text(200, NO_IMAGES)]);
    }
    server
}

#[tokio::test]
async fn interface_and_region_decide() {
    for (interface, region, path) in [
        (Interface::Public, "one", "/public/one"),
        (Interface::Internal, "one", "/internal/one"),
        (Interface::Internal, "two", "/internal/two"),
    ] {
        let server = two_regions().await;
        let mut config = server.config();
        config.interface = interface;
        config.region = Some(region.into());
        let session = Cloud::new(config).unwrap().session(service_user());
        let error = session.glance().find_image("fcos").await.unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound, "{error}");
        assert_eq!(server.count(&format!("GET {path}/v2/images")), 1, "{path}");
    }
}

#[tokio::test]
async fn a_services_own_settings_win() {
    let server = two_regions().await;
    let mut config = server.config();
    config.region = Some("one".into());
    let own = ServiceConfig { interface: Some(Interface::Internal), region: Some("two".into()), ..Default::default() };
    config.services.insert(Service::Glance, own);
    let session = Cloud::new(config).unwrap().session(service_user());
    session.glance().find_image("fcos").await.unwrap_err();
    assert_eq!(server.count("GET /internal/two/v2/images"), 1);
    let told = session.endpoint(Service::Glance, Interface::Public).await.unwrap();
    assert!(told.as_str().ends_with("/public/two"), "{told}");
}

#[tokio::test]
async fn an_override_needs_no_catalogue() {
    let server = ScriptedCloud::start().await;
    server.script("GET /elsewhere/v2.0/lbaas/loadbalancers", vec![Answer::text(200, r#"{"loadbalancers": []}"#)]);
    let mut config = server.config();
    let endpoint_override = Some(server.url.join("/elsewhere/v2.0").unwrap());
    config.services.insert(Service::Octavia, ServiceConfig { endpoint_override, ..Default::default() });
    let session = Cloud::new(config).unwrap().session(service_user());
    assert!(session.has_service(Service::Octavia).await.unwrap());
    assert!(session.octavia().list_load_balancers(&Default::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_service_under_an_alias_is_found() {
    let server = with_catalog(|url| {
        json!([{"type": "block-storage", "endpoints": [{"interface": "public", "region_id": "r", "url": format!("{url}/official")}]},
               {"type": "volumev3", "endpoints": [{"interface": "public", "region_id": "r", "url": format!("{url}/alias/v3/p1")}]}])
    })
    .await;
    server.on("GET /official/v3/types", 200, json!({"volume_types": []}));
    assert!(server.session().cinder().list_volume_types().await.unwrap().is_empty());

    let server = ScriptedCloud::start().await;
    server.on("GET /volume/v3/p1/types", 200, json!({"volume_types": []}));
    assert!(server.session().cinder().list_volume_types().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_cloud_without_octavia_says_so() {
    let server = ScriptedCloud::start().await;
    let session = server.session();
    assert!(!session.has_service(Service::Octavia).await.unwrap());
    assert!(session.has_service(Service::Heat).await.unwrap());
    let error = session.octavia().load_balancer("1").await.unwrap_err();
    assert!(matches!(error, CloudError::ServiceNotInCatalogue { service: Service::Octavia, .. }), "{error}");
    assert_eq!(error.kind(), Kind::Unavailable, "never mistaken for a missing load balancer");
    assert!(error.to_string().contains("load-balancer"), "{error}");
}
