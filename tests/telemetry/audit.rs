use std::time::Duration;

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use jeroboam_tests::{cloud::Cloud, cluster, daemon::Place};
use serde_json::{Value, json};

/// A load balancer as the cluster's own controller makes it.
async fn balancer(user: &jeroboam_tests::cloud::User, root: &str, cluster: &str) -> Result<String> {
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

#[tokio::test(flavor = "multi_thread")]
async fn what_a_driver_deletes_for_a_cluster_is_on_record_and_in_the_log() -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "")?;
    let mut daemon = place.start(&[]).await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let template = cluster::template(&user, &json!({})).await?;
    let created = cluster::create(&user, &template).await?;
    cluster::becomes(&user, &created, "CREATE_COMPLETE").await?;
    let auth = cloud.devcloud.identity_url();
    let root = auth.split("/identity").next().context("the cloud's root")?;
    let balancer = balancer(&user, root, &created).await?;
    cluster::delete(&user, &created).await?;
    cluster::gone(&user, &created).await?;
    assert!(daemon.end()?.success());

    let lines = place.export()?;
    let records: Vec<Value> =
        lines.iter().filter(|line| line.contains(&balancer)).map(|line| serde_json::from_str(line).unwrap()).collect();
    let [record] = records.as_slice() else { panic!("{records:?}") };
    let text = record.to_string();
    for part in ["load-balancers.delete", "before-delete", "kubernetes", &created, &user.project_id, "\"done\""] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let log = daemon.log()?;
    let line = log.lines().find(|line| line.contains("jeroboam.audit") && line.contains(&balancer));
    let line = line.with_context(|| format!("no line in\n{log}"))?;
    assert!(line.contains("load-balancers.delete") && line.contains("done") && line.contains("req-"), "{line}");
    Ok(())
}
