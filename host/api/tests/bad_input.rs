//! Bad input: each request is refused with the status and the words that clients know, and leaves nothing behind.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use http::Method;
use serde_json::{Value, json};
use support::{Api, cluster, template, with};

/// A body that is refused, with the status and a part of the title.
struct Case(Value, u16, &'static str);

#[tokio::test]
async fn bad_templates_are_refused_and_not_stored() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let long = "x".repeat(256);
    for Case(change, status, title) in [
        Case(json!({"image_id": "no-such"}), 400, "Image no-such could not be found"),
        Case(
            json!({"image_id": "cirros"}),
            400,
            "Image cirros doesn't contain os_distro field: set the image's property 'os_distro'",
        ),
        Case(json!({"image_id": "cirros"}), 400, ", (vm, fedora-coreos, kubernetes), "),
        Case(json!({"image_id": "fedora-ironic"}), 400, "Cluster type (vm, fedora, kubernetes) not supported"),
        Case(json!({"image_id": "absent"}), 400, "field/attribute image_id, value '': Mandatory field missing"),
        Case(json!({"image_id": null}), 400, "Mandatory field missing"),
        Case(json!({"coe": "absent"}), 400, "Requested COE type Unset is not supported"),
        Case(json!({"coe": null}), 400, "Requested COE type None is not supported"),
        Case(json!({"coe": "dcos"}), 400, "field/attribute coe, value 'dcos'"),
        Case(json!({"coe": "swarm"}), 400, "Volume driver type cinder is not supported, expecting a rexray"),
        Case(json!({"coe": "mesos"}), 400, "Network driver type flannel is not supported, expecting a docker"),
        Case(json!({"docker_storage_driver": "devicemapper"}), 400, "docker_storage_driver: "),
        Case(json!({"server_type": "bm"}), 400, "Cluster type (bm, fedora-coreos, kubernetes) not supported"),
        Case(json!({"server_type": null}), 400, "server_type"),
        Case(json!({"driver": "no-such"}), 400, "Cluster driver (no-such) not supported"),
        Case(json!({"flavor_id": "no-such"}), 400, "Unable to find flavor no-such"),
        Case(json!({"master_flavor_id": "no-such"}), 400, "Unable to find flavor no-such"),
        Case(json!({"external_network_id": "no-such"}), 400, "Unable to find external network no-such"),
        Case(json!({"fixed_network": "no-such"}), 400, "Unable to find fixed network no-such"),
        Case(json!({"fixed_subnet": "no-such"}), 400, "Unable to find fixed subnet no-such"),
        Case(json!({"network_driver": "foo"}), 400, "Network driver type foo is not supported"),
        Case(json!({"volume_driver": "rexray"}), 400, "Volume driver type rexray is not supported"),
        Case(
            json!({"docker_storage_driver": "devicemapper", "docker_volume_size": null}),
            400,
            "docker volume size None GB is not valid",
        ),
        Case(
            json!({"docker_storage_driver": "devicemapper", "docker_volume_size": 2}),
            400,
            "docker volume size 2 GB is not valid",
        ),
        Case(json!({"dns_nameserver": "dns.example"}), 400, "dns_nameserver"),
        Case(json!({"dns_nameserver": "::1"}), 400, "dns_nameserver"),
        Case(json!({"apiserver_port": 80}), 400, "apiserver_port, value '80'"),
        Case(json!({"apiserver_port": "many"}), 400, "apiserver_port, value 'many'"),
        Case(json!({"docker_volume_size": 0}), 400, "docker_volume_size"),
        Case(json!({"labels": null}), 400, "labels"),
        Case(json!({"labels": {"a": null}}), 400, "labels"),
        Case(json!({"labels": {"a": {"b": "c"}}}), 400, "labels"),
        Case(json!({"labels": {"boot_volume_size": "big"}}), 400, "boot_volume_size must be an integer"),
        Case(json!({"labels": "a=b"}), 400, "labels"),
        Case(json!({"public": "perhaps"}), 400, "public, value 'perhaps'"),
        Case(json!({"name": ""}), 400, "name"),
        Case(json!({"name": 5}), 400, "name, value '5': Value should be string"),
        Case(json!({"name": long}), 400, "name"),
        Case(json!({"name": ["a"]}), 400, "name"),
        Case(json!({"uuid": "x"}), 400, "uuid"),
        Case(json!({"project_id": "x"}), 400, "project_id, value 'x': Cannot set read only field"),
        Case(json!({"links": []}), 400, "Cannot set read only field"),
        Case(json!({"foo": 1}), 400, "Unknown attribute for argument cluster_template: foo"),
        Case(json!({"foo": 1, "bar": 2}), 400, "Unknown attributes for argument cluster_template: foo, bar"),
    ] {
        let answer = demo.post("/v1/clustertemplates", with(template("t"), change.clone())).await;
        let error = answer.error(status);
        assert!(error["title"].as_str().unwrap().contains(title), "{change}: {error}");
        assert_eq!(error["code"], "client", "{change}");
    }
    assert_eq!(api.rows().await, [0; 5]);
}

