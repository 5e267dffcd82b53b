//! `jeroboam driver activate`: new clusters get a version, all or some.

use anyhow::Result;
use jeroboam_api::operator::{Activate, Canary, Driver};

use super::{ask::ask, show};
use crate::{cli::Remote, commands::Ended};

pub fn run(version: &str, canary: Option<&Canary>, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let activate = Activate { canary: canary.cloned() };
        let driver: Driver = client.post(&["drivers", "versions", version, "actions", "activate"], &activate).await?;
        show::tell(&driver, remote.format)?;
        Ok(Ended::Done)
    })
}
