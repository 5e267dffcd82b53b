//! Request ids both ways.

use std::time::Duration;

use jeroboam_api::ApiConfig;
use jeroboam_model::{ClusterId, RequestId};

use super::lines::Lines;
use super::support::{Api, cluster, template};

const GLOBAL: &str = "req-3f2504e0-4f89-41d3-9a0c-0305e82c3301";

#[tokio::test]
async fn a_request_has_an_id_of_its_own_and_passes_on_the_one_behind_it() {
    let lines = Lines::listen();
    let api = Api::start().await;
    let demo = api.demo().await.header("x-openstack-request-id", GLOBAL);
    let before = lines.sent().len();

    let answer = demo.post("/v1/clustertemplates", template("t")).await;
    answer.expect(201);
    assert_ne!(answer.request_id(), GLOBAL);
    let sent = lines.sent().split_off(before);
    assert!(sent.len() > 2 && sent.iter().all(|id| id == GLOBAL), "Keystone, Glance, Nova and Neutron are told: {sent:?}");

    let accepted = demo.post("/v1/clusters", cluster("c", "t")).await;
    let id: ClusterId = accepted.expect(202)["uuid"].as_str().unwrap().parse().unwrap();
    let operations = api.store.operations().of_cluster(id).await.unwrap();
    let requester = &operations[0].requester;
    assert_eq!(requester.request_id.as_str(), accepted.request_id());
    assert_eq!(requester.global_request_id, RequestId::parse(GLOBAL));
    assert_eq!(requester.onward_id().as_str(), GLOBAL);
}

#[tokio::test]
async fn what_is_no_request_id_is_not_passed_on() {
    let lines = Lines::listen();
    // Nothing is remembered: each request has to ask OpenStack.
    let config = ApiConfig { lookup_cache_time: Duration::ZERO, ..ApiConfig::default() };
    let api = Api::with(config, Default::default()).await;
    for wrong in ["req-1", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "req-3F2504E0-4F89-41D3-9A0C-0305E82C3301", "x\" y"] {
        let demo = api.demo().await.header("x-openstack-request-id", wrong);
        let before = lines.sent().len();
        let answer = demo.post("/v1/clustertemplates", template("t")).await;
        answer.expect(201);
        let sent = lines.sent().split_off(before);
        assert!(!sent.is_empty() && sent.iter().all(|id| id == answer.request_id()), "{wrong}: {sent:?}");
    }
    assert!(!lines.text().contains("x\\\" y"));
}
