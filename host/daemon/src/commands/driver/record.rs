//! `jeroboam driver record`: whether calls of a driver are recorded.

use anyhow::Result;
use jeroboam_api::operator::{Record, Recording};

use super::{ask::ask, print};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

/// What is wanted of the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Tell,
    Begin,
    End,
}

impl Wish {
    pub const fn of(on: bool, off: bool) -> Self {
        match (on, off) {
            (true, _) => Self::Begin,
            (false, true) => Self::End,
            (false, false) => Self::Tell,
        }
    }
}

pub fn run(driver: &str, wish: Wish, cluster: Option<&str>, remote: &Remote) -> Result<Ended> {
    let path = ["drivers", driver, "recording"];
    ask(&remote.connection, async |client| {
        let recording: Recording = match wish {
            Wish::Tell => client.get(&path, &[]).await?,
            Wish::Begin => client.put(&path, &Record { cluster: cluster.map(str::to_owned) }).await?,
            Wish::End => {
                let query: Vec<(&str, &str)> = cluster.iter().map(|cluster| ("cluster", *cluster)).collect();
                client.delete(&path, &query).await?;
                client.get(&path, &[]).await?
            }
        };
        match remote.format {
            Format::Json => print::json(&recording)?,
            Format::Table => tell(driver, &recording),
        }
        Ok(Ended::Done)
    })
}

fn tell(driver: &str, recording: &Recording) {
    if recording.switches.is_empty() {
        println!("no calls of {driver} are recorded");
    }
    for switch in &recording.switches {
        let of = switch
            .cluster
            .as_ref()
            .map_or_else(|| format!("all calls of {driver}"), |id| format!("calls about the cluster {id}"));
        println!("{of} are recorded; {} switched it on {}", switch.by, print::ago(switch.since));
    }
}
