//! Refusals, each in the shape of its service.

use jeroboam_devcloud::Who;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::support::{Session, cloud};

/// Whether a body has the right shape.
type Fits = fn(&Value) -> bool;

#[tokio::test]
async fn what_is_not_there_is_missing_in_every_services_own_words() {
    let cloud = cloud().await;
    let admin = Session::of(&cloud, Who::Admin).await;
    let volumes = format!("/volume/v3/{}/volumes/gone", admin.project());
    let cases: [(&str, Fits); 6] = [
        ("/identity/v3/users/gone", |body| {
            body["error"] == json!({"code": 404, "title": "Not Found", "message": "Could not find user: gone."})
        }),
        ("/compute/v2.1/servers/gone", |body| {
            body["itemNotFound"] == json!({"code": 404, "message": "Instance gone could not be found."})
        }),
        ("/network/v2.0/networks/gone", |body| {
            body["NeutronError"]
                == json!({"type": "NetworkNotFound", "message": "Network gone could not be found.", "detail": ""})
        }),
        (&volumes, |body| body["itemNotFound"]["message"] == "Volume gone could not be found."),
        ("/load-balancer/v2/lbaas/loadbalancers/gone", |body| {
            body["faultcode"] == "Client" && body["faultstring"] == "Load Balancer gone not found."
        }),
        ("/key-manager/v1/secrets/gone", |body| body["code"] == 404 && body["title"] == "Not Found"),
    ];
    for (path, fits) in cases {
        let body = admin.get(path).await.expect(404);
        assert!(fits(&body), "{path}: {body}");
    }
    let page = admin.get("/image/v2/images/gone").await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("Failed to find image gone"));
}

#[tokio::test]
async fn without_a_token_every_service_sends_to_keystone() {
    let cloud = cloud().await;
    let paths = [
        "image/v2/images",
        "compute/v2.1/servers",
        "network/v2.0/networks",
        "volume/v3/p/volumes",
        "load-balancer/v2/lbaas/pools",
        "key-manager/v1/secrets",
        "identity/v3/users",
    ];
    for path in paths {
        let answer = Client::new().get(format!("http://{}/{path}", cloud.address())).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
        assert_eq!(answer.headers()["www-authenticate"], format!("Keystone uri=\"{}\"", cloud.identity_url()).as_str());
        assert!(answer.headers()["x-openstack-request-id"].to_str().unwrap().starts_with("req-"));
    }
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_bad_requests() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let cases = [
        json!({}),
        json!({"network": []}),
        json!({"network": {"name": 5}}),
        json!({"network": {"colour": "red"}}),
        json!({"network": {"admin_state_up": "perhaps"}}),
        json!([1]),
    ];
    for body in cases {
        demo.post("/network/v2.0/networks", body).await.expect(400);
    }
    let unknown = demo.post("/network/v2.0/networks", json!({"network": {"colour": "red"}})).await.expect(400);
    assert_eq!(unknown["NeutronError"]["message"], "Unrecognized attribute(s) 'colour'");
    let url = format!("http://{}/network/v2.0/networks", cloud.address());
    let garbled = Client::new().post(url).header("X-Auth-Token", &demo.token).body("{").send().await.unwrap();
    assert_eq!(garbled.status(), 400);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_shape() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    assert!(demo.get("/compute/v2.1/teapots").await.expect(404)["itemNotFound"].is_object());
    assert!(demo.call(Method::DELETE, "/network/v2.0/networks", None, &[]).await.expect(405)["NeutronError"].is_object());
}
