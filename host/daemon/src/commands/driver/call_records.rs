//! `jeroboam driver records`: calls that were recorded; one of them whole, as `driver replay` reads it.

use anyhow::Result;
use jeroboam_api::operator::CallRecords;
use serde_json::Value;

use super::{ask::ask, print};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

/// Which records to list.
pub struct Which<'a> {
    pub cluster: Option<&'a str>,
    pub function: Option<&'a str>,
    pub limit: usize,
}

pub fn list(driver: &str, which: &Which<'_>, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let limit = which.limit.to_string();
        let filters = [("limit", Some(limit.as_str())), ("cluster", which.cluster), ("function", which.function)];
        let query: Vec<(&str, &str)> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let found: CallRecords = client.get(&["drivers", driver, "records"], &query).await?;
        match remote.format {
            Format::Json => print::json(&found)?,
            Format::Table if found.records.is_empty() => {
                println!("no such calls of {driver} are on record; `jeroboam driver record {driver} --on` begins");
            }
            Format::Table => tell(&found),
        }
        Ok(Ended::Done)
    })
}

/// Always JSON: it is for a file.
pub fn show(driver: &str, record: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let record: Value = client.get(&["drivers", driver, "records", record], &[]).await?;
        print::json(&record)?;
        Ok(Ended::Done)
    })
}

fn tell(found: &CallRecords) {
    let mut table = print::table(&["record", "when", "version", "function", "cluster", "outcome", "took", "can be replayed"]);
    for record in &found.records {
        table.add_row([
            record.id.clone(),
            print::ago(record.at),
            record.version.clone(),
            record.function.clone(),
            record.cluster.clone().unwrap_or_else(|| "-".to_owned()),
            record.outcome.clone(),
            format!("{:.1} ms", record.took),
            if record.gaps.is_empty() { "yes".to_owned() } else { format!("no: {}", record.gaps.join(", ")) },
        ]);
    }
    print::say(&table);
    if found.next.is_some() {
        println!("and more: see --limit");
    }
}
