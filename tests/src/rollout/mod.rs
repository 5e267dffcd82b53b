//! Clusters are made and changed at the rate that the machine sustains, while the version of their driver is swapped, tried on some first, and rolled back, over and over.
//!
//! ```text
//! clients    create, resize ×3, delete; each waits for the end of what it has asked for      ── done ──┐
//! operator   canary of a project or a share → all → roll back → canary of …                  ─ timeline ─┤
//! table      rate and latency at rest and during swaps; failures; who was served by a version that may not have ◀┘
//! ```
//!
//! Which version did something is read off what it left: the description of the stack that it defined, the version of the COE that it read.

mod load;
mod table;
mod timeline;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use serde_json::{Value, json};

pub use self::table::Table;
use self::{
    load::Client,
    timeline::{Canary, Serving, Timeline},
};
use crate::{
    cloud::{Cloud, User},
    daemon::Place,
    guest::{self, Guest},
    operator,
};

/// How long, how often, how much at a time.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Before the first swap.
    pub rest: Duration,
    /// Of canary, activation and rollback each.
    pub swaps: u32,
    /// Until the next swap begins; each of the three has a third of it.
    pub every: Duration,
    /// After the last swap, longer than the drain deadline.
    pub after: Duration,
    /// Each has one operation under way.
    pub clients: usize,
}

const DRIVER: &str = "swapped";
const VERSIONS: &[&str] = &["1.0.0", "1.1.0"];
const OLD: usize = 0;
const NEW: usize = 1;

/// What one call may take in all; so long after a switch, a call to the version before may begin.
pub const DRAIN_DEADLINE: Duration = Duration::from_secs(2);

/// A cloud and a daemon, and the load on them.
pub async fn run(load: &Load) -> Result<Table> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    let options = format!(
        "[jeroboam]\npoll_min = 0.02\nworkers = 32\n[quotas]\nmax_clusters_per_project = 100000\n[drivers]\nwall_limit = {}\n",
        DRAIN_DEADLINE.as_millis()
    );
    place.configure(&cloud, &options)?;
    let mut daemon = place.start(&[]).await?;
    let admin = cloud.user(Who::Admin, &place.url()?).await?;
    let image = guest::image(&cloud, &admin, DRIVER).await?;
    let mut digests = Vec::new();
    for version in VERSIONS {
        let component = Guest::new(DRIVER, version).component()?;
        let digest = operator::install(&admin, DRIVER, component).await?;
        operator::checked(&admin, &digest).await?;
        digests.push(digest);
    }

    let timeline = Timeline::default();
    let operator = Operator { admin: admin.clone(), digests, timeline: &timeline };
    operator.activate(OLD, None, Serving { active: OLD, canary: None, rolled_back: None }).await?;
    let mut clients = Vec::new();
    for who in [Who::Admin, Who::Demo] {
        let user = cloud.user(who, &place.url()?).await?;
        let heat = format!("http://{}/orchestration/v1/{}", cloud.devcloud.address(), user.project_id);
        let template = guest::template(&user, &image).await?;
        clients.push(Client { user, template, heat, versions: VERSIONS });
    }
    let (numbers, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let began = Instant::now();
    let at_work: Vec<_> = clients
        .iter()
        .cycle()
        .take(load.clients)
        .cloned()
        .map(|client| {
            let (numbers, stop) = (Arc::clone(&numbers), Arc::clone(&stop));
            tokio::spawn(async move { client.work(&numbers, &stop).await })
        })
        .collect();

    tokio::time::sleep(load.rest).await;
    let first_swap = Instant::now();
    let swapped = operator.swap(load, &clients).await;
    let last_swap = Instant::now();
    tokio::time::sleep(load.after).await;
    stop.store(true, Ordering::Relaxed);
    let mut done = Vec::new();
    for client in at_work {
        done.append(&mut client.await?);
    }
    swapped?;
    let shown = operator::show(&admin, DRIVER).await?;
    let ended = daemon.end()?;
    cloud.devcloud.shutdown().await;
    anyhow::ensure!(ended.success(), "SIGTERM ends the daemon in good order");
    Ok(Table::of(&done, &timeline, [began, first_swap, last_swap], calls_under_way(&shown)))
}

/// Of versions that do not serve any more.
fn calls_under_way(driver: &Value) -> u64 {
    let versions = driver["versions"].as_array().into_iter().flatten();
    let others = versions.filter(|version| version["state"] != "active");
    others.map(|version| version["in_use"]["calls"].as_u64().unwrap_or_default()).sum()
}

struct Operator<'a> {
    admin: User,
    digests: Vec<String>,
    timeline: &'a Timeline,
}

impl Operator<'_> {
    /// All swaps of a run, evenly spread.
    async fn swap(&self, load: &Load, clients: &[Client]) -> Result<()> {
        let third = load.every / 3;
        let began = tokio::time::Instant::now();
        for round in 0..load.swaps {
            let canary = match round % 2 {
                0 => Canary::Project(clients.last().context("a client")?.user.project_id.clone()),
                _ => Canary::Share(50),
            };
            let start = began + load.every * round;
            tokio::time::sleep_until(start).await;
            let serving = Serving { active: OLD, canary: Some((NEW, canary.clone())), rolled_back: None };
            self.activate(NEW, Some(canary), serving).await?;
            tokio::time::sleep_until(start + third).await;
            self.activate(NEW, None, Serving { active: NEW, canary: None, rolled_back: None }).await?;
            tokio::time::sleep_until(start + third * 2).await;
            self.timeline.asked(Serving { active: OLD, canary: None, rolled_back: Some(NEW) });
            operator::act(&self.admin, DRIVER, "rollback").await?;
            self.timeline.answered();
        }
        Ok(())
    }

    async fn activate(&self, version: usize, canary: Option<Canary>, serving: Serving) -> Result<()> {
        let canary = canary.map_or(Value::Null, |canary| match canary {
            Canary::Project(project) => json!({"projects": [project]}),
            Canary::Share(percent) => json!({"share": percent}),
        });
        self.timeline.asked(serving);
        operator::activate(&self.admin, &self.digests[version], &canary).await?;
        self.timeline.answered();
        Ok(())
    }
}
