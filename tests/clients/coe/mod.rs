//! Every `openstack coe` command of python-magnumclient 5 and 4.10, each with every option it has. What the packages can do is read from them, so that one that
//! comes with a command or an option more fails this until a case uses it.
//!
//! | module | the commands of |
//! |---|---|
//! | [`cluster_template`] | `coe cluster template` |
//! | [`cluster`] | `coe cluster` |
//! | [`nodegroup`] | `coe nodegroup` |
//! | [`certificates`] | `coe ca`, `coe credential` and `coe cluster config` |
//! | [`quotas`] | `coe quotas`, `coe stats` and `coe service` |

mod certificates;
mod cluster;
mod cluster_template;
mod nodegroup;
mod quotas;
mod user;

use anyhow::{Result, ensure};
use jeroboam_tests::dev::Dev;

use user::{Release, User};

#[test]
fn every_command_of_release_5_does_what_it_says() -> Result<()> {
    every_command_does_what_it_says(Release::Five)
}

#[test]
fn every_command_of_release_4_does_what_it_says() -> Result<()> {
    every_command_does_what_it_says(Release::Four)
}

fn every_command_does_what_it_says(release: Release) -> Result<()> {
    let dev = Dev::start(&[])?;
    let user = User::new(release, &dev)?;
    user.run("network create private")?;
    user.run("subnet create --network private --subnet-range 10.0.8.0/24 private-subnet")?;
    cluster_template::life(&user)?;
    cluster_template::for_clusters(&user)?;
    cluster::create_and_look(&user)?;
    certificates::config(&user)?;
    nodegroup::life(&user)?;
    cluster::change(&user)?;
    certificates::rotate(&user)?;
    quotas::life(&user)?;
    cluster::delete(&user)?;
    let unused = user.unused();
    ensure!(unused.is_empty(), "no case uses {unused:#?}");
    Ok(())
}
