//! `jeroboam driver audit`: what a driver did to the world outside.

use anyhow::Result;
use jeroboam_api::operator::Audit;

use super::{ask::ask, print};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

pub fn run(driver: &str, cluster: Option<&str>, limit: usize, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let limit = limit.to_string();
        let filters = [("limit", Some(limit.as_str())), ("cluster", cluster)];
        let query: Vec<(&str, &str)> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let audit: Audit = client.get(&["drivers", driver, "audit"], &query).await?;
        match remote.format {
            Format::Json => print::json(&audit)?,
            Format::Table if audit.effects.is_empty() => {
                let about = cluster.map(|cluster| format!(" for cluster {cluster}")).unwrap_or_default();
                println!("{driver} did nothing outside{about} that is still on record");
            }
            Format::Table => tell(&audit),
        }
        Ok(Ended::Done)
    })
}

fn tell(audit: &Audit) {
    let mut table = print::table(&["when", "effect", "target", "outcome", "cluster", "during", "version", "request"]);
    for effect in &audit.effects {
        table.add_row([
            print::ago(effect.at),
            effect.effect.clone(),
            effect.target.clone(),
            effect.outcome.clone(),
            effect.cluster.clone(),
            effect.during.clone(),
            effect.version.clone(),
            effect.request_id.clone(),
        ]);
    }
    print::say(&table);
    if audit.next.is_some() {
        println!("and more: see --limit");
    }
}
