//! `jeroboam driver rollback`: back to the version before.

use anyhow::Result;
use jeroboam_api::operator::Driver;

use super::{ask::ask, show};
use crate::{cli::Remote, commands::Ended};

pub fn run(driver: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let driver: Driver = client.post(&["drivers", driver, "actions", "rollback"], &()).await?;
        show::tell(&driver, remote.format)?;
        Ok(Ended::Done)
    })
}
