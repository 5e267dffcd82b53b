//! What is worth knowing of rules that can be used.

use jeroboam_model::nearest::nearest;

use crate::{
    attributes::{Credential, TargetKey},
    check::{Check, Left, Part, Template},
    compiled::Origin,
    problem::{Notice, NoticeKind, Place, Problem, ProblemKind},
    rules::definitions,
};

/// About a rule of a file, by itself.
pub(crate) fn given(name: &str, check: &Check, origin: &Origin) -> Vec<Notice> {
    let mut kinds = Vec::new();
    let older = definitions().filter_map(|definition| definition.deprecated).any(|deprecated| deprecated.name == name);
    match definitions().find(|definition| definition.name == name) {
        Some(definition) if definition.check.parse().as_ref() == Ok(check) => kinds.push(NoticeKind::Redundant),
        None if !older => {
            // Names with a colon are meant for requests; others, for other rules.
            let likely = nearest(name, definitions().map(|definition| definition.name)).map(str::to_owned);
            if name.contains(':') || likely.is_some() {
                kinds.push(NoticeKind::Unknown(likely));
            }
        }
        _ => {}
    }
    walk(check, &mut |check| match check {
        Check::Role(template) => kinds.extend(attributes(template)),
        Check::Equal { left, right } => {
            if let Left::Credential(names) = left
                && let Credential::Other(name) = Credential::of(&names.join("."))
            {
                kinds.push(NoticeKind::NoCredential(name.into_string()));
            }
            kinds.extend(attributes(right));
        }
        _ => {}
    });
    kinds.into_iter().map(|kind| Notice { place: place(name, origin), kind }).collect()
}

/// References to rules that are nowhere.
pub(crate) fn references<'a>(
    name: &str,
    check: &Check,
    origin: &Origin,
    is_there: impl Fn(&str) -> bool,
    all: impl Iterator<Item = &'a String> + Clone,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    walk(check, &mut |check| {
        if let Check::Rule(to) = check
            && !is_there(to)
        {
            let likely = nearest(to, all.clone().map(String::as_str)).map(str::to_owned);
            notices.push(Notice { place: place(name, origin), kind: NoticeKind::Undefined { name: to.clone(), likely } });
        }
    });
    notices
}

/// Of rules that fail because of one that they refer to, only that one: each circle once, and what is in a file before a default that refers to it.
pub(crate) fn culprits(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.place.file.is_none());
    let mut circles: Vec<Vec<String>> = Vec::new();
    problems.retain(|problem| match &problem.kind {
        ProblemKind::Cycle(text) => {
            let mut names: Vec<String> = text.split(" → ").map(str::to_owned).collect();
            names.sort();
            names.dedup();
            let is_new = !circles.contains(&names);
            if is_new {
                circles.push(names);
            }
            is_new
        }
        _ => true,
    });
    if problems.iter().any(|problem| problem.place.file.is_some()) {
        problems.retain(|problem| problem.place.file.is_some());
    }
    problems
}

fn place(name: &str, origin: &Origin) -> Place {
    Place { file: origin.file().cloned(), rule: Some(name.to_owned()), column: None }
}

fn attributes(template: &Template) -> Vec<NoticeKind> {
    let names = template.0.iter().filter_map(|part| match part {
        Part::Attribute(name) => Some(name),
        Part::Text(_) => None,
    });
    let unknown = names.filter(|name| matches!(TargetKey::of(name), TargetKey::Other(_)));
    unknown.map(|name| NoticeKind::NoAttribute(name.clone())).collect()
}

fn walk<'a>(check: &'a Check, see: &mut impl FnMut(&'a Check)) {
    see(check);
    match check {
        Check::Not(inner) => walk(inner, see),
        Check::All(checks) | Check::Any(checks) => checks.iter().for_each(|check| walk(check, see)),
        _ => {}
    }
}
