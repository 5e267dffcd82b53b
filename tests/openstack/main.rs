//! The daemon and its drivers on real OpenStack services: `cargo xtask openstack test` starts them (`rig/`) and runs this.
//!
//! | module | holds |
//! |---|---|
//! | [`rig`] | where the services are; logging in |
//! | [`daemons`] | the daemons, configured for them |
//! | [`case`] | what a file in `cases/` says |
//! | [`project`] | a project for each case, and what is in it |
//! | [`life`] | a cluster from its template to nothing |
//! | [`templates`] | the drivers' templates before Heat's validation |

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test says what it expects")]

mod case;
mod daemons;
mod life;
mod project;
mod rig;
mod templates;

use std::{env, rc::Rc, time::Instant};

use anyhow::{Result, ensure};
use tokio::{
    sync::Semaphore,
    task::{JoinSet, LocalSet},
};

use crate::rig::{Login, Rig};

/// How many clusters live at a time: as many as two cores can run OpenStack for.
const SIDE_BY_SIDE: usize = 6;
const ADMIN: Login<'static> = Login::Password { user: "admin", project: "admin" };

#[tokio::test]
#[ignore = "needs the services that `cargo xtask openstack up` starts"]
async fn every_cluster_comes_lives_and_goes_without_a_trace() -> Result<()> {
    LocalSet::new().run_until(every_case()).await
}

async fn every_case() -> Result<()> {
    let rig = Rc::new(Rig::find()?);
    let usual = daemons::start(&rig, case::Daemon::Usual).await?;
    let admin = rig.log_in(ADMIN, "RegionOne").await?;
    let wanted = env::var("JEROBOAM_CASES").unwrap_or_default();
    let turns = Rc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut lives = JoinSet::new();
    for case in case::all()?.into_iter().filter(|case| case.name.contains(&wanted)) {
        let (rig, admin, turns) = (rig.clone(), admin.clone(), turns.clone());
        lives.spawn_local(async move {
            let _turn = turns.acquire().await;
            let started = Instant::now();
            let lived = life::live(&rig, &admin, &case).await;
            (case.name, started.elapsed().as_secs(), lived)
        });
    }
    ensure!(!lives.is_empty(), "no case is named like {wanted}");
    let mut failed = Vec::new();
    for (name, seconds, lived) in lives.join_all().await {
        match lived {
            Ok(times) => {
                let steps: Vec<_> = times.iter().map(|(step, seconds)| format!("{step} {seconds}")).collect();
                println!("{name:32} {seconds:4} s: {}", steps.join(", "));
            }
            Err(error) => {
                println!("{name:32} {seconds:4} s: FAILED");
                failed.push(format!("{error:?}"));
            }
        }
    }
    let log = rig.folder.join("log/daemon.log");
    std::fs::write(&log, usual.process.log()?)?;
    ensure!(failed.is_empty(), "{}\nlog of the daemon: {}", failed.join("\n\n"), log.display());
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
