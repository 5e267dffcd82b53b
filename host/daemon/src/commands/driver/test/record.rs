//! A recorded call as a test: it is to be answered as it was.

use std::{fs, path::Path, time::Instant};

use anyhow::{Context, Result};
use jeroboam_model::CallRecord;
use jeroboam_plugins::Driver;

use super::run::{Failure, Outcome};
use crate::commands::driver::{
    records::{self, Replayed, harmless},
    replay,
};

/// Lines of a difference that are shown; `jeroboam driver replay` shows all.
const LINES: usize = 12;

/// Every record of the file. An error is about reading it.
pub async fn try_file(driver: &Driver, file: &Path) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for kept in records::read(file)? {
        let started = Instant::now();
        let record = &kept.record;
        let what = match records::replay(driver, record).await {
            Ok(replayed) => otherwise(&replayed),
            Err(error) => Some(format!("{:#}", anyhow::Error::new(error))),
        };
        let place = kept.place.clone();
        outcomes.push(Outcome {
            name: format!("records/{}", file.file_stem().unwrap_or_default().to_string_lossy()),
            summary: format!("{} answers as {} {} did.", record.function, record.driver, record.version),
            seconds: started.elapsed().as_secs_f64(),
            failure: what.map(|what| Failure { place, what, log: Vec::new() }),
        });
    }
    Ok(outcomes)
}

/// What is not as it was, in some lines.
fn otherwise(replayed: &Replayed) -> Option<String> {
    let asked = replayed.unanswered.iter().map(|question| format!("asks what is not in the record: {question}"));
    let changed = replayed.changes.iter().flat_map(|change| {
        let before = change.removed.iter().map(|line| format!("{}: - {line}", change.text));
        before.chain(change.added.iter().map(|line| format!("{}: + {line}", change.text)))
    });
    let mut lines: Vec<String> = asked.chain(changed).map(|line| harmless(&line)).collect();
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    if more > 0 {
        lines.push(format!("and {more} lines more"));
    }
    (!lines.is_empty()).then(|| lines.join(&format!("\n{:31}", "")))
}

/// Writes the calls of a scenario into the folder, a file each: `life-03-define-stack.json`.
pub fn keep(calls: &[CallRecord], folder: &Path, scenario: &str) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    for (index, record) in calls.iter().enumerate() {
        replay::write(&folder.join(format!("{scenario}-{:02}-{}.json", index + 1, record.function)), record)?;
    }
    Ok(())
}
