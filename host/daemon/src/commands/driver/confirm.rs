//! `jeroboam driver confirm`: the active version stays for good.

use anyhow::Result;
use jeroboam_api::operator::Driver;

use super::{ask::ask, show};
use crate::{cli::Remote, commands::Ended};

pub fn run(driver: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let driver: Driver = client.post(&["drivers", driver, "actions", "confirm"], &()).await?;
        show::tell(&driver, remote.format)?;
        Ok(Ended::Done)
    })
}
