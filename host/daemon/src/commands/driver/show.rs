//! `jeroboam driver show`: a driver's versions, who uses them, and what to do next.

use anyhow::Result;
use jeroboam_api::operator::{Canary, Driver, Event, Stage, Version};

use super::{ask::ask, print};
use crate::{
    cli::{Format, Remote},
    commands::Ended,
};

/// What happened before is in the JSON.
const EVENTS_SHOWN: usize = 5;

pub fn run(driver: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let driver: Driver = client.get(&["drivers", driver], &[]).await?;
        tell(&driver, remote.format)?;
        Ok(Ended::Done)
    })
}

/// Also what the commands print that change a rollout.
pub fn tell(driver: &Driver, format: Format) -> Result<()> {
    if format == Format::Json {
        return print::json(driver);
    }
    println!("{}: {}", driver.name, stage(driver));
    if let Some(why) = &driver.why {
        println!("  because {why}");
    }
    let mut table =
        print::table(&["version", "digest", "state", "clusters", "calls", "oldest call", "deadline", "changed", "next"]);
    for version in &driver.versions {
        let use_ = &version.in_use;
        table.add_row([
            version.version.clone().unwrap_or_else(|| "-".to_owned()),
            print::short(&version.digest).to_owned(),
            state(version),
            use_.clusters.to_string(),
            use_.calls.to_string(),
            use_.oldest_call.map_or_else(|| "-".to_owned(), print::lasting),
            use_.deadline.map_or_else(|| "-".to_owned(), print::until),
            print::ago(version.changed_at),
            version.next.clone().unwrap_or_default(),
        ]);
    }
    print::say(&table);
    if !driver.history.is_empty() {
        println!();
    }
    driver.history.iter().rev().take(EVENTS_SHOWN).for_each(|event| println!("{}", happened(driver, event)));
    Ok(())
}

/// `3 min ago  activated plain@0.2.0 (7c67eaac35ec), by admin`.
fn happened(driver: &Driver, event: &Event) -> String {
    let Event { at, what, by, digest, why } = event;
    let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{:<10}  {what} {}, by {by}{why}", print::ago(*at), named(driver, digest))
}

/// With what keeps it from being used.
pub fn state(version: &Version) -> String {
    let state = print::word(version.state);
    match (&version.revoked, version.waits_for.is_empty()) {
        (Some(_), _) => format!("{state}, revoked"),
        (None, false) => format!("{state}, waits for approval"),
        (None, true) => state,
    }
}

/// Several components can have the same number.
fn named(driver: &Driver, digest: &str) -> String {
    let version = driver.versions.iter().find(|version| version.digest == digest);
    version.map_or_else(
        || print::short(digest).to_owned(),
        |version| format!("{} ({})", print::called(version), print::short(digest)),
    )
}

fn stage(driver: &Driver) -> String {
    let named = |digest: &str| named(driver, digest);
    let active = driver.active.as_deref().map_or_else(|| "no version".to_owned(), named);
    match &driver.stage {
        Stage::Steady => format!("{active} is active"),
        Stage::Canary { next, canary, since } => {
            format!("{active} is active; {} serves {}, begun {}", named(next), selected(canary), print::ago(*since))
        }
        Stage::Unconfirmed { previous, since } => {
            format!("{active} was activated {} and is not confirmed; a rollback goes to {}", print::ago(*since), named(previous))
        }
    }
}

fn selected(canary: &Canary) -> String {
    match canary {
        Canary::Share(share) => format!("{share}% of new clusters"),
        Canary::Projects(ids) => format!("new clusters of the projects {}", ids.join(", ")),
        Canary::Templates(ids) => format!("new clusters of the templates {}", ids.join(", ")),
    }
}