#[tokio::test]
async fn bad_clusters_are_refused_and_not_stored() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    demo.post("/v1/clustertemplates", with(template("single"), json!({"master_lb_enabled": false}))).await.expect(201);
    let before = api.rows().await;
    for Case(change, status, title) in [
        Case(json!({"cluster_template_id": "no-such"}), 400, "ClusterTemplate no-such could not be found"),
        Case(json!({"cluster_template_id": "absent"}), 400, "cluster_template_id, value '': Mandatory field missing"),
        Case(json!({"cluster_template_id": null}), 400, "Mandatory field missing"),
        Case(json!({"cluster_template_id": ""}), 400, "could not be found"),
        Case(json!({"cluster_template_id": 1}), 400, "Value should be string"),
        Case(json!({"keypair": "no-such"}), 404, "Unable to find keypair no-such"),
        Case(json!({"flavor_id": "no-such"}), 400, "Unable to find flavor no-such"),
        Case(json!({"fixed_network": "no-such"}), 400, "Unable to find fixed network no-such"),
        Case(json!({"name": "with spaces"}), 400, "name, value 'with spaces': Value should match the pattern"),
        Case(json!({"name": "1st"}), 400, "should match the pattern"),
        Case(json!({"name": "newline\n"}), 400, "should match the pattern"),
        Case(json!({"name": "x".repeat(243)}), 400, "maximum character requirement of 242"),
        Case(json!({"name": ""}), 400, "minimum character requirement of 1"),
        Case(json!({"node_count": -1}), 400, "node_count, value '-1': Value should be greater or equal to 0"),
        Case(json!({"node_count": "two"}), 400, "node_count, value 'two': Value should be an integer"),
        Case(json!({"node_count": [2]}), 400, "Value should be an integer"),
        Case(json!({"node_count": 0}), 400, "Resizing a nodegroup to zero is not supported"),
        Case(json!({"master_count": 0}), 400, "master_count, value '0': Value should be greater or equal to 1"),
        Case(json!({"master_count": 2}), 400, "master nodegroup size of 2 is invalid, size cannot be an even number"),
        Case(json!({"master_count": null}), 400, "master_count"),
        Case(
            json!({"master_count": 3, "cluster_template_id": "single"}),
            400,
            "master_count must be 1 when master_lb_enabled is False",
        ),
        Case(json!({"docker_volume_size": 0}), 400, "docker_volume_size"),
        Case(json!({"create_timeout": -1}), 400, "create_timeout"),
        Case(json!({"health_status": "FINE"}), 400, "health_status, value 'FINE': Value should be one of"),
        Case(json!({"status": "FINE"}), 400, "status, value 'FINE': Value should be one of"),
        Case(json!({"floating_ip_enabled": "perhaps"}), 400, "floating_ip_enabled"),
        Case(json!({"labels": {"a": null}}), 400, "labels"),
        Case(json!({"api_address": "x"}), 400, "Cannot set read only field"),
        Case(json!({"cluster_id": "x"}), 400, "Cannot set read only field"),
        Case(json!({"rollback": true}), 400, "Unknown attribute for argument cluster: rollback"),
        Case(json!({"cluster": {}}), 400, "Unknown attribute for argument cluster: cluster"),
    ] {
        let answer = demo.post("/v1/clusters", with(cluster("c", "t"), change.clone())).await;
        let error = answer.error(status);
        assert!(error["title"].as_str().unwrap().contains(title), "{change}: {error}");
    }
    let unknown = with(cluster("c", "no-such"), json!({}));
    demo.clone().speaking("1.9").post("/v1/clusters", unknown.clone()).await.error(400);
    demo.clone().speaking("1.10").post("/v1/clusters", unknown).await.error(404);
    assert_eq!(api.rows().await, before);
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for path in ["/v1/clusters", "/v1/clustertemplates", "/v1/certificates"] {
        for (body, title) in [
            ("{", "Request is not in valid JSON format"),
            ("\u{1}", "Request is not in valid JSON format"),
            ("[]", "Request must be a JSON dict"),
            ("null", "Request must be a JSON dict"),
            ("5", "Request must be a JSON dict"),
            ("", "Missing argument: \"c"),
        ] {
            let error = demo.send(Method::POST, path, body).await.error(400);
            assert!(error["title"].as_str().unwrap().contains(title), "{path} {body}: {error}");
        }
        let deep = "[".repeat(100_000);
        demo.send(Method::POST, path, &deep).await.error(400);
        let plain = demo.clone().header("content-type", "text/plain");
        assert_eq!(plain.send(Method::POST, path, "{}").await.detail(415), "Unknown mimetype: text/plain");
        let form = demo.clone().header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(form.send(Method::POST, path, "name=x").await.detail(400), "Unknown argument: \"name\"");
        demo.send(Method::POST, path, &"x".repeat(200_000)).await.error(413);
    }
    for body in ["{}", "null", "\"x\"", "[5]"] {
        demo.send(Method::PATCH, "/v1/clusters/c", body).await.error(400);
        demo.send(Method::PATCH, "/v1/clustertemplates/t", body).await.error(400);
    }
    assert_eq!(demo.send(Method::PATCH, "/v1/clusters/c", "").await.detail(400), "Missing argument: \"patch\"");
    assert_eq!(api.rows().await, [0; 5]);
}

#[tokio::test]
async fn an_error_repeats_a_few_of_many_names() {
    let api = Api::start().await;
    let names: Value = (0..5000).map(|index| (format!("k{index}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    let detail = api.demo().await.post("/v1/clusters", names).await.detail(400);
    assert_eq!(detail, "Unknown attributes for argument cluster: k0, k1, k2, k3, k4, k5, k6, k7, k8, k9 and 4990 more");
}

#[tokio::test]
async fn a_request_that_the_cloud_cannot_judge_is_refused_for_now() {
    let api = Api::start().await;
    let demo = api.demo().await;
    demo.get("/v1/clusters").await.expect(200);
    let fault = serde_json::from_value(json!({"service": "glance", "status": 503})).unwrap();
    api.devcloud.faults().add(jeroboam_devcloud::faults::Fault::Request(fault));
    let detail = demo.post("/v1/clustertemplates", template("t")).await.detail(503);
    assert_eq!(detail, "The image fedora-coreos-latest can not be checked now. Try again later.");
    assert_eq!(api.rows().await, [0; 5]);
}
