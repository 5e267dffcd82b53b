//! `jeroboam driver revoke`: nobody is to use a version any more.

use anyhow::Result;
use jeroboam_api::operator::{Driver, Revoke, Revoked};

use super::{ask::ask, print, show};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

pub fn run(version: &str, why: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let body = Revoke { why: why.to_owned() };
        let revoked: Revoked = client.post(&["drivers", "versions", version, "actions", "revoke"], &body).await?;
        match remote.format {
            Format::Json => print::json(&revoked)?,
            Format::Table => {
                let called = revoked.version.as_ref().map_or_else(|| version.to_owned(), print::called);
                println!("{called} is revoked. Clusters that it touched: {}", revoked.clusters.len());
                revoked.clusters.iter().for_each(|cluster| println!("  {cluster}"));
                if let Some(version) = &revoked.version {
                    // What serves in its place, if anything does.
                    show::tell(&client.get::<Driver>(&["drivers", &version.name], &[]).await?, remote.format)?;
                }
            }
        }
        Ok(Ended::Done)
    })
}
