use std::{net::TcpListener, time::Duration};

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use jeroboam_tests::{cloud::Cloud, cluster, daemon::Place, dev::Dev};
use serde_json::json;

async fn scrape(address: &str) -> Result<String> {
    let answer = reqwest::get(format!("http://{address}/metrics")).await?.error_for_status()?;
    let kind = answer.headers().get("content-type").context("a content type")?.to_str()?.to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    Ok(answer.text().await?)
}

/// The sum of the series of a metric that have all of these labels.
fn sum(text: &str, metric: &str, labels: &[&str]) -> f64 {
    let of_metric = text.lines().filter_map(|line| line.strip_prefix(metric)?.strip_prefix('{')?.split_once("} "));
    let fitting = of_metric.filter(|(own, _)| labels.iter().all(|label| own.split(',').any(|own| own == *label)));
    fitting.map(|(_, value)| value.parse::<f64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clusters_creation_is_seen_in_every_table() -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    // A port that was free a moment ago.
    let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    place.configure(&cloud, &format!("[jeroboam]\nmetrics_listen = {listen}\n"))?;
    let mut daemon = place.start(&[]).await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let template = cluster::template(&user, &json!({})).await?;
    let created = cluster::create(&user, &template).await?;
    cluster::becomes(&user, &created, "CREATE_COMPLETE").await?;

    let text = scrape(&listen).await?;
    assert!(text.ends_with("# EOF\n"));
    let create = ["route=\"/v1/clusters\"", "method=\"POST\"", "status=\"202\""];
    assert_eq!(sum(&text, "jeroboam_api_requests_total", &create), 1.0);
    assert_eq!(sum(&text, "jeroboam_operations_total", &["kind=\"create\"", "end=\"done\""]), 1.0);
    assert!(sum(&text, "jeroboam_operation_step_seconds_count", &["step=\"stack\"", "result=\"done\""]) >= 1.0);
    let define = ["driver=\"kubernetes\"", "function=\"define-stack\""];
    assert_eq!(sum(&text, "jeroboam_driver_calls_total", &define), 1.0);
    assert!(sum(&text, "jeroboam_driver_call_cpu_seconds_sum", &define) > 0.0);
    for metric in
        ["jeroboam_driver_host_calls_total", "jeroboam_driver_host_call_bytes_total", "jeroboam_driver_host_call_seconds_total"]
    {
        assert!(sum(&text, metric, &["driver=\"kubernetes\"", "interface=\"lookup\""]) > 0.0, "{metric}");
    }
    assert_eq!(sum(&text, "jeroboam_driver_calls_in_flight", &["driver=\"kubernetes\""]), 0.0);
    assert!(sum(&text, "jeroboam_cloud_requests_total", &["service=\"Heat\"", "method=\"POST\"", "status=\"201\""]) >= 1.0);
    assert!(sum(&text, "jeroboam_store_commit_seconds_count", &["result=\"done\""]) > 5.0);

    // What identifies users' things makes no series.
    for one in [&created, &template, &user.project_id, &user.user_id] {
        assert!(!text.contains(one.as_str()), "{one} in\n{text}");
    }
    // Neither does the public port serve them.
    let public = reqwest::get(place.url()?.join("/metrics")?).await?;
    assert_eq!(public.status().as_u16(), 401);
    assert!(daemon.end()?.success());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_methods_that_clients_invent_share_a_series() -> Result<()> {
    let dev = Dev::start(&[])?;
    let ready = dev.printed("Ready. The API is on ")?;
    let api = url::Url::parse(ready.split(',').next().context("an address")?)?;
    let line = dev.printed("Metrics are on http://")?;
    let address = line.trim_end_matches("/metrics.");
    let http = reqwest::Client::new();
    for number in 0..20 {
        let method = reqwest::Method::from_bytes(format!("X{number}").as_bytes())?;
        http.request(method, api.join(&format!("/v1/strange/{number}"))?).send().await?;
    }
    let text = scrape(address).await?;
    assert_eq!(sum(&text, "jeroboam_api_requests_total", &["route=\"none\"", "method=\"other\""]), 20.0);
    assert!(!text.contains("strange"));
    assert!(sum(&text, "jeroboam_driver_loaded", &["driver=\"kubernetes\""]) >= 1.0, "{text}");
    Ok(())
}
