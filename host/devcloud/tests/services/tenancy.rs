//! Projects do not see each other.

use jeroboam_devcloud::Who;
use serde_json::json;

use super::support::{Session, cloud, id};

#[tokio::test]
async fn another_projects_objects_are_not_there() {
    let cloud = cloud().await;
    let (demo, other) = (Session::of(&cloud, Who::Demo).await, Session::named(&cloud, "alt_demo", "alt_demo").await);
    let (network, subnet) = demo.network("mine", "10.0.0.0/24").await;
    let image = demo.image("ubuntu").await;
    let server = json!({"server": {"name": "mine", "flavorRef": "2", "imageRef": image, "networks": [{"uuid": network}]}});
    let server = id(&demo.post("/compute/v2.1/servers", server).await.expect(202)["server"]);
    let balancer = json!({"loadbalancer": {"vip_subnet_id": subnet}});
    let balancer = id(&demo.post("/load-balancer/v2/lbaas/loadbalancers", balancer).await.expect(201)["loadbalancer"]);
    let secret = demo.post("/key-manager/v1/secrets", json!({"name": "s", "payload": "p"})).await.expect(201);
    let secret = secret["secret_ref"].as_str().unwrap().split_once("/key-manager").unwrap().1.to_owned();
    let volume = json!({"volume": {"size": 1}});
    let volume = id(&demo.post(&format!("/volume/v3/{}/volumes", demo.project()), volume).await.expect(202)["volume"]);
    let mine = [
        format!("/network/v2.0/networks/{network}"),
        format!("/network/v2.0/subnets/{subnet}"),
        format!("/compute/v2.1/servers/{server}"),
        format!("/load-balancer/v2/lbaas/loadbalancers/{balancer}"),
        format!("/key-manager{secret}"),
    ];
    for path in &mine {
        demo.get(path).await.expect(200);
        assert_eq!(other.get(path).await.status, 404, "{path}");
        assert_eq!(other.delete(path).await.status, 404, "{path}");
    }
    other.get(&format!("/volume/v3/{}/volumes/{volume}", other.project())).await.expect(404);
    other.get(&format!("/volume/v3/{}/volumes/{volume}", demo.project())).await.expect(400);
    for (path, key) in [
        ("/network/v2.0/networks?name=mine", "networks"),
        ("/compute/v2.1/servers/detail", "servers"),
        ("/network/v2.0/ports", "ports"),
    ] {
        assert_eq!(other.get(path).await.expect(200)[key], json!([]), "{path}");
    }
}

#[tokio::test]
async fn the_administrator_sees_them_but_not_the_secrets() {
    let cloud = cloud().await;
    let (demo, admin) = (Session::of(&cloud, Who::Demo).await, Session::of(&cloud, Who::Admin).await);
    let (network, _) = demo.network("mine", "10.0.0.0/24").await;
    admin.get(&format!("/network/v2.0/networks/{network}")).await.expect(200);
    let secret = demo.post("/key-manager/v1/secrets", json!({"name": "s", "payload": "p"})).await.expect(201);
    let path = format!("/key-manager{}", secret["secret_ref"].as_str().unwrap().split_once("/key-manager").unwrap().1);
    admin.get(&path).await.expect(404);
}

#[tokio::test]
async fn what_is_shared_can_be_used_but_not_changed() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let public = demo.external_network().await;
    let path = format!("/network/v2.0/networks/{public}");
    demo.put(&path, json!({"network": {"name": "mine now"}})).await.expect(403);
    demo.delete(&path).await.expect(403);
    demo.post("/network/v2.0/ports", json!({"port": {"network_id": public}})).await.expect(403);
    let image = demo.image("ubuntu").await;
    demo.delete(&format!("/image/v2/images/{image}")).await.expect(403);
}

#[tokio::test]
async fn readers_read() {
    let cloud = cloud().await;
    let (demo, reader) = (Session::of(&cloud, Who::Demo).await, Session::named(&cloud, "demo_reader", "demo").await);
    let (network, _) = demo.network("mine", "10.0.0.0/24").await;
    reader.get(&format!("/network/v2.0/networks/{network}")).await.expect(200);
    reader.post("/network/v2.0/networks", json!({"network": {}})).await.expect(403);
    reader.delete(&format!("/network/v2.0/networks/{network}")).await.expect(403);
}

#[tokio::test]
async fn keypairs_belong_to_users() {
    let cloud = cloud().await;
    let (demo, reader) = (Session::of(&cloud, Who::Demo).await, Session::named(&cloud, "demo_reader", "demo").await);
    demo.get("/compute/v2.1/os-keypairs/testkey").await.expect(200);
    reader.get("/compute/v2.1/os-keypairs/testkey").await.expect(404);
}

#[tokio::test]
async fn a_new_project_has_a_default_security_group_of_its_own() {
    let cloud = cloud().await;
    let admin = Session::of(&cloud, Who::Admin).await;
    let project = id(&admin.post("/identity/v3/projects", json!({"project": {"name": "new"}})).await.expect(201)["project"]);
    let groups = admin.get(&format!("/network/v2.0/security-groups?project_id={project}")).await.expect(200);
    assert_eq!(groups["security_groups"][0]["name"], "default");
}
