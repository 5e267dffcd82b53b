use std::time::Duration;

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use jeroboam_tests::{balancer::balancer, cloud::Cloud, cluster, daemon::Place};
use serde_json::{Value, json};

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
    let balancer = balancer(&cloud, &user, &created).await?;
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
