//! Load balancers: they are busy while they change.

use jeroboam_devcloud::{Devcloud, Who};
use serde_json::{Value, json};

use super::support::{Session, advance, cloud, id, slow_cloud};

const LBAAS: &str = "/load-balancer/v2/lbaas";

async fn balancer(cloud: &Devcloud) -> (Session, String, Value) {
    let demo = Session::of(cloud, Who::Demo).await;
    let (network, subnet) = demo.network("n", "10.0.0.0/24").await;
    let made = json!({"loadbalancer": {"name": "lb", "vip_subnet_id": subnet}});
    let made = demo.post(&format!("{LBAAS}/loadbalancers"), made).await.expect(201)["loadbalancer"].clone();
    (demo, network, made)
}

#[tokio::test]
async fn a_load_balancer_is_provisioned_in_its_time_and_immutable_until_then() {
    let cloud = slow_cloud().await;
    let (demo, _, made) = balancer(&cloud).await;
    let path = format!("{LBAAS}/loadbalancers/{}", id(&made));
    assert_eq!(made["provisioning_status"], "PENDING_CREATE");
    let listener = json!({"listener": {"loadbalancer_id": made["id"], "protocol": "TCP", "protocol_port": 6443}});
    let refused = demo.post(&format!("{LBAAS}/listeners"), listener.clone()).await.expect(409);
    assert_eq!(refused["faultstring"], format!("Load Balancer {} is immutable and cannot be updated.", id(&made)));
    demo.delete(&path).await.expect(409);
    advance(&cloud, 3600).await;
    let demo = Session::of(&cloud, Who::Demo).await;
    assert_eq!(demo.get(&path).await.expect(200)["loadbalancer"]["provisioning_status"], "ACTIVE");
    let listener = demo.post(&format!("{LBAAS}/listeners"), listener).await.expect(201);
    assert_eq!(listener["listener"]["provisioning_status"], "PENDING_CREATE");
    let shown = demo.get(&path).await.expect(200);
    assert_eq!(shown["loadbalancer"]["provisioning_status"], "PENDING_UPDATE");
    assert_eq!(shown["loadbalancer"]["listeners"][0]["id"], listener["listener"]["id"]);
}

#[tokio::test]
async fn its_address_is_a_port_of_its_network() {
    let cloud = cloud().await;
    let (demo, network, made) = balancer(&cloud).await;
    let port =
        demo.get(&format!("/network/v2.0/ports/{}", made["vip_port_id"].as_str().unwrap())).await.expect(200)["port"].clone();
    assert_eq!(port["fixed_ips"][0]["ip_address"], made["vip_address"]);
    assert_eq!((port["network_id"].as_str(), port["device_owner"].as_str()), (Some(network.as_str()), Some("Octavia")));
    demo.delete(&format!("/network/v2.0/networks/{network}")).await.expect(409);
    demo.delete(&format!("{LBAAS}/loadbalancers/{}", id(&made))).await.expect(204);
    demo.get(&format!("{LBAAS}/loadbalancers/{}", id(&made))).await.expect(404);
    demo.delete(&format!("/network/v2.0/networks/{network}")).await.expect(204);
}

#[tokio::test]
async fn it_goes_with_its_children_only_when_told_so() {
    let cloud = cloud().await;
    let (demo, _, made) = balancer(&cloud).await;
    let listener = json!({"listener": {"loadbalancer_id": made["id"], "protocol": "TCP", "protocol_port": 6443}});
    let listener = demo.post(&format!("{LBAAS}/listeners"), listener).await.expect(201);
    let pool = json!({"pool": {"listener_id": listener["listener"]["id"], "protocol": "TCP", "lb_algorithm": "ROUND_ROBIN"}});
    let pool = id(&demo.post(&format!("{LBAAS}/pools"), pool).await.expect(201)["pool"]);
    let member = json!({"member": {"address": "10.0.0.9", "protocol_port": 6443}});
    let members = format!("{LBAAS}/pools/{pool}/members");
    demo.post(&members, member.clone()).await.expect(201);
    demo.post(&members, member).await.expect(409);
    let monitor = json!({"healthmonitor": {"pool_id": pool, "type": "TCP", "delay": 5, "timeout": 5, "max_retries": 3}});
    demo.post(&format!("{LBAAS}/healthmonitors"), monitor).await.expect(201);
    let path = format!("{LBAAS}/loadbalancers/{}", id(&made));
    demo.delete(&path).await.expect(400);
    demo.delete(&format!("{path}?cascade=true")).await.expect(204);
    for (path, key) in
        [("loadbalancers", "loadbalancers"), ("listeners", "listeners"), ("pools", "pools"), ("healthmonitors", "healthmonitors")]
    {
        assert_eq!(demo.get(&format!("{LBAAS}/{path}")).await.expect(200)[key], json!([]));
    }
}

#[tokio::test]
async fn two_listeners_do_not_share_a_port() {
    let cloud = cloud().await;
    let (demo, _, made) = balancer(&cloud).await;
    let listener =
        |protocol: &str| json!({"listener": {"loadbalancer_id": made["id"], "protocol": protocol, "protocol_port": 53}});
    demo.post(&format!("{LBAAS}/listeners"), listener("TCP")).await.expect(201);
    demo.post(&format!("{LBAAS}/listeners"), listener("HTTP")).await.expect(409);
    demo.post(&format!("{LBAAS}/listeners"), listener("UDP")).await.expect(201);
}

#[tokio::test]
async fn a_reader_of_other_things_has_no_say_here() {
    let cloud = cloud().await;
    let reader = Session::named(&cloud, "demo_reader", "demo").await;
    let refused = reader.post(&format!("{LBAAS}/loadbalancers"), json!({"loadbalancer": {}})).await.expect(403);
    assert_eq!(refused["faultstring"], "Policy does not allow this request to be performed.");
}
