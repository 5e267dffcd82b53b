//! Requests a second and latencies of the API, beside a bare hyper server that sends the same bytes: both in one run, in turns, with the load from this
//! process. Run by `cargo xtask bench http`.
//!
//! A commit is on disk before it is answered, and commits that wait share a flush: how many templates are created in a second depends on how many wait. So
//! these are measured with more connections, too.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod bare;
mod fill;
mod load;

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    daemon::Place,
};
use load::Figures;
use reqwest::Method;
use serde_json::{Value, json};

const CONNECTIONS: usize = 16;
const MANY_CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const WARM_UP: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> Result<()> {
    for clusters in [100, 10_000] {
        measure(clusters).await?;
    }
    Ok(())
}

async fn measure(clusters: usize) -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "[quotas]\nmax_clusters_per_project = 100000\n")?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let one = fill::clusters(&place, &user, clusters).await?;
    let daemon = place.start(&[]).await?;
    println!("{clusters} clusters stored; daemon at rest: {} MiB", daemon.resident_mib()?);
    println!("{:<24} {:>12} {:>12} {:>7} {:>9} {:>9}", "", "jeroboam/s", "hyper/s", "ratio", "p50 ms", "p99 ms");
    let address = SocketAddr::from(([127, 0, 0, 1], place.port));
    for (name, path) in
        [("show one cluster", format!("/clusters/{one}")), ("list 100 clusters", "/clusters?limit=100".to_owned())]
    {
        compare(name, address, &user, (Method::GET, &path, None), CONNECTIONS).await?;
    }
    let template = json!({
        "name": "k8s", "coe": "kubernetes", "image_id": "fedora-coreos-latest", "keypair_id": "testkey", "external_network_id": "public",
        "flavor_id": "m1.small", "master_flavor_id": "m1.small", "labels": {"kube_tag": "v1.34.1"},
    });
    for connections in [CONNECTIONS, MANY_CONNECTIONS] {
        let name = format!("create a template, {connections}");
        compare(&name, address, &user, (Method::POST, "/clustertemplates", Some(&template)), connections).await?;
    }
    println!("under load: {} MiB\n", daemon.resident_mib()?);
    cloud.devcloud.shutdown().await;
    Ok(())
}

async fn compare(
    name: &str,
    ours: SocketAddr,
    user: &User,
    (method, path, body): (Method, &str, Option<&Value>),
    connections: usize,
) -> Result<()> {
    let answer = user.ask(method.clone(), path, body).await?;
    anyhow::ensure!(answer.status().is_success(), "{method} {path}: {}", answer.text().await?);
    let headers = answer.headers().iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "content-length"));
    let headers = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
    let bare = bare::start(headers, answer.bytes().await?).await?;
    let request = user.request(&method, path, body);
    load::run(ours, &request, connections, WARM_UP).await?;
    load::run(bare, &request, connections, WARM_UP).await?;
    let mut runs = Vec::new();
    for _ in 0..ROUNDS {
        let ours = load::run(ours, &request, connections, ROUND).await?;
        let bare = load::run(bare, &request, connections, ROUND).await?;
        runs.push((ours, bare));
    }
    let rate = |of: fn(&(Figures, Figures)) -> f64| median(runs.iter().map(of).collect());
    println!(
        "{name:<24} {:>12.0} {:>12.0} {:>6.0}% {:>9.2} {:>9.2}",
        rate(|(ours, _)| ours.rate()),
        rate(|(_, bare)| bare.rate()),
        100.0 * rate(|(ours, bare)| ours.rate() / bare.rate()),
        rate(|(ours, _)| ours.percentile(0.5)),
        rate(|(ours, _)| ours.percentile(0.99)),
    );
    Ok(())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
