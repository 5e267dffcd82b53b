//! Networks: addresses that are allocated, and what may not go while it is used.

use jeroboam_devcloud::Who;
use serde_json::{Value, json};

use super::support::{Session, cloud, id};

fn address(port: &Value) -> &str {
    port["fixed_ips"][0]["ip_address"].as_str().unwrap()
}

#[tokio::test]
async fn a_port_gets_the_next_free_address_and_gives_it_back() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, _) = demo.network("n", "10.0.0.0/29").await;
    let ports = [demo.port(&network).await, demo.port(&network).await, demo.port(&network).await];
    assert_eq!(ports.each_ref().map(address), ["10.0.0.2", "10.0.0.3", "10.0.0.4"]);
    demo.delete(&format!("/network/v2.0/ports/{}", id(&ports[1]))).await.expect(204);
    assert_eq!(address(&demo.port(&network).await), "10.0.0.3");
}

#[tokio::test]
async fn a_full_subnet_has_no_address_left() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, _) = demo.network("n", "10.0.0.0/29").await;
    for _ in 0..5 {
        demo.port(&network).await;
    }
    let refused = demo.post("/network/v2.0/ports", json!({"port": {"network_id": network}})).await.expect(409);
    assert_eq!(refused["NeutronError"]["type"], "IpAddressGenerationFailure");
}

#[tokio::test]
async fn an_address_can_be_asked_for_once_and_must_be_in_the_subnet() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, subnet) = demo.network("n", "10.0.0.0/24").await;
    let ask =
        |address: &str| json!({"port": {"network_id": network, "fixed_ips": [{"subnet_id": subnet, "ip_address": address}]}});
    let made = demo.post("/network/v2.0/ports", ask("10.0.0.77")).await.expect(201);
    assert_eq!(address(&made["port"]), "10.0.0.77");
    let refused = demo.post("/network/v2.0/ports", ask("10.0.0.77")).await.expect(409);
    assert_eq!(refused["NeutronError"]["type"], "IpAddressAlreadyAllocated");
    demo.post("/network/v2.0/ports", ask("10.0.1.77")).await.expect(400);
    demo.post("/network/v2.0/ports", ask("nonsense")).await.expect(400);
}

#[tokio::test]
async fn subnets_of_a_network_do_not_overlap() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, _) = demo.network("n", "10.0.0.0/16").await;
    let overlapping = json!({"subnet": {"network_id": network, "cidr": "10.0.5.0/24", "ip_version": 4}});
    demo.post("/network/v2.0/subnets", overlapping).await.expect(400);
    let beside = json!({"subnet": {"network_id": network, "cidr": "10.1.0.0/24", "ip_version": 4, "gateway_ip": null}});
    let beside = demo.post("/network/v2.0/subnets", beside).await.expect(201);
    assert_eq!(beside["subnet"]["gateway_ip"], Value::Null);
    assert_eq!(beside["subnet"]["allocation_pools"], json!([{"start": "10.1.0.1", "end": "10.1.0.254"}]));
}

#[tokio::test]
async fn what_is_used_does_not_go() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, subnet) = demo.network("n", "10.0.0.0/24").await;
    let port = id(&demo.port(&network).await);
    let kind = |answer: Value| answer["NeutronError"]["type"].as_str().unwrap().to_owned();
    assert_eq!(kind(demo.delete(&format!("/network/v2.0/networks/{network}")).await.expect(409)), "NetworkInUse");
    assert_eq!(kind(demo.delete(&format!("/network/v2.0/subnets/{subnet}")).await.expect(409)), "SubnetInUse");
    demo.delete(&format!("/network/v2.0/ports/{port}")).await.expect(204);
    demo.delete(&format!("/network/v2.0/networks/{network}")).await.expect(204);
    demo.get(&format!("/network/v2.0/subnets/{subnet}")).await.expect(404);
}

#[tokio::test]
async fn a_floating_ip_needs_a_way_out_and_holds_it_open() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let (network, subnet) = demo.network("n", "10.0.0.0/24").await;
    let (external, port) = (demo.external_network().await, id(&demo.port(&network).await));
    let ask = json!({"floatingip": {"floating_network_id": external, "port_id": port}});
    let refused = demo.post("/network/v2.0/floatingips", ask.clone()).await.expect(404);
    assert_eq!(refused["NeutronError"]["type"], "ExternalGatewayForFloatingIPNotFound");
    let router = json!({"router": {"external_gateway_info": {"network_id": external}}});
    let router = id(&demo.post("/network/v2.0/routers", router).await.expect(201)["router"]);
    let interface = json!({"subnet_id": subnet});
    demo.put(&format!("/network/v2.0/routers/{router}/add_router_interface"), interface.clone()).await.expect(200);
    let floating = demo.post("/network/v2.0/floatingips", ask.clone()).await.expect(201)["floatingip"].clone();
    assert_eq!((&floating["status"], &floating["router_id"]), (&json!("ACTIVE"), &json!(router)));
    assert!(floating["floating_ip_address"].as_str().unwrap().starts_with("172.24."));
    demo.post("/network/v2.0/floatingips", ask).await.expect(409);
    let remove = format!("/network/v2.0/routers/{router}/remove_router_interface");
    let refused = demo.put(&remove, interface.clone()).await.expect(409);
    assert_eq!(refused["NeutronError"]["type"], "RouterInterfaceInUseByFloatingIP");
    let refused = demo.delete(&format!("/network/v2.0/routers/{router}")).await.expect(409);
    assert_eq!(refused["NeutronError"]["type"], "RouterInUse");
    demo.delete(&format!("/network/v2.0/floatingips/{}", id(&floating))).await.expect(204);
    demo.put(&remove, interface.clone()).await.expect(200);
    demo.put(&remove, interface).await.expect(404);
    demo.delete(&format!("/network/v2.0/routers/{router}")).await.expect(204);
}

#[tokio::test]
async fn every_project_has_a_default_security_group_and_rules_are_unique() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let groups = demo.get("/network/v2.0/security-groups").await.expect(200);
    assert_eq!(groups["security_groups"].as_array().unwrap().len(), 1);
    let default = id(&groups["security_groups"][0]);
    let (network, _) = demo.network("n", "10.0.0.0/24").await;
    assert_eq!(demo.port(&network).await["security_groups"], json!([default]));
    demo.delete(&format!("/network/v2.0/security-groups/{default}")).await.expect(409);
    let rule = json!({"security_group_rule": {"security_group_id": default, "direction": "ingress", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22}});
    demo.post("/network/v2.0/security-group-rules", rule.clone()).await.expect(201);
    let refused = demo.post("/network/v2.0/security-group-rules", rule).await.expect(409);
    assert_eq!(refused["NeutronError"]["type"], "SecurityGroupRuleExists");
}
