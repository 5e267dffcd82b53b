//! Definitions that were looked at before.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Mutex,
};

use jeroboam_model::driver::StackDefinition;

use super::{DefinitionError, check_definition, secrets::confidential};

/// Remembers the last definitions of a driver that were found right: drivers mostly answer with the same template and other
/// parameters.
#[derive(Default)]
pub(crate) struct Checked(Mutex<VecDeque<Seen>>);

pub(super) struct Seen {
    template: String,
    files: Vec<(String, String)>,
    environment: String,
    confidential: BTreeSet<String>,
}

const REMEMBERED: usize = 4;

impl Checked {
    pub(crate) fn check(&self, definition: &StackDefinition) -> Result<(), DefinitionError> {
        if self.with(|seen| seen.iter().any(|seen| seen.is(definition))) {
            return Ok(());
        }
        check_definition(definition)?;
        let seen = Seen {
            template: definition.template.clone(),
            files: definition.files.clone(),
            environment: definition.environment.clone(),
            confidential: confidential(definition).map(str::to_owned).collect(),
        };
        self.with(|all| {
            all.truncate(REMEMBERED - 1);
            all.push_front(seen);
        });
        Ok(())
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut VecDeque<Seen>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Seen {
    fn is(&self, definition: &StackDefinition) -> bool {
        self.template == definition.template
            && self.environment == definition.environment
            && self.files == definition.files
            && confidential(definition).collect::<BTreeSet<_>>() == self.confidential.iter().map(String::as_str).collect()
    }
}
