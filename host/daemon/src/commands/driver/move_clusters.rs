//! `jeroboam driver move`: clusters that would change go to the version that new ones get.

use anyhow::Result;
use jeroboam_api::operator::{Move, MovedClusters};

use super::{ask::ask, print};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

/// No clusters: all of them.
pub fn run(driver: &str, clusters: &[String], remote: &Remote) -> Result<Ended> {
    let which = if clusters.is_empty() { Move::All(true) } else { Move::Clusters(clusters.to_vec()) };
    ask(&remote.connection, async |client| {
        let moved: MovedClusters = client.post(&["drivers", driver, "actions", "move"], &which).await?;
        let there = moved.moved.iter().filter(|cluster| cluster.from.as_ref() == Some(&cluster.to)).count();
        match remote.format {
            Format::Json => print::json(&moved)?,
            Format::Table => {
                let mut table = print::table(&["cluster", "from", "to"]);
                for cluster in &moved.moved {
                    let from = cluster.from.as_deref().map_or("-", print::short);
                    table.add_row([cluster.cluster.as_str(), from, print::short(&cluster.to)]);
                }
                if !moved.moved.is_empty() {
                    print::say(&table);
                }
                let aside = if there > 0 { format!(", {there} there already") } else { String::new() };
                println!("{} moved{aside}", moved.moved.len() - there);
            }
        }
        Ok(Ended::Done)
    })
}
