//! Version discovery, which clients do before they log in.

use reqwest::Client;
use serde_json::Value;

use super::support::cloud;

#[tokio::test]
async fn every_service_says_its_versions_to_anybody_with_or_without_a_slash() {
    let cloud = cloud().await;
    let root = format!("http://{}", cloud.address());
    for service in ["identity", "image", "compute", "network", "volume", "load-balancer", "key-manager", "orchestration"] {
        for path in [service.to_owned(), format!("{service}/")] {
            let answer = Client::new().get(format!("{root}/{path}")).send().await.unwrap();
            assert!([200, 300].contains(&answer.status().as_u16()), "{path}: {}", answer.status());
            let body: Value = answer.json().await.unwrap();
            assert!(body["versions"].to_string().contains(&format!("{root}/{service}/v")), "{path}: {body}");
        }
    }
    let compute: Value = Client::new().get(format!("{root}/compute/v2.1/")).send().await.unwrap().json().await.unwrap();
    assert_eq!((&compute["version"]["min_version"], &compute["version"]["version"]), (&"2.1".into(), &"2.96".into()));
    let identity: Value = Client::new().get(cloud.identity_url()).send().await.unwrap().json().await.unwrap();
    assert_eq!(identity["version"]["status"], "stable");
}
