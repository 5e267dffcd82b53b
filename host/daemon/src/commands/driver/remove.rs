//! `jeroboam driver remove`: a version that serves nobody is forgotten.

use anyhow::Result;

use super::{ask::ask, print, versions};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

pub fn run(version: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let version = versions::find(&client, version).await?;
        client.delete(&["drivers", "versions", &version.digest], &[]).await?;
        match remote.format {
            Format::Json => print::json(&version)?,
            Format::Table if version.version.is_none() => println!("{} is removed", print::called(&version)),
            Format::Table => println!("{} ({}) is removed", print::called(&version), print::short(&version.digest)),
        }
        Ok(Ended::Done)
    })
}
