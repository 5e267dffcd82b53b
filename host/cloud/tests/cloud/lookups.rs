//! Finding what users name, and clearing up what clusters leave.

use jeroboam_cloud::{CloudError, Kind, LoadBalancerFilter, Service, ServiceConfig};
use serde_json::{Value, json};

use crate::scripted::{Answer, ScriptedCloud, service_user};

const ID: &str = "6e2c8b0a-1f3d-4c5b-9a7e-0d1c2b3a4f5e";
const OTHER: &str = "7f3d9c1b-2a4e-4d6c-8b8f-1e2d3c4b5a6f";

fn image(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name, "status": "active", "visibility": "public", "min_disk": 10, "min_ram": 2048,
           "size": 123, "os_distro": "fedora-coreos", "os_hidden": false, "owner": "p1", "tags": [], "checksum": "c"})
}

fn missing() -> Value {
    json!({"itemNotFound": {"code": 404, "message": "not found"}})
}

#[tokio::test]
async fn an_image_is_found_with_its_properties() {
    let server = ScriptedCloud::start().await;
    server.on("GET /image/v2/images", 200, json!({"images": [image(ID, "fcos"), image(OTHER, "fcos-old")]}));
    let found = server.session().glance().find_image("fcos").await.unwrap();
    assert_eq!((found.id.as_str(), found.min_disk, found.min_ram), (ID, 10, 2048));
    assert_eq!(found.property("os_distro"), Some("fedora-coreos"));
    assert_eq!(found.properties.len(), 1, "{:?}", found.properties);
}

#[tokio::test]
async fn an_id_wins_over_a_name() {
    let server = ScriptedCloud::start().await;
    server.on(&format!("GET /image/v2/images/{ID}"), 200, image(ID, "fcos"));
    assert_eq!(server.session().glance().find_image(ID).await.unwrap().name, "fcos");
    assert_eq!(server.count("GET /image/v2/images"), 0);
}

#[tokio::test]
async fn a_name_of_several_is_ambiguous_and_lists_them() {
    let server = ScriptedCloud::start().await;
    server.on("GET /image/v2/images", 200, json!({"images": [image(ID, "fcos"), image(OTHER, "fcos")]}));
    let error = server.session().glance().find_image("fcos").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    assert!(matches!(&error, CloudError::Ambiguous { ids, .. } if ids == &[ID, OTHER]), "{error:?}");
    assert!(error.to_string().contains(OTHER), "{error}");
}

#[tokio::test]
async fn a_forbidden_or_missing_image_is_told_apart_though_glance_answers_in_html() {
    let server = ScriptedCloud::start().await;
    let path = format!("GET /image/v2/images/{ID}");
    let html = |status| Answer::text(status, "<html><head><title>no</title></head></html>");
    server.script(&path, vec![html(403), html(404)]);
    server.on("GET /image/v2/images", 200, json!({"images": []}));
    let glance = server.session().glance();
    assert_eq!(glance.find_image(ID).await.unwrap_err().kind(), Kind::Denied);
    let error = glance.find_image(ID).await.unwrap_err();
    assert!(matches!(error, CloudError::NoMatch { .. }), "{error:?}");
}

#[tokio::test]
async fn a_flavor_is_found_by_id_or_by_name() {
    let server = ScriptedCloud::start().await;
    let flavor = json!({"id": "2", "name": "m1.small", "vcpus": 1, "ram": 2048, "disk": 20});
    server.on("GET /compute/v2.1/flavors/2", 200, json!({"flavor": flavor}));
    server.on("GET /compute/v2.1/flavors/m1.small", 404, missing());
    server.on("GET /compute/v2.1/flavors/m1.huge", 404, missing());
    server.on("GET /compute/v2.1/flavors/detail", 200, json!({"flavors": [flavor]}));
    let nova = server.session().nova();
    assert_eq!(nova.find_flavor("2").await.unwrap(), nova.find_flavor("m1.small").await.unwrap());
    let error = nova.find_flavor("m1.huge").await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    assert_eq!(error.to_string(), "Nova has no flavor 'm1.huge'");
}

