//! Answers, for people and for programs.

use std::time::Duration;

use anyhow::Result;
use comfy_table::{Cell, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use jeroboam_api::operator::{Moment, Version};
use serde::Serialize;
use time::OffsetDateTime;

/// A spinner turns this often.
const TURN: Duration = Duration::from_millis(120);

pub fn json(value: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Columns without lines: `cut` and `awk` can read it too.
pub fn table(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(columns.iter().map(|column| Cell::new(column.to_uppercase())));
    table
}

/// Without blanks at the ends of lines.
pub fn say(table: &Table) {
    for line in table.to_string().lines() {
        println!("{}", line.strip_prefix(' ').unwrap_or(line).trim_end());
    }
}

/// As one would type it.
pub fn called(version: &Version) -> String {
    match &version.version {
        Some(number) => format!("{}@{number}", version.name),
        None => format!("{} {}", version.name, short(&version.digest)),
    }
}

/// Enough of a digest to know it by.
pub fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// A name in the API's words.
pub fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text.replace('_', " "),
        _ => String::new(),
    }
}

pub fn ago(at: Moment) -> String {
    let passed = (OffsetDateTime::now_utc() - at.0).as_seconds_f64().max(0.0);
    format!("{} ago", lasting(passed))
}

pub fn until(at: Moment) -> String {
    match (at.0 - OffsetDateTime::now_utc()).as_seconds_f64() {
        left if left > 0.0 => format!("in {}", lasting(left)),
        _ => "now".to_owned(),
    }
}

/// `0.3 s`, `12 s`, `4 min`, `2 h`, `3 days`.
pub fn lasting(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7_200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.0} h", s / 3600.0),
        s => format!("{:.0} days", s / 86_400.0),
    }
}

/// For while something of unknown length goes on; seen only on a terminal.
pub fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.to_owned());
    bar.enable_steady_tick(TURN);
    bar
}

/// For while clusters are looked at; seen only on a terminal.
pub fn bar(what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_api::operator::State;

    #[test]
    fn durations_are_told_as_people_tell_them() {
        let told: Vec<String> = [0.25, 61.0, 300.0, 7200.0, 200_000.0].map(lasting).into();
        assert_eq!(told, ["0.2 s", "61 s", "5 min", "2 h", "2 days"]);
    }

    #[test]
    fn words_are_those_of_the_api() {
        assert_eq!(word(State::Draining), "draining");
        assert_eq!(short("0123456789abcdef"), "0123456789ab");
    }
}
