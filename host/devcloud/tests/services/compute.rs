//! Servers.

use jeroboam_devcloud::Who;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Session, advance, cloud, id, slow_cloud};

async fn server(demo: &Session, extra: Value) -> Value {
    let mut server = json!({"name": "s", "flavorRef": "2", "imageRef": demo.image("ubuntu").await, "networks": "none"});
    server.as_object_mut().unwrap().extend(extra.as_object().cloned().unwrap());
    json!({ "server": server })
}

#[tokio::test]
async fn a_server_builds_and_is_active_then_is_deleted_in_its_time() {
    let cloud = slow_cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let made = demo.post("/compute/v2.1/servers", server(&demo, json!({})).await).await.expect(202)["server"].clone();
    assert!(made["adminPass"].is_string());
    let path = format!("/compute/v2.1/servers/{}", id(&made));
    assert_eq!(demo.get(&path).await.expect(200)["server"]["status"], "BUILD");
    demo.post(&format!("{path}/action"), json!({"reboot": {"type": "SOFT"}})).await.expect(409);
    advance(&cloud, 3600).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let shown = demo.get(&path).await.expect(200)["server"].clone();
    assert_eq!(shown["status"], "ACTIVE");
    assert!(shown.get("adminPass").is_none());
    demo.delete(&path).await.expect(204);
    assert_eq!(demo.get(&path).await.expect(200)["server"]["OS-EXT-STS:task_state"], "deleting");
    advance(&cloud, 3600).await;
    Session::of(&cloud, Who::Demo).await.get(&path).await.expect(404);
}

#[tokio::test]
async fn its_ports_are_made_for_it_or_given_to_it() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, _) = demo.network("net", "10.0.0.0/24").await;
    let given = id(&demo.port(&network).await);
    let body = server(&demo, json!({"networks": [{"port": given}, {"uuid": network}]})).await;
    let path =
        format!("/compute/v2.1/servers/{}", id(&demo.post("/compute/v2.1/servers", body.clone()).await.expect(202)["server"]));
    let shown = demo.get(&path).await.expect(200);
    let addresses: Vec<&str> =
        shown["server"]["addresses"]["net"].as_array().unwrap().iter().map(|entry| entry["addr"].as_str().unwrap()).collect();
    assert_eq!(addresses, ["10.0.0.2", "10.0.0.3"]);
    demo.post("/compute/v2.1/servers", body).await.expect(409);
    assert_eq!(demo.get(&format!("{path}/os-interface")).await.expect(200)["interfaceAttachments"].as_array().unwrap().len(), 2);
    demo.delete(&path).await.expect(204);
    let left = demo.get(&format!("/network/v2.0/ports?network_id={network}")).await.expect(200);
    assert_eq!(left["ports"].as_array().unwrap().len(), 1);
    assert_eq!((&left["ports"][0]["id"], &left["ports"][0]["device_id"]), (&json!(given), &json!("")));
}

#[tokio::test]
async fn what_it_refers_to_must_be_there() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    for (wrong, message) in [
        (json!({"flavorRef": "99"}), "Flavor 99 could not be found."),
        (json!({"imageRef": "none"}), "Image none could not be found."),
        (json!({"key_name": "none"}), "Invalid key_name provided."),
        (json!({"networks": [{"uuid": "none"}]}), "Network none could not be found."),
        (json!({"user_data": "not base64!"}), "Invalid input for field/attribute user_data. It is not a 'base64'"),
    ] {
        let refused = demo.post("/compute/v2.1/servers", server(&demo, wrong).await).await.expect(400);
        assert_eq!(refused["badRequest"]["message"], message);
    }
    assert_eq!(demo.get("/network/v2.0/ports").await.expect(200)["ports"], json!([]));
}

#[tokio::test]
async fn the_flavor_of_a_server_is_a_reference_before_2_47_and_a_copy_after() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let body = server(&demo, json!({})).await;
    let path = format!("/compute/v2.1/servers/{}", id(&demo.post("/compute/v2.1/servers", body).await.expect(202)["server"]));
    assert_eq!(demo.get(&path).await.expect(200)["server"]["flavor"], json!({"id": "2"}));
    let newer = demo.call(Method::GET, &path, None, &[("OpenStack-API-Version", "compute 2.47")]).await;
    assert_eq!(newer.headers["openstack-api-version"], "compute 2.47");
    assert_eq!(newer.expect(200)["server"]["flavor"]["original_name"], "m1.small");
    demo.call(Method::GET, &path, None, &[("OpenStack-API-Version", "compute 2.99")]).await.expect(406);
}

#[tokio::test]
async fn a_server_group_knows_its_members() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let group = json!({"server_group": {"name": "g", "policies": ["anti-affinity"]}});
    let group = id(&demo.post("/compute/v2.1/os-server-groups", group).await.expect(200)["server_group"]);
    let mut body = server(&demo, json!({})).await;
    body["os:scheduler_hints"] = json!({ "group": group });
    let made = id(&demo.post("/compute/v2.1/servers", body).await.expect(202)["server"]);
    let path = format!("/compute/v2.1/os-server-groups/{group}");
    assert_eq!(demo.get(&path).await.expect(200)["server_group"]["members"], json!([made]));
    demo.delete(&format!("/compute/v2.1/servers/{made}")).await.expect(204);
    assert_eq!(demo.get(&path).await.expect(200)["server_group"]["members"], json!([]));
}

#[tokio::test]
async fn keypairs_are_checked_or_drawn() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let key = |name: &str, public: &str| json!({"keypair": {"name": name, "public_key": public}});
    demo.post("/compute/v2.1/os-keypairs", key("bad", "ssh-rsa nonsense")).await.expect(400);
    demo.post("/compute/v2.1/os-keypairs", key("testkey", "ssh-ed25519 AAAA")).await.expect(409);
    let drawn = demo.post("/compute/v2.1/os-keypairs", json!({"keypair": {"name": "drawn"}})).await.expect(200);
    assert!(drawn["keypair"]["private_key"].as_str().unwrap().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
    let public = drawn["keypair"]["public_key"].as_str().unwrap().to_owned();
    demo.post("/compute/v2.1/os-keypairs", key("again", &public)).await.expect(200);
    let shown = demo.get("/compute/v2.1/os-keypairs/drawn").await.expect(200);
    assert!(shown["keypair"].get("private_key").is_none());
}

#[tokio::test]
async fn names_are_patterns() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    for name in ["web-1", "web-2", "db"] {
        demo.post("/compute/v2.1/servers", server(&demo, json!({ "name": name })).await).await.expect(202);
    }
    let names = |query: &'static str| {
        let demo = demo.clone();
        async move {
            let listed = demo.get(&format!("/compute/v2.1/servers{query}")).await.expect(200);
            listed["servers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|server| server["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(names("").await, ["db", "web-2", "web-1"]);
    assert_eq!(names("?name=web").await, ["web-2", "web-1"]);
    assert_eq!(names("?name=%5Edb%24").await, ["db"]);
    assert_eq!(names("?limit=1").await, ["db"]);
}
