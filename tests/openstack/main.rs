//! The daemon and its drivers on real OpenStack services: `cargo xtask openstack test` starts them (`rig/`) and runs this.
//!
//! | module | holds |
//! |---|---|
//! | [`rig`] | where the services are; logging in |
//! | [`daemons`] | the daemons, configured for them |
//! | [`case`] | what a file in `cases/` says |
//! | [`project`] | a project for each case, and what is in it |
//! | [`life`] | a cluster from its template to nothing |
//! | [`refusals`] | requests that are refused before anything is made |
//! | [`tempest`] | OpenStack's own tests of the API |
//! | [`templates`] | the drivers' templates before Heat's validation |

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test says what it expects")]

mod case;
mod daemons;
mod life;
mod project;
mod refusals;
mod rig;
mod tempest;
mod templates;

use std::{env, fs, rc::Rc, time::Instant};

use anyhow::{Result, ensure};
use tokio::{
    sync::Semaphore,
    task::{JoinSet, LocalSet},
};

use crate::{
    case::{Case, Daemon},
    rig::{Login, Rig},
};

/// How many clusters live at a time: as many as two cores can run OpenStack for.
const SIDE_BY_SIDE: usize = 6;
const ADMIN: Login<'static> = Login::Password { user: "admin", project: "admin" };

#[tokio::test]
#[ignore = "needs the services that `cargo xtask openstack up` starts"]
async fn every_cluster_comes_lives_and_goes_without_a_trace() -> Result<()> {
    LocalSet::new().run_until(side_by_side()).await
}

/// `JEROBOAM_CASES`: only cases whose name contains one of these, separated by commas.
async fn side_by_side() -> Result<()> {
    let filter = env::var("JEROBOAM_CASES").unwrap_or_default();
    let wanted = |name: &str| filter.split(',').any(|part| name.contains(part));
    let cases: Vec<Case> = case::all()?.into_iter().filter(|case| wanted(&case.name)).collect();
    let rig = Rc::new(Rig::find()?);
    let admin = rig.log_in(ADMIN, Daemon::Usual.region()).await?;
    let mut running = vec![daemons::start(&rig, Daemon::Usual).await?];
    if cases.iter().any(|case| case.daemon == Daemon::Barbican) {
        running.push(daemons::start(&rig, Daemon::Barbican).await?);
    }

    let turns = Rc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut lives = JoinSet::new();
    for case in cases {
        let (rig, admin, turns) = (rig.clone(), admin.clone(), turns.clone());
        lives.spawn_local(async move {
            let _turn = turns.acquire().await;
            let started = Instant::now();
            let lived = life::live(&rig, &admin, &case).await;
            (case.name, started.elapsed().as_secs(), lived)
        });
    }
    if wanted("application-credential") {
        let (rig, admin) = (rig.clone(), admin.clone());
        lives.spawn_local(async move {
            let started = Instant::now();
            let refused = refusals::restricted_application_credential(&rig, &admin).await.map(|()| Vec::new());
            ("application-credential".to_owned(), started.elapsed().as_secs(), refused)
        });
    }
    if wanted("tempest") {
        let rig = rig.clone();
        lives.spawn_local(async move {
            let started = Instant::now();
            let passed = tempest::run(&rig).await.map(|passed| vec![("tests", passed as u64)]);
            ("tempest".to_owned(), started.elapsed().as_secs(), passed)
        });
    }
    ensure!(!lives.is_empty(), "no case is named like {filter}");

    let mut failed = Vec::new();
    while let Some(ended) = lives.join_next().await {
        let (name, seconds, lived) = ended?;
        match lived {
            Ok(times) => {
                let steps: Vec<_> = times.iter().map(|(step, seconds)| format!("{step} {seconds}")).collect();
                println!("{name:28} {seconds:4} s  {}", steps.join(", "));
            }
            Err(error) => {
                println!("{name:28} {seconds:4} s  FAILED");
                failed.push(format!("{name}: {error:?}"));
            }
        }
    }
    let log = rig.folder.join("log/daemon.log");
    let logs: Result<Vec<_>> = running.iter().map(|daemon| daemon.process.log()).collect();
    fs::write(&log, logs?.concat())?;
    ensure!(failed.is_empty(), "{}\n\nThe daemons' log is {}", failed.join("\n\n"), log.display());
    Ok(())
}

#[tokio::test]
#[ignore = "needs the services that `cargo xtask openstack up` starts"]
async fn heat_accepts_every_template_of_the_drivers() -> Result<()> {
    let rig = Rig::find()?;
    let demo = rig.log_in(Login::Password { user: "demo", project: "demo" }, "RegionOne").await?;
    println!("{} templates", templates::validate_all(&demo).await?);
    Ok(())
}
