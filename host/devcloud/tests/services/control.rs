//! Faults, inventory and the clock.

use std::time::{Duration, Instant};

use jeroboam_devcloud::{Devcloud, Who};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::support::{Session, cloud};

async fn fault(cloud: &Devcloud, fault: Value) -> StatusCode {
    let url = format!("http://{}/devcloud/faults", cloud.address());
    Client::new().post(url).json(&fault).send().await.unwrap().status()
}

#[tokio::test]
async fn a_fault_answers_in_the_shape_of_the_service_as_often_as_asked() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let asked =
        json!({"service": "network", "method": "GET", "path_contains": "/networks", "status": 503, "retry_after": 7, "times": 2});
    assert_eq!(fault(&cloud, asked).await, StatusCode::CREATED);
    demo.get("/network/v2.0/subnets").await.expect(200);
    for _ in 0..2 {
        let refused = demo.get("/network/v2.0/networks").await;
        assert_eq!(refused.headers["retry-after"], "7");
        assert!(refused.headers.contains_key("x-openstack-request-id"));
        assert!(refused.expect(503)["NeutronError"].is_object());
    }
    demo.get("/network/v2.0/networks").await.expect(200);
}

#[tokio::test]
async fn a_fault_can_drop_the_connection_or_take_its_time() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    fault(&cloud, json!({"service": "glance", "drop_connection": true, "times": 1})).await;
    let url = format!("http://{}/image/v2/images", cloud.address());
    Client::new().get(url).send().await.unwrap_err();
    fault(&cloud, json!({"service": "image", "delay_ms": 120, "times": 1})).await;
    let began = Instant::now();
    demo.get("/image/v2/images").await.expect(200);
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn faults_are_listed_and_cleared_and_nonsense_is_refused() {
    let cloud = cloud().await;
    let url = format!("http://{}/devcloud/faults", cloud.address());
    assert!(fault(&cloud, json!({"service": "teapot"})).await.is_client_error());
    assert!(fault(&cloud, json!({"service": "image", "statuss": 500})).await.is_client_error());
    fault(&cloud, json!({"resource_type": "OS::Nova::Server", "action": "CREATE", "reason": "no valid host"})).await;
    let list = || async { Client::new().get(&url).send().await.unwrap().json::<Value>().await.unwrap() };
    assert_eq!(list().await["faults"][0]["reason"], "no valid host");
    Client::new().delete(&url).send().await.unwrap();
    assert_eq!(list().await["faults"], json!([]));
}

#[tokio::test]
async fn the_inventory_lists_what_is_there_by_project() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let own = |project: String| {
        let url = format!("http://{}/devcloud/inventory?project={project}", cloud.address());
        async move {
            let listed: Value = Client::new().get(url).send().await.unwrap().json().await.unwrap();
            let live = listed["objects"].as_array().unwrap().iter().filter(|object| object["seeded"] != true);
            live.map(|object| format!("{}/{}", object["service"].as_str().unwrap(), object["type"].as_str().unwrap()))
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(own(demo.project().to_owned()).await, Vec::<String>::new());
    let (network, _) = demo.network("n", "10.0.0.0/24").await;
    let mut found = own(demo.project().to_owned()).await;
    found.sort();
    assert_eq!(found, ["network/network", "network/subnet"]);
    assert_eq!(own("another".to_owned()).await, Vec::<String>::new());
    demo.delete(&format!("/network/v2.0/networks/{network}")).await.expect(204);
    assert_eq!(own(demo.project().to_owned()).await, Vec::<String>::new());
}
