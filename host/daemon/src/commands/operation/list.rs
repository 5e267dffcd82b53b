//! `jeroboam operation list`.

use anyhow::Result;
use clap::ValueEnum;
use jeroboam_api::operations::Operations;

use super::show;
use crate::{
    cli::{Format, Remote, Status},
    commands::{
        Ended,
        driver::{ask::ask, print},
    },
};

/// Which of them.
pub struct Which<'a> {
    pub cluster: Option<&'a str>,
    pub status: &'a [Status],
    pub kind: &'a [String],
    pub limit: usize,
}

pub fn run(which: &Which<'_>, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let limit = which.limit.to_string();
        let names = which.status.iter().filter_map(ValueEnum::to_possible_value).map(|value| value.get_name().to_owned());
        let (status, kind) = (names.collect::<Vec<_>>().join(","), which.kind.join(","));
        let filters = [("limit", limit.as_str()), ("status", status.as_str()), ("kind", kind.as_str())];
        let query: Vec<(&str, &str)> = filters.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let path = match which.cluster {
            Some(cluster) => vec!["clusters", cluster, "operations"],
            None => vec!["operations"],
        };
        let found: Operations = client.get(&path, &query).await?;
        match remote.format {
            Format::Json => print::json(&found)?,
            Format::Table if found.operations.is_empty() => println!("there are none"),
            Format::Table => tell(&found),
        }
        Ok(Ended::Done)
    })
}

fn tell(found: &Operations) {
    let mut table = print::table(&["id", "cluster", "kind", "status", "step", "done", "accepted", "cause"]);
    for operation in &found.operations {
        table.add_row([
            operation.id.clone(),
            operation.cluster.clone(),
            operation.kind.clone(),
            show::status(operation),
            operation.step.clone(),
            show::progress(operation),
            print::ago(operation.created_at),
            operation.cause.as_ref().map(|cause| cause.kind.clone()).unwrap_or_default(),
        ]);
    }
    print::say(&table);
    if found.next.is_some() {
        println!("and more: see --limit");
    }
}
