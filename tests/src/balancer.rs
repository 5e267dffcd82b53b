//! What clusters leave outside: load balancers that their own controllers make.

use anyhow::{Context, Result};
use serde_json::json;

use crate::cloud::{Cloud, User};

/// A load balancer as the cluster's own controller makes it; answers its id.
pub async fn balancer(cloud: &Cloud, user: &User, cluster: &str) -> Result<String> {
    let root = format!("http://{}", cloud.devcloud.address());
    let network = json!({"network": {"name": "services"}});
    let network = user.post_json(&format!("{root}/network/v2.0/networks"), &network).await?;
    let subnet = json!({"subnet": {"network_id": network["network"]["id"], "cidr": "10.99.0.0/24", "ip_version": 4}});
    let subnet = user.post_json(&format!("{root}/network/v2.0/subnets"), &subnet).await?;
    let description = format!("Kubernetes external service default/web from cluster {cluster}");
    let made =
        json!({"loadbalancer": {"name": "kube_service", "vip_subnet_id": subnet["subnet"]["id"], "description": description}});
    let made = user.post_json(&format!("{root}/load-balancer/v2/lbaas/loadbalancers"), &made).await?;
    made["loadbalancer"]["id"].as_str().map(str::to_owned).context("an id")
}
