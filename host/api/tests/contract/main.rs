//! The contract: what each attribute of each resource is like stands in `tables`, and every request that follows from it is made. Each attribute, absent, `null`, right,
//! of the wrong type, too long, out of range and misspelt; created, added, replaced and removed; before it came, when it came, and now.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod case;
mod create;
mod kinds;
mod patch;
mod run;
mod special;
mod table;
mod world;

use std::io::Write;

use futures::{StreamExt, stream};
use run::Report;
use table::Table;

/// Fewer would mean that a table was not read.
const LEAST_CASES: usize = 5000;
/// So many failures are shown in full for each resource.
const MOST_LINES: usize = 40;
const THREADS: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_attribute_is_as_the_tables_say() {
    let started = std::time::Instant::now();
    // No more at once than there are threads: a service that comes up beside a dozen others takes its drivers for too slow.
    let runs = Table::names().into_iter().map(|name| tokio::spawn(run::table(name)));
    let reports: Vec<Report> = stream::iter(runs).buffered(THREADS).map(Result::unwrap).collect().await;
    let (cases, wrong) = print(&reports, started.elapsed());
    assert_eq!(wrong, 0, "of {cases} cases");
    assert!(cases >= LEAST_CASES, "{cases}");
}

/// Past the capture of tests, as the figures are what the suite is run for.
fn print(reports: &[Report], time: std::time::Duration) -> (usize, usize) {
    let mut out = std::io::stderr().lock();
    let mut total = (0, 0);
    for report in reports {
        for line in report.wrong.iter().take(MOST_LINES) {
            writeln!(out, "{line}").unwrap();
        }
    }
    writeln!(out, "\n{:<18} {:>8} {:>8} {:>8}", "resource", "cases", "taken", "wrong").unwrap();
    for Report { name, cases, taken, wrong } in reports {
        writeln!(out, "{name:<18} {cases:>8} {taken:>8} {:>8}", wrong.len()).unwrap();
        total = (total.0 + cases, total.1 + wrong.len());
    }
    writeln!(out, "{:<18} {:>8} {:>8} {:>8}   in {:.1} s", "all", total.0, "", total.1, time.as_secs_f64()).unwrap();
    total
}
