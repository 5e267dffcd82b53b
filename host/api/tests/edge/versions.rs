//! What every answer below `/v1` says of versions, whatever becomes of the request.

use http::Method;

use super::support::{Answer, Api};

const SERVICE: &str = "container-infrastructure-management";

#[track_caller]
fn assert_described(answer: &Answer, status: u16, used: Option<&str>) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("openstack-api-version"), used.map(|used| format!("{SERVICE} {used}")).as_deref(), "{answer:?}");
    assert_eq!(answer.header("openstack-api-minimum-version"), Some(format!("{SERVICE} 1.1").as_str()), "{answer:?}");
    assert_eq!(answer.header("openstack-api-maximum-version"), Some(format!("{SERVICE} 1.14").as_str()), "{answer:?}");
    assert_eq!(answer.header("vary"), Some("OpenStack-API-Version"), "{answer:?}");
    answer.request_id();
}

#[tokio::test]
async fn errors_of_every_kind_tell_the_range_and_the_version_used() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.8");
    assert_described(&demo.get("/v1").await, 200, Some("1.8"));
    assert_described(&demo.get("/v1/clusters").await, 200, Some("1.8"));
    assert_described(&demo.get("/v1/clusters/none").await, 404, Some("1.8"));
    assert_described(&demo.get("/v1/nonsense").await, 404, Some("1.8"));
    assert_described(&demo.get("/nonsense").await, 404, Some("1.8"));
    assert_described(&demo.send(Method::PUT, "/v1/clusters", "").await, 405, Some("1.8"));
    assert_described(&demo.get("/v1/clusters/c/nodegroups").await, 406, Some("1.8"));
    assert_described(&api.nobody().speaking("1.8").get("/v1/clusters").await, 401, Some("1.8"));
    assert_described(&api.nobody().get("/v1/clusters").await, 401, Some("1.1"));
    assert_described(&demo.clone().header("accept", "text/html").get("/v1/clusters").await, 406, Some("1.8"));
    assert_described(&demo.speaking("1.15").get("/v1/clusters").await, 406, Some("1.15"));
    let confused = api.demo().await.header("openstack-api-version", "container-infra one");
    assert_described(&confused.get("/v1/clusters").await, 406, None);
}

#[tokio::test]
async fn a_version_that_there_is_not_is_refused_wherever_it_is_asked_for_and_the_root_has_none() {
    let api = Api::start().await;
    let demo = api.demo().await.speaking("1.99");
    for path in ["/v1", "/v1/clusters", "/v1/nonsense", "/v1/clusters/none"] {
        let error = &demo.get(path).await.expect(406)["errors"][0];
        assert_eq!(error["code"], "magnum.microversion-unsupported", "{path}");
    }
    let root = demo.get("/").await;
    root.expect(200);
    assert_eq!(root.header("openstack-api-version"), None);
    assert_eq!(root.header("vary"), None);
}

#[tokio::test]
async fn clients_of_liberty_and_mitaka_are_answered_in_1_1() {
    let api = Api::start().await;
    let demo = api.demo().await;
    for version in ["1.1", "latest"] {
        let answer = demo.clone().header("x-openstack-magnum-api-version", version).get("/v1/bays").await;
        answer.expect(200);
        for name in ["", "minimum-", "maximum-"] {
            assert_eq!(answer.header(&format!("x-openstack-magnum-api-{name}version")), Some("1.1"), "{name}");
        }
        assert_eq!(answer.header("openstack-api-version"), Some(format!("{SERVICE} 1.1").as_str()));
    }
    let refused = demo.clone().header("x-openstack-magnum-api-version", "1.9").get("/v1/bays").await;
    assert!(refused.detail(406).contains("OpenStack-API-Version"));
    // The header of today counts.
    let both = demo.speaking("1.9").header("x-openstack-magnum-api-version", "1.1").get("/v1/clusters").await;
    assert_described(&both, 200, Some("1.9"));
    assert_eq!(both.header("x-openstack-magnum-api-version"), None);
}
