//! What several commands do with a version: find it, wait for its check, tell of it.

use std::time::Duration;

use anyhow::Result;
use jeroboam_api::operator::{State, Version};

use super::{ask::ask, print};
use crate::{
    cli::{Format, Remote},
    client::{Client, ClientError},
    commands::Ended,
};

/// Between looks at a check that goes on.
const BETWEEN: Duration = Duration::from_millis(100);

/// `driver check VERSION`: again, in the daemon.
pub fn check(version: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let begun: Version = client.post(&["drivers", "versions", version, "actions", "check"], &()).await?;
        let version = settled(&client, begun).await?;
        tell(&version, remote.format)
    })
}

pub async fn find(client: &Client, version: &str) -> Result<Version, ClientError> {
    client.get(&["drivers", "versions", version], &[]).await
}

/// Once its check is over.
pub async fn settled(client: &Client, mut version: Version) -> Result<Version, ClientError> {
    let spinner = print::spinner(&format!("checking {} {}", version.name, print::short(&version.digest)));
    while version.state == State::Installed {
        tokio::time::sleep(BETWEEN).await;
        version = find(client, &version.digest).await?;
    }
    spinner.finish_and_clear();
    Ok(version)
}

/// What a version is, and how the command ends for it.
pub fn tell(version: &Version, format: Format) -> Result<Ended> {
    match format {
        Format::Json => print::json(version)?,
        Format::Table => describe(version),
    }
    Ok(match version.state {
        State::Failed => Ended::Failed,
        _ if version.revoked.is_some() || !version.waits_for.is_empty() => Ended::Refused,
        _ => Ended::Done,
    })
}

fn describe(version: &Version) {
    let line = |name: &str, text: &str| println!("  {name:<12} {text}");
    let summary = version.summary.as_deref().unwrap_or_default();
    println!("{}: {}{}{summary}", print::called(version), print::word(version.state), if summary.is_empty() { "" } else { "; " });
    line("digest", &version.digest);
    if let Some(reason) = &version.reason {
        line("failed", &reason.operator);
        if let Some(author) = &reason.author {
            line("its author", author);
        }
    }
    if let Some(why) = &version.revoked {
        line("revoked", why);
    }
    if let Some(report) = &version.report {
        changes("labels", [("+", &report.labels.added), ("-", &report.labels.removed), ("~", &report.labels.changed)]);
        changes("asks for", [("+", &report.capabilities.added), ("-", &report.capabilities.removed), ("", &Vec::new())]);
        for test in report.self_test.iter().filter(|test| !test.passed) {
            line("self-test", &format!("{}: {}", test.name, test.detail));
        }
        let passed = report.self_test.iter().filter(|test| test.passed).count();
        match report.self_test.len() {
            0 if !version.waits_for.is_empty() => line("self-test", "once it is approved"),
            0 => line("self-test", "not made"),
            all => line("self-test", &format!("{passed} of {all} passed")),
        }
        let compiled = match report.compile_ms {
            0 => "compiled before".to_owned(),
            millis => format!("{millis} ms to compile"),
        };
        line("took", &format!("{compiled}, {} ms to load", report.load_ms));
    }
    for asked in &version.waits_for {
        line("waits for", &format!("{}: {}", asked.name, asked.reason));
    }
    if let Some(next) = &version.next {
        line("next", next);
    }
}

/// What is otherwise than in the active version.
fn changes(name: &str, lists: [(&str, &Vec<String>); 3]) {
    let signed = lists.iter().flat_map(|(sign, names)| names.iter().map(move |name| format!("{sign}{name}")));
    let signed: Vec<String> = signed.collect();
    if !signed.is_empty() {
        println!("  {name:<12} {}", signed.join(" "));
    }
}
