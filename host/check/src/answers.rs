//! `validate-template`, `validate-cluster` and `define-stack`, asked about each sample: they agree, they are pure, and what they define is a stack.

use std::time::Instant;

use jeroboam_model::driver::{StackDefinition, StackScope};
use jeroboam_plugins::{CallContext, CallError, Defined, DriverError, Replay, Sources};

use super::{
    hot,
    report::Report,
    samples::{self, Sample},
    subject::Subject,
    world::World,
};

const AREA: &str = "define-stack";

/// A sample that the driver defines a stack for.
pub struct Answer {
    pub sample: Sample,
    pub defined: Defined,
}

/// How a call ended, seen by an author.
pub enum Ended<T> {
    Answered(T),
    Refused(DriverError),
    /// It trapped, ran over a limit, or answered something that the contract does not allow; in words.
    Broken(String),
}

impl<T> From<Result<T, CallError>> for Ended<T> {
    fn from(result: Result<T, CallError>) -> Self {
        match result {
            Ok(answer) => Self::Answered(answer),
            Err(CallError::Refused { error: DriverError::Internal(text), .. }) => Self::Broken(format!("internal error: {text}")),
            Err(CallError::Refused { error, .. }) => Self::Refused(error),
            Err(CallError::Stopped { reason, .. }) => Self::Broken(reason.to_string()),
            Err(CallError::BadAnswer { what, .. }) => Self::Broken(what),
            Err(error @ (CallError::Superseded { .. } | CallError::NoSuchGroup { .. })) => Self::Broken(error.to_string()),
        }
    }
}

/// Asks about every sample of every cluster type.
pub async fn check(subject: &Subject, report: &mut Report) -> Vec<Answer> {
    let mut answers = Vec::new();
    let (mut asked, mut refused) = (0, Vec::new());
    for kind in &subject.description().cluster_types {
        let before = answers.len();
        for sample in samples::all(kind) {
            asked += 1;
            match one(subject, &sample, report).await {
                Some(Ok(defined)) => answers.push(Answer { sample, defined }),
                Some(Err(error)) => refused.push(format!("{} ({error})", sample.name)),
                None => {}
            }
        }
        if answers.len() == before {
            let what = format!("refuses every sample of {kind}: {}", refused.first().map(String::as_str).unwrap_or("see above"));
            report.fail(AREA, "validate-cluster", what, "a plain cluster of each type in cluster-types has to be possible");
        }
    }
    for answer in &answers {
        hot::check(&answer.defined.definition, answer.sample.name, report);
    }
    report.conclude(AREA, format!("{} of {asked} samples defined, the same each time", answers.len()));
    if !refused.is_empty() {
        report.note(AREA, "validate-cluster", format!("refuses: {}", refused.join("; ")), "nothing, if that is meant");
    }
    answers
}

/// The definition, or why the driver refuses the sample; nothing if it failed.
async fn one(subject: &Subject, sample: &Sample, report: &mut Report) -> Option<Result<Defined, DriverError>> {
    let world = World::default();
    let (driver, view) = (&subject.driver, &sample.view);
    let at = |function: &str| format!("{function}, sample \"{}\"", sample.name);

    let template = driver.validate_template(&view.template, subject.context(&world)).await.into();
    let cluster = driver.validate_cluster(view, subject.context(&world)).await.into();
    let mut refusal = None;
    for (function, ended) in [("validate-template", template), ("validate-cluster", cluster)] {
        match ended {
            Ended::Answered(_) => {}
            Ended::Refused(error) => refusal = refusal.or(Some(error)),
            Ended::Broken(why) => {
                report.fail(AREA, at(function), format!("{function}: {why}"), format!("what {function} does with this cluster"));
                return None;
            }
        }
    }
    let first = match driver.define_stack(view, StackScope::Cluster, subject.context(&world)).await.into() {
        Ended::Answered(defined) => defined,
        Ended::Refused(error) => {
            if refusal.is_none() {
                let change = "let validate-cluster refuse it in the same words: after that, the request has been accepted, and the cluster fails";
                report.fail(AREA, at(AREA), format!("refuses what validate-cluster accepted: {error}"), change);
            }
            return refusal.map(Err);
        }
        Ended::Broken(why) => {
            report.fail(AREA, at(AREA), why, "what define-stack does with this cluster");
            return None;
        }
    };
    if let Some(error) = refusal {
        return Some(Err(error));
    }
    pure(subject, sample, &first, report).await;
    Some(Ok(first))
}

/// The same again, and again from what was read alone.
async fn pure(subject: &Subject, sample: &Sample, first: &Defined, report: &mut Report) {
    let replay = Replay(first.reads.clone());
    let recorded = Sources::none().with_settings(replay.clone()).with_lookup(replay);
    let again = subject.context(&World::default());
    let replayed = CallContext { sources: recorded, ..subject.context(&World::default()) };
    for (context, how) in [(again, "called twice"), (replayed, "called with what it had read before")] {
        let place = format!("define-stack, sample \"{}\"", sample.name);
        let change =
            "define-stack may depend on its arguments and on what lookup and settings answer: no counter, no clock, no chance";
        match subject.driver.define_stack(&sample.view, StackScope::Cluster, context).await {
            Ok(defined) => {
                if let Some(difference) = difference(&first.definition, &defined.definition) {
                    report.fail("purity", place, format!("{how}, it answers differently: {difference}"), change);
                }
            }
            Err(error) => report.fail("purity", place, format!("{how}, it fails: {error}"), change),
        }
    }
}

/// The first place in which two definitions differ.
pub fn difference(one: &StackDefinition, other: &StackDefinition) -> Option<String> {
    if let Some(line) = differing_line(&one.template, &other.template) {
        return Some(format!("template, line {line}"));
    }
    for ((name, text), (other_name, other_text)) in one.files.iter().zip(&other.files) {
        if name != other_name {
            return Some(format!("files: {name} in place of {other_name}"));
        }
        if let Some(line) = differing_line(text, other_text) {
            return Some(format!("files/{name}, line {line}"));
        }
    }
    for ((name, value), (other_name, other_value)) in one.parameters.iter().zip(&other.parameters) {
        if name != other_name || value != other_value {
            return Some(format!("parameters/{name}"));
        }
    }
    (one != other).then(|| "the number of its files or parameters, or the environment".to_owned())
}

fn differing_line(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.lines().zip(other.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

const ROUNDS: usize = 15;

/// Microseconds that `define-stack` takes, the sandbox and the host's checks included: the median.
pub async fn measure(subject: &Subject, answers: &[Answer]) -> Option<u64> {
    let answer = answers.iter().find(|answer| answer.sample.name.starts_with("three")).or(answers.first())?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let context = subject.context(&World::default());
        let started = Instant::now();
        subject.driver.define_stack(&answer.sample.view, StackScope::Cluster, context).await.ok()?;
        times.push(started.elapsed().as_micros());
    }
    times.sort_unstable();
    times.get(ROUNDS / 2).and_then(|micros| u64::try_from(*micros).ok())
}
