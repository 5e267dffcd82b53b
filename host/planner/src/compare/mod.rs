//! Two definitions of one stack, compared by what they mean.

mod changes;
mod diff;
mod reach;
mod render;

use jeroboam_model::driver::{StackDefinition, Verdict};

use crate::{
    compare::{changes::Changes, diff::Diff},
    hot::{Inputs, ReadError, Stack, Templates},
};

/// Compares definitions, and remembers the templates that it has read: clusters of one driver have the same few.
#[derive(Default)]
pub struct Comparer {
    templates: Templates,
}

/// What an update from one definition to the other does to the stack that is there.
///
/// Templates and environments are compared by meaning: order of keys, quoting, comments, descriptions, files and parameters' defaults that nothing uses make
/// no difference; what a changed value reaches, through nested templates and groups, does. Scripts are compared byte for byte.
pub fn compare(old: &StackDefinition, new: &StackDefinition) -> Verdict {
    Comparer::default().compare(old, new)
}

impl Comparer {
    /// As [`compare`].
    pub fn compare(&self, old: &StackDefinition, new: &StackDefinition) -> Verdict {
        if old == new {
            return Verdict::Same;
        }
        let before = Inputs::of(old);
        let after = Inputs::like(new, &before);
        match (Stack::read(old, &before, &self.templates), Stack::read(new, &after, &self.templates)) {
            (Ok(before), Ok(after)) => Diff::new(old, new, &before, &after).verdict(),
            (before, after) => unread([before.err(), after.err()]),
        }
    }
}

/// They are not the same text, and what they mean cannot be told.
fn unread(errors: [Option<ReadError>; 2]) -> Verdict {
    let why = errors.into_iter().zip(["what is there", "what is to be"]).find_map(|(error, which)| Some((error?, which)));
    let resources =
        why.map(|(error, which)| format!("everything: {which} cannot be compared, since {error}")).into_iter().collect();
    Verdict::Replaces { resources, changes: Changes::default().into_inner() }
}