#[tokio::test]
async fn a_keypair_is_found_by_name() {
    let server = ScriptedCloud::start().await;
    let body = json!({"keypair": {"name": "my key", "public_key": "ssh-ed25519 AAAA", "fingerprint": "f"}});
    server.on("GET /compute/v2.1/os-keypairs/my%20key", 200, body);
    server.on("GET /compute/v2.1/os-keypairs/none", 404, missing());
    let nova = server.session().nova();
    assert_eq!(nova.find_keypair("my key").await.unwrap().public_key, "ssh-ed25519 AAAA");
    assert_eq!(nova.find_keypair("none").await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn networks_are_searched_by_name_and_side() {
    let server = ScriptedCloud::start().await;
    let network =
        |id: &str| json!({"id": id, "name": "public", "router:external": true, "subnets": ["s"], "shared": false, "mtu": 1500});
    server.script(
        "GET /network/v2.0/networks",
        vec![
            Answer::json(200, json!({"networks": [network(ID)]})),
            Answer::json(200, json!({"networks": [network(ID), network(OTHER)]})),
        ],
    );
    let neutron = server.session().neutron();
    let found = neutron.find_network("public", Some(true)).await.unwrap();
    assert!(found.external);
    assert_eq!(server.seen("GET /network/v2.0/networks")[0].query, "router%3Aexternal=true&name=public&limit=500");
    let error = neutron.find_network("public", None).await.unwrap_err();
    assert!(matches!(error, CloudError::Ambiguous { service: Service::Neutron, .. }), "{error:?}");
}

#[tokio::test]
async fn a_subnet_is_found_within_its_network() {
    let server = ScriptedCloud::start().await;
    let subnet = json!({"id": ID, "name": "nodes", "network_id": OTHER, "cidr": "10.0.0.0/24", "ip_version": 4,
                        "gateway_ip": null, "dns_nameservers": ["8.8.8.8"]});
    server.on("GET /network/v2.0/subnets", 200, json!({"subnets": [subnet]}));
    let found = server.session().neutron().find_subnet(ID, Some(OTHER)).await.unwrap();
    assert_eq!((found.cidr.as_str(), found.ip_version, found.gateway_ip), ("10.0.0.0/24", 4, None));
    assert_eq!(server.seen("GET /network/v2.0/subnets")[0].query, format!("network_id={OTHER}&id={ID}&limit=500"));
}

#[tokio::test]
async fn volume_types_have_a_default_or_none() {
    let server = ScriptedCloud::start().await;
    let kind = json!({"id": ID, "name": "ssd", "description": null});
    server.on("GET /volume/v3/p1/types", 200, json!({"volume_types": [kind]}));
    server.script(
        "GET /volume/v3/p1/types/default",
        vec![Answer::json(200, json!({"volume_type": kind})), Answer::json(404, missing())],
    );
    let cinder = server.session().cinder();
    assert_eq!(cinder.find_volume_type("ssd").await.unwrap(), cinder.find_volume_type(ID).await.unwrap());
    assert_eq!(cinder.default_volume_type().await.unwrap().unwrap().name, "ssd");
    assert_eq!(cinder.default_volume_type().await.unwrap(), None);
}

#[tokio::test]
async fn load_balancers_go_with_all_they_hold() {
    let server = ScriptedCloud::start().await;
    let balancers = "/load-balancer/v2/lbaas/loadbalancers";
    let balancer = json!({"id": ID, "name": "kube_service", "description": "Kubernetes external service a/b from cluster c1",
                          "provisioning_status": "ACTIVE", "vip_address": "10.0.0.5", "project_id": "p1"});
    server.on(&format!("GET {balancers}"), 200, json!({"loadbalancers": [balancer], "loadbalancers_links": []}));
    let fault = |text: &str| json!({"faultcode": "Client", "faultstring": text, "debuginfo": null});
    server.script(
        &format!("DELETE {balancers}/{ID}"),
        vec![
            Answer::json(409, fault("is immutable and cannot be updated.")),
            Answer::text(204, ""),
            Answer::json(404, fault("Load Balancer not found.")),
        ],
    );
    let mut config = server.config();
    let endpoint_override = Some(server.url.join("/load-balancer").unwrap());
    config.services.insert(Service::Octavia, ServiceConfig { endpoint_override, ..Default::default() });
    let octavia = jeroboam_cloud::Cloud::new(config).unwrap().session(service_user()).octavia();

    let filter = LoadBalancerFilter { project_id: Some("p1".into()), ..Default::default() };
    assert_eq!(octavia.list_load_balancers(&filter).await.unwrap()[0].provisioning_status, "ACTIVE");
    assert_eq!(octavia.delete_load_balancer(ID).await.unwrap_err().kind(), Kind::Conflict);
    octavia.delete_load_balancer(ID).await.unwrap();
    octavia.delete_load_balancer(ID).await.unwrap();
    assert_eq!(server.seen(&format!("DELETE {balancers}/{ID}"))[0].query, "cascade=true");
}
