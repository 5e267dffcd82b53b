//! What every driver has to do, and whether one does: the self-test of a version that is installed, and what `jeroboam driver check` tells its author.
//!
//! ```text
//! component ─► subject: world, imports, describe          each call in a sandbox
//!    ├─► labels                schema against itself, and values that must be refused
//!    ├─► answers, hot          sample clusters → definitions: pure, and Heat could take them
//!    ├─► faults                each look-up that was made fails once in every way
//!    ├─► sizes                 arguments as large as they get
//!    └─► outputs, removals, deletion, features      the other functions
//! ```
//!
//! The clusters are samples, and the cloud is a `world` in memory that answers what a cloud would, or fails on purpose. Findings go into a [`Report`]: for people as a table,
//! for programs as JSON.
//!
//! It must not: touch a cloud, a store or a file, or take longer than somebody waits.

mod answers;
mod deletion;
mod faults;
mod features;
mod hot;
mod labels;
mod outputs;
mod removals;
mod report;
mod samples;
mod sizes;
mod subject;
mod world;

use std::borrow::Cow;

use jeroboam_model::driver::Origin;
use jeroboam_plugins::{Candidate, Driver, Grant, Host};

pub use report::{Asked, Figures, Finding, Identity, Report, Verdict};
use subject::Subject;

/// Everything there is to check of a component, with all that there is to grant. `file`: what it is called in the report.
pub async fn component(host: &Host, file: &str, bytes: impl Into<Cow<'static, [u8]>> + Send) -> Report {
    let bytes = bytes.into();
    let mut report = Report { file: file.to_owned(), ..Report::default() };
    report.figures.component_bytes = bytes.len();
    let imports = match jeroboam_plugins::imports(&bytes) {
        Ok(imports) => imports,
        Err(error) => {
            let change = error.author().unwrap_or_else(|| "copy it again".to_owned());
            report.fail("world", "the component", error.to_string(), change);
            return report;
        }
    };
    let stem = file.strip_suffix(".wasm").unwrap_or(file);
    let candidate = Candidate::new(stem, Origin::Installed, Grant::all().collect(), bytes);
    match host.load(candidate).await {
        Ok(driver) => {
            let subject = Subject::new(driver);
            subject.introduce(&imports, &mut report);
            ask(&subject, &mut report).await;
        }
        Err(error) => {
            report.fail("describe", "the component, or its function describe", error.to_string(), "what the sentence names");
        }
    }
    report
}

/// Everything there is to check of a driver that is loaded, with what it was granted.
pub async fn driver(driver: Driver) -> Report {
    let mut report = Report::default();
    let subject = Subject::new(driver);
    ask(&subject, &mut report).await;
    report
}

async fn ask(subject: &Subject, report: &mut Report) {
    labels::check(subject, report).await;
    let defined = answers::check(subject, report).await;
    faults::check(subject, &defined, report).await;
    sizes::check(subject, report).await;
    outputs::check(subject, &defined, report).await;
    removals::check(subject, report).await;
    deletion::check(subject, report).await;
    features::check(subject, report).await;
    report.figures.define_stack_us = answers::measure(subject, &defined).await;
    report.figures.calls = subject.calls();
}
