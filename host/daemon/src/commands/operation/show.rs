//! `jeroboam operation show`, and how the other commands tell of one.

use anyhow::Result;
use jeroboam_api::operations::{Action, Cause, Operation, Person, Resource, State};

use crate::{
    cli::{Format, Remote},
    commands::{
        Ended,
        driver::{ask::ask, print},
    },
};

pub fn run(operation: &str, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let operation: Operation = client.get(&["operations", operation], &[]).await?;
        tell(&operation, remote.format)?;
        Ok(Ended::Done)
    })
}

pub fn tell(operation: &Operation, format: Format) -> Result<()> {
    match format {
        Format::Json => print::json(operation)?,
        Format::Table => {
            let mut table = print::table(&["what", "value"]);
            for (what, value) in rows(operation) {
                table.add_row([what, value.as_str()]);
            }
            print::say(&table);
            events(operation);
            next(operation);
        }
    }
    Ok(())
}

fn rows(operation: &Operation) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("id", operation.id.clone()),
        ("cluster", operation.cluster.clone()),
        ("project", operation.project_id.clone()),
        ("kind", operation.kind.clone()),
    ];
    let optional = [("node group", &operation.node_group), ("template", &operation.template)];
    rows.extend(optional.into_iter().filter_map(|(what, value)| Some((what, value.clone()?))));
    rows.extend([
        ("status", status(operation)),
        ("step", operation.step.clone()),
        ("done", progress(operation)),
        ("failed tries", operation.attempts.to_string()),
        ("retries", operation.retries.to_string()),
        ("accepted", print::ago(operation.created_at)),
        ("changed", print::ago(operation.updated_at)),
        ("asked by", person(&operation.requested_by)),
        ("request", operation.request_id.clone()),
    ]);
    rows.extend(operation.next_try_at.map(|at| ("next try", print::until(at))));
    if !is_over(operation) {
        rows.push(("deadline", print::until(operation.deadline)));
    }
    if let Some(stopping) = &operation.abort {
        rows.push(("abort", format!("{}, as {} asked", print::ago(stopping.at), stopping.user_name)));
    }
    if let Some(cause) = &operation.cause {
        rows.extend(because(cause));
    }
    rows
}

fn because(cause: &Cause) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("cause", cause.kind.clone()),
        ("at fault", cause.fault.clone()),
        ("failed step", cause.step.clone()),
        ("message", cause.message.clone()),
    ];
    if let Some(Resource { path, kind, .. }) = &cause.resource {
        let kind = kind.as_ref().map(|kind| format!(" ({kind})")).unwrap_or_default();
        rows.push(("resource", format!("{path}{kind}")));
    }
    rows.push(("what to do", cause.advice.clone()));
    rows
}

fn events(operation: &Operation) {
    let events = operation.events.as_deref().unwrap_or_default();
    if events.is_empty() {
        return;
    }
    println!();
    let mut table = print::table(&["when", "step", "event"]);
    for event in events {
        table.add_row([print::ago(event.at), event.step.clone(), event.text.clone()]);
    }
    print::say(&table);
}

fn next(operation: &Operation) {
    for action in operation.actions.as_deref().unwrap_or_default() {
        let word = match action {
            Action::Retry => "retry",
            Action::Abort => "abort",
        };
        println!("\nnext: jeroboam operation {word} {}", operation.id);
    }
}

pub fn status(operation: &Operation) -> String {
    print::word(operation.status)
}

/// `3 of 7 steps`, `3 of 5 steps, 1 of 2 stacks`.
pub fn progress(operation: &Operation) -> String {
    let progress = operation.progress;
    let stacks = progress.stacks.map(|stacks| format!(", {} of {} stacks", stacks.done, stacks.of)).unwrap_or_default();
    format!("{} of {} steps{stacks}", progress.done, progress.of)
}

pub fn is_over(operation: &Operation) -> bool {
    matches!(operation.status, State::Done | State::Failed | State::Aborted)
}

fn person(person: &Person) -> String {
    let Person { user_id, user_name, .. } = person;
    if user_name.is_empty() || user_name == user_id { user_id.clone() } else { format!("{user_name} ({user_id})") }
}
