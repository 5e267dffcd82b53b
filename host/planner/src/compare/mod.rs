//! Two definitions of one stack, compared by what they mean.

mod changes;
mod diff;
mod reach;
mod render;

use jeroboam_model::driver::{StackDefinition, Verdict};

use crate::{
    compare::{changes::Changes, diff::Diff},
    hot::{Inputs, Other, ReadError, Stack, Templates},
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
        let old_stack = match Stack::read(old, &before, &self.templates, None) {
            Ok(stack) => stack,
            Err(error) => return unread(&error, "what is there"),
        };
        let other = Other { stack: &old_stack, inputs: &before };
        match Stack::read(new, &after, &self.templates, Some(other)) {
            Ok(new_stack) => Diff::new(old, new, &old_stack, &new_stack).verdict(),
            Err(error) => unread(&error, "what is to be"),
        }
    }
}

/// They are not the same text, and what they mean cannot be told.
fn unread(error: &ReadError, which: &str) -> Verdict {
    let resources = vec![format!("everything: {which} cannot be compared, since {error}")];
    Verdict::Replaces { resources, changes: Changes::default().into_inner() }
}
