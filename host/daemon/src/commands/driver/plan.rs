//! `jeroboam driver plan`: what a version would change about each cluster.

use anyhow::{Result, bail};
use jeroboam_api::operator::{Begin, Counts, Plan, PlanState, PlannedCluster, PlannedClusters, State, Verdict};
use serde::Serialize;

use super::{ask::ask, print, versions};
use crate::{
    cli::{Filter, Format, Remote},
    client::Client,
    commands::Ended,
};

/// More changes of one cluster are only counted.
const CHANGES_SHOWN: usize = 3;

/// For programs.
#[derive(Serialize)]
struct Whole<'a> {
    plan: &'a Plan,
    clusters: &'a [PlannedCluster],
}

pub fn run(version: &str, preview: bool, only: &[Filter], remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let version = versions::find(&client, version).await?;
        let begin = Begin { to: version.digest.clone(), preview };
        let mut plan: Plan = client.post(&["drivers", &version.name, "plans"], &begin).await?;
        let bar = print::bar(&format!("planning {}", print::called(&version)));
        let id = plan.id.clone();
        client
            .lines(&["drivers", &version.name, "plans", &id], |line: Plan| {
                bar.set_length(line.clusters.total);
                bar.set_position(line.clusters.done + line.clusters.current + line.clusters.unrecorded);
                plan = line;
            })
            .await?;
        bar.finish_and_clear();
        let mut clusters = rows(&client, &plan).await?;
        clusters.retain(|cluster| is_wanted(&cluster.verdict, only, remote.format));
        match remote.format {
            Format::Json => print::json(&Whole { plan: &plan, clusters: &clusters })?,
            Format::Table => {
                tell(&plan, &clusters);
                if plan.state == PlanState::Done && matches!(version.state, State::Checked | State::Retired) {
                    println!("next: jeroboam driver activate {}", print::short(&version.digest));
                }
            }
        }
        match plan.state {
            PlanState::Done if plan.clusters.replaces + plan.clusters.fails > 0 => Ok(Ended::Disruptive),
            PlanState::Done => Ok(Ended::Done),
            PlanState::Failed => bail!("the plan did not end: {}", plan.error.unwrap_or_default()),
            PlanState::Running | PlanState::Cancelled | PlanState::Interrupted => {
                bail!("the plan was cut short: ask again, it goes on where it was")
            }
        }
    })
}

async fn rows(client: &Client, plan: &Plan) -> Result<Vec<PlannedCluster>> {
    let mut all: Vec<PlannedCluster> = Vec::new();
    loop {
        let marker = all.last().map(|cluster| cluster.cluster.clone());
        let query: Vec<(&str, &str)> = marker.iter().map(|marker| ("marker", marker.as_str())).collect();
        let page: PlannedClusters = client.get(&["drivers", &plan.driver, "plans", &plan.id, "clusters"], &query).await?;
        let (is_last, is_empty) = (page.next.is_none(), page.clusters.is_empty());
        all.extend(page.clusters);
        if is_last || is_empty {
            return Ok(all);
        }
    }
}

/// People are told of those that change, unless they ask for others.
fn is_wanted(verdict: &Verdict, only: &[Filter], format: Format) -> bool {
    let kind = match verdict {
        Verdict::Same => Filter::Same,
        Verdict::InPlace { .. } => Filter::InPlace,
        Verdict::Replaces { .. } => Filter::Replaces,
        Verdict::Fails { .. } => Filter::Fails,
    };
    if only.is_empty() { format == Format::Json || kind != Filter::Same } else { only.contains(&kind) }
}

fn tell(plan: &Plan, clusters: &[PlannedCluster]) {
    let mut table = print::table(&["cluster", "from", "verdict", "what"]);
    for cluster in clusters {
        // A line for each thing; those of one cluster stand under each other.
        let (verdict, what) = match &cluster.verdict {
            Verdict::Same => ("same", Vec::new()),
            Verdict::InPlace { changes } => ("in place", changed(changes)),
            Verdict::Replaces { resources, changes } => ("replaces", [resources.clone(), changed(changes)].concat()),
            Verdict::Fails { error } => ("fails", vec![error.clone()]),
        };
        let what = what.join("\n");
        table.add_row([cluster.cluster.clone(), print::short(&cluster.from).to_owned(), verdict.to_owned(), what]);
    }
    if !clusters.is_empty() {
        print::say(&table);
    }
    let took = plan.ended_at.map(|ended| (ended.0 - plan.began_at.0).as_seconds_f64());
    let asked = if plan.preview { "; Heat was asked, too" } else { "" };
    let took = took.map(|seconds| format!(" ({})", print::lasting(seconds))).unwrap_or_default();
    println!("{}{asked}{took}", counted(&plan.clusters));
}

/// The summary: one line.
fn counted(clusters: &Counts) -> String {
    let Counts { total, done, same, in_place, replaces, fails, current, unrecorded, drifted, known: _ } = clusters;
    let mut line = format!("{done} of {total} clusters: {same} same, {in_place} in place, {replaces} replaces, {fails} fails");
    let asides = [
        (current, "on the version already"),
        (unrecorded, "not defined yet"),
        (drifted, "that their own version would define otherwise by now"),
    ];
    for (count, what) in asides.into_iter().filter(|(count, _)| **count > 0) {
        line.push_str(&format!("; {count} {what}"));
    }
    line
}

fn changed(changes: &[jeroboam_api::operator::Change]) -> Vec<String> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let mut told: Vec<String> = changes
        .iter()
        .take(CHANGES_SHOWN)
        .map(|change| format!("{}: {} → {}", change.path, value(&change.before), value(&change.after)))
        .collect();
    if changes.len() > CHANGES_SHOWN {
        told.push(format!("and {} more", changes.len() - CHANGES_SHOWN));
    }
    told
}
