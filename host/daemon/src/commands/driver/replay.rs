//! `jeroboam driver replay`: recorded calls made again with another component, without a cloud, and what it answers otherwise.

use std::{
    fs,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use jeroboam_model::CallRecord;
use jeroboam_plugins::Driver;
use serde::Serialize;
use serde_json::json;

use super::records::{self, Kept, Replayed, Verdict, harmless};
use crate::{
    cli::Format,
    commands::{self, Ended, Exit},
};

pub fn run(path: &Path, with: &Path, save: Option<&Path>, format: Format) -> Result<Ended> {
    let all = commands::runtime()?.block_on(replay_all(path, with)).map_err(|error| Exit::because(Ended::Unusable, error))?;
    let worst = all.iter().map(|(_, replayed)| replayed.verdict()).max().unwrap_or(Verdict::Same);
    match format {
        Format::Table => all.iter().for_each(|(kept, replayed)| tell(kept, replayed)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&report(&all, worst))?),
    }
    if let Some(save) = save {
        let ended = if worst == Verdict::Unanswered { Ended::Unanswered } else { Ended::Unusable };
        bless(&all, save).map_err(|error| Exit::because(ended, error))?;
        return Ok(Ended::Done);
    }
    let count = all.iter().filter(|(_, replayed)| replayed.verdict() == worst).count();
    Ok(match worst {
        Verdict::Same => Ended::Done,
        Verdict::Different => {
            eprintln!("{count} of {} calls are answered otherwise", all.len());
            Ended::Failed
        }
        Verdict::Unanswered => {
            eprintln!("in {count} of {} calls it asks what the record does not answer", all.len());
            Ended::Unanswered
        }
    })
}

async fn replay_all(path: &Path, with: &Path) -> Result<Vec<(Kept, Replayed)>> {
    let mut kept = Vec::new();
    for file in records::files(path)? {
        kept.extend(records::read(&file)?);
    }
    let driver: Driver = records::load(with).await?;
    let mut all = Vec::new();
    for kept in kept {
        let replayed =
            records::replay(&driver, &kept.record).await.with_context(|| format!("{} cannot be replayed", kept.place))?;
        all.push((kept, replayed));
    }
    Ok(all)
}

/// For people.
fn tell(kept: &Kept, replayed: &Replayed) {
    println!("{:<10}  {}  {} by {}", replayed.verdict().as_str(), kept.place, kept.record.function, who(&replayed.made));
    let paint = Paint::of_terminal();
    for question in &replayed.unanswered {
        println!("  asks        {}", harmless(&question.to_string()));
    }
    // What is otherwise for want of an answer tells nothing.
    for change in replayed.changes.iter().filter(|_| replayed.unanswered.is_empty()) {
        println!("{}", paint.head(&format!("--- {}  recorded from {}", harmless(&change.text), who(&kept.record))));
        println!("{}", paint.head(&format!("+++ {}  answered by {}", harmless(&change.text), who(&replayed.made))));
        change.unified.lines().for_each(|line| println!("{}", paint.line(&harmless(line))));
    }
}

fn who(record: &CallRecord) -> String {
    format!("{} {} ({})", record.driver, record.version, record.digest.get(..12).unwrap_or(&record.digest))
}

/// For programs.
fn report(all: &[(Kept, Replayed)], worst: Verdict) -> impl Serialize {
    let component = |record: &CallRecord| json!({"driver": record.driver, "version": record.version, "digest": record.digest});
    let one = |(kept, replayed): &(Kept, Replayed)| {
        json!({"record": kept.place, "id": kept.record.id, "function": kept.record.function, "recorded": component(&kept.record),
            "with": component(&replayed.made), "verdict": replayed.verdict(), "changes": replayed.changes,
            "unanswered": replayed.unanswered})
    };
    json!({"verdict": worst, "records": all.iter().map(one).collect::<Vec<_>>()})
}

/// Writes the records with what was answered now: from here on that is right.
fn bless(all: &[(Kept, Replayed)], save: &Path) -> Result<()> {
    if let Some((kept, _)) = all.iter().find(|(_, replayed)| !replayed.unanswered.is_empty()) {
        bail!("{} is not saved: the record does not answer what the component asks; record the call anew", kept.place);
    }
    let several = all.len() > 1;
    if several {
        fs::create_dir_all(save).with_context(|| format!("making the folder {}", save.display()))?;
    }
    for (kept, replayed) in all {
        let path: PathBuf = match several {
            false => save.to_owned(),
            true => save.join(format!("{}-{}.json", kept.file.file_stem().unwrap_or_default().to_string_lossy(), kept.record.id)),
        };
        let CallRecord { id, at, .. } = kept.record;
        write(&path, &CallRecord { id, at, ..replayed.made.clone() })?;
        eprintln!("saved {}", path.display());
    }
    Ok(())
}

pub fn write(path: &Path, record: &CallRecord) -> Result<()> {
    let mut text = serde_json::to_string_pretty(record)?;
    text.push('\n');
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Colours, where there is a person to see them.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn of_terminal() -> Self {
        Self(io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none())
    }

    fn head(self, line: &str) -> String {
        self.with("1", line)
    }

    fn line(self, line: &str) -> String {
        match line.chars().next() {
            Some('+') => self.with("32", line),
            Some('-') => self.with("31", line),
            Some('@') => self.with("36", line),
            _ => line.to_owned(),
        }
    }

    fn with(self, code: &str, line: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{line}\u{1b}[0m") } else { line.to_owned() }
    }
}
