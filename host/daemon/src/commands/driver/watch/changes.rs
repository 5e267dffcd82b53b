//! What is otherwise than in the round before.

use std::collections::BTreeSet;

use super::Round;
use crate::commands::driver::check::Report;

pub fn tell(before: Option<&Round>, now: &Round) {
    let Some(before) = before else { return };
    let lines = [
        component(&before.report, &now.report),
        set("labels", &labels(&before.report), &labels(&now.report)),
        set("asks for", &asked(&before.report), &asked(&now.report)),
        set("to mend", &failed(&before.report), &failed(&now.report)),
        set("failing scenarios", &fallen(before), &fallen(now)),
    ];
    println!("\nagainst the round before:");
    for line in lines.into_iter().flatten() {
        println!("  {line}");
    }
}

fn component(before: &Report, now: &Report) -> Option<String> {
    let digest = |report: &Report| report.driver.as_ref().map(|driver| driver.digest.clone());
    if digest(before) == digest(now) {
        return Some("the component is the same, to the byte".to_owned());
    }
    let kib = |report: &Report| report.figures.component_bytes / 1024;
    let version = |report: &Report| report.driver.as_ref().map(|driver| driver.version.clone()).unwrap_or_default();
    Some(format!("component: {} KiB, was {}; version {}, was {}", kib(now), kib(before), version(now), version(before)))
}

fn set(what: &str, before: &BTreeSet<String>, now: &BTreeSet<String>) -> Option<String> {
    let list = |items: Vec<&String>, sign: &str| items.into_iter().map(|item| format!("{sign}{item}")).collect::<Vec<_>>();
    let mut items = list(now.difference(before).collect(), "+");
    items.extend(list(before.difference(now).collect(), "-"));
    (!items.is_empty()).then(|| format!("{what}: {}", items.join(", ")))
}

fn labels(report: &Report) -> BTreeSet<String> {
    report.driver.iter().flat_map(|driver| driver.labels.clone()).collect()
}

fn asked(report: &Report) -> BTreeSet<String> {
    report.grants.iter().map(|asked| asked.name.clone()).collect()
}

fn failed(report: &Report) -> BTreeSet<String> {
    report.failed().map(|finding| finding.what.clone()).collect()
}

fn fallen(round: &Round) -> BTreeSet<String> {
    round.outcomes.iter().filter(|outcome| outcome.failure.is_some()).map(|outcome| outcome.name.clone()).collect()
}
