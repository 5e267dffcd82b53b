//! Quotas: each service says no in its own way.

use jeroboam_devcloud::{Devcloud, Who};
use serde_json::json;

use super::support::{Session, cloud};

async fn limit(cloud: &Devcloud, service: &str, resource: &str, limit: i64) {
    let url = format!("http://{}/devcloud/quota", cloud.address());
    let body = json!({"service": service, "resource": resource, "limit": limit});
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

#[tokio::test]
async fn nova_forbids() {
    let cloud = cloud().await;
    limit(&cloud, "compute", "instances", 1).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let server = json!({"server": {"name": "s", "flavorRef": "1", "imageRef": demo.image("ubuntu").await, "networks": "none"}});
    demo.post("/compute/v2.1/servers", server.clone()).await.expect(202);
    let refused = demo.post("/compute/v2.1/servers", server).await.expect(403);
    assert_eq!(refused["forbidden"]["message"], "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances");
}

#[tokio::test]
async fn nova_counts_cores_too() {
    let cloud = cloud().await;
    limit(&cloud, "nova", "cores", 3).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let server = json!({"server": {"name": "s", "flavorRef": "3", "imageRef": demo.image("ubuntu").await, "networks": "none"}});
    demo.post("/compute/v2.1/servers", server.clone()).await.expect(202);
    let refused = demo.post("/compute/v2.1/servers", server).await.expect(403);
    assert_eq!(refused["forbidden"]["message"], "Quota exceeded for cores: Requested 2, but already used 2 of 3 cores");
}

#[tokio::test]
async fn neutron_conflicts() {
    let cloud = cloud().await;
    limit(&cloud, "network", "network", 1).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    demo.post("/network/v2.0/networks", json!({"network": {}})).await.expect(201);
    let refused = demo.post("/network/v2.0/networks", json!({"network": {}})).await.expect(409);
    assert_eq!(refused["NeutronError"]["type"], "OverQuota");
    assert_eq!(refused["NeutronError"]["message"], "Quota exceeded for resources: ['network'].");
}

#[tokio::test]
async fn cinder_says_too_large() {
    let cloud = cloud().await;
    limit(&cloud, "volume", "gigabytes", 10).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let path = format!("/volume/v3/{}/volumes", demo.project());
    demo.post(&path, json!({"volume": {"size": 8}})).await.expect(202);
    let refused = demo.post(&path, json!({"volume": {"size": 3}})).await.expect(413);
    assert!(refused["overLimit"]["message"].as_str().unwrap().contains("quota is 10G and 8G has been consumed"));
}

#[tokio::test]
async fn octavia_has_met_its_quota() {
    let cloud = cloud().await;
    limit(&cloud, "load-balancer", "loadbalancer", 0).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (_, subnet) = demo.network("n", "10.0.0.0/24").await;
    let body = json!({"loadbalancer": {"vip_subnet_id": subnet}});
    let refused = demo.post("/load-balancer/v2/lbaas/loadbalancers", body).await.expect(403);
    assert_eq!(refused["faultstring"], "Quota has been met.");
}

#[tokio::test]
async fn administrators_set_quotas_for_one_project_with_the_services_own_api() {
    let cloud = cloud().await;
    let (admin, demo) = (Session::of(&cloud, Who::Admin).await, Session::of(&cloud, Who::Demo).await);
    let project = demo.project();
    let settings = [
        (format!("/compute/v2.1/os-quota-sets/{project}"), "quota_set", "instances"),
        (format!("/network/v2.0/quotas/{project}"), "quota", "port"),
        (format!("/volume/v3/{}/os-quota-sets/{project}", admin.project()), "quota_set", "volumes"),
        (format!("/load-balancer/v2/lbaas/quotas/{project}"), "quota", "listener"),
    ];
    for (path, envelope, resource) in settings {
        let body = json!({ envelope: { resource: 7 } });
        if !path.starts_with("/volume") {
            demo.put(&path, body.clone()).await.expect(403);
        }
        let answer = admin.put(&path, body).await;
        assert!([200, 202].contains(&answer.status), "{path}: {}", answer.text);
        assert_eq!(admin.get(&path).await.expect(200)[envelope][resource], 7, "{path}");
        assert!([200, 202, 204].contains(&admin.delete(&path).await.status));
        assert_ne!(admin.get(&path).await.expect(200)[envelope][resource], 7, "{path}");
    }
}
