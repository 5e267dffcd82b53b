//! A cloud that fails: every look-up that the driver made fails once in every way. A driver answers with an error of the contract, and with the right one: what is
//! out of order now is tried again, what is not there is the user's to change.

use std::{collections::BTreeSet, time::Duration};

use jeroboam_model::driver::StackScope;
use jeroboam_plugins::{DriverError, Interface, SourceError};

use super::{
    answers::{Answer, Ended},
    report::Report,
    samples::Sample,
    subject::Subject,
    world::{Failing, World},
};

const AREA: &str = "faults";

pub async fn check(subject: &Subject, answers: &[Answer], report: &mut Report) {
    let mut asked = BTreeSet::new();
    for answer in answers {
        for read in answer.defined.reads.iter().filter(|read| read.interface == Interface::Lookup) {
            // The same question of another sample is the same code of the driver.
            if asked.insert(read.function.clone()) {
                let question = (read.function.clone(), read.argument.clone());
                each(subject, &answer.sample, question, report).await;
            }
        }
    }
    // Whatever validate-* alone asks.
    if let Some(answer) = answers.first() {
        for with in kinds() {
            whole(subject, &answer.sample, with, report).await;
        }
    }
    let functions = asked.into_iter().collect::<Vec<_>>().join(", ");
    let told = if functions.is_empty() {
        "it looks nothing up in define-stack".to_owned()
    } else {
        format!("failures of {functions} end in the right errors")
    };
    report.conclude(AREA, told);
}

fn kinds() -> [SourceError; 4] {
    let unavailable = SourceError::Unavailable { message: "the service does not answer".into(), after: Duration::from_secs(5) };
    [
        SourceError::NotFound("there is none".into()),
        SourceError::Conflict("there are several".into()),
        SourceError::Denied("you may not".into()),
        unavailable,
    ]
}

/// One question fails.
async fn each(subject: &Subject, sample: &Sample, question: (String, String), report: &mut Report) {
    for with in kinds() {
        let told = format!("{}({:?}) answers: {with}", question.0, question.1);
        let world = World::failing(Failing { question: Some(question.clone()), with: with.clone() });
        let ended = subject.driver.define_stack(&sample.view, StackScope::Cluster, subject.context(&world)).await.map(drop);
        judge("define-stack", ended.into(), &with, &told, sample, report);
    }
}

/// All questions fail.
async fn whole(subject: &Subject, sample: &Sample, with: SourceError, report: &mut Report) {
    let told = format!("every look-up answers: {with}");
    let world = World::failing(Failing { question: None, with: with.clone() });
    let driver = &subject.driver;
    let template = driver.validate_template(&sample.view.template, subject.context(&world)).await.map(drop);
    judge("validate-template", template.into(), &with, &told, sample, report);
    let cluster = driver.validate_cluster(&sample.view, subject.context(&world)).await.map(drop);
    judge("validate-cluster", cluster.into(), &with, &told, sample, report);
}

fn judge(function: &'static str, ended: Ended<()>, with: &SourceError, told: &str, sample: &Sample, report: &mut Report) {
    let place = format!("{function}, sample \"{}\", where {told}", sample.name);
    let is_passing = matches!(with, SourceError::Unavailable { .. });
    match ended {
        Ended::Broken(why) => {
            let change =
                "handle the error of this call: pass it on, or answer invalid with the field that named what was looked up";
            report.fail(AREA, place, format!("{function}, {told}: {why}"), change);
        }
        // It does without what it asked for.
        Ended::Answered(()) => {}
        Ended::Refused(DriverError::Unavailable { .. }) if is_passing => {}
        Ended::Refused(error) if is_passing => {
            let what = format!("{function}, {told}: it answers \"{error}\", which is final");
            report.fail(AREA, place, what, "pass `unavailable` on as it is: the host tries again, and the cluster does not fail");
        }
        Ended::Refused(DriverError::Unavailable { .. }) => {
            let what = format!("{function}, {told}: it answers unavailable, and would be asked for ever");
            report.fail(AREA, place, what, "answer invalid, not-found, conflict or denied: the user has to change something");
        }
        Ended::Refused(_) => {}
    }
}
