//! Definitions that were looked at before.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Mutex,
};

use jeroboam_model::driver::{StackDefinition, Text};

use super::{DefinitionError, check_reachable, secrets::confidential};

/// Remembers what a driver has answered: mostly the same templates and scripts with other parameters.
#[derive(Default)]
pub(crate) struct Checked {
    /// The last definitions that were found right.
    seen: Mutex<VecDeque<Seen>>,
    texts: Mutex<Texts>,
}

/// The last texts by the names of their files; the template has none.
#[derive(Default)]
struct Texts {
    by_name: BTreeMap<String, VecDeque<Text>>,
    bytes: usize,
}

pub(super) struct Seen {
    template: Text,
    environment: Text,
    files: Vec<(String, Content)>,
    confidential: BTreeSet<String>,
}

/// What counts of a file.
enum Content {
    /// It is used as a template, and was looked into.
    Template(Text),
    /// User data, scripts: of those it only counts that they are there, since who names one gets it as it is.
    Other,
}

const REMEMBERED: usize = 8;
/// Texts of one name: for instance user data for some dozen keypairs, which come in turns.
const OF_A_NAME: usize = 16;
/// Bytes beyond which all texts are forgotten.
const ROOM: usize = 4 << 20;
/// What a text takes besides its bytes and its name. In bytes.
const OVERHEAD: usize = 128;

impl Checked {
    pub(crate) fn check(&self, definition: &StackDefinition) -> Result<(), DefinitionError> {
        if self.with(|seen| seen.iter().any(|seen| seen.is(definition))) {
            return Ok(());
        }
        let templates = check_reachable(definition)?;
        let content = |name: &String, text: &Text| {
            if templates.contains(name) { Content::Template(text.clone()) } else { Content::Other }
        };
        let seen = Seen {
            template: definition.template.clone(),
            files: definition.files.iter().map(|(name, text)| (name.clone(), content(name, text))).collect(),
            environment: definition.environment.clone(),
            confidential: confidential(definition).map(str::to_owned).collect(),
        };
        self.with(|all| {
            all.truncate(REMEMBERED - 1);
            all.push_front(seen);
        });
        Ok(())
    }

    /// Puts texts that were answered before in the place of those that are the same: they are kept once, hashed once, and compared at once.
    pub(crate) fn share(&self, definition: &mut StackDefinition) {
        let mut texts = self.texts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        texts.share("", &mut definition.template);
        for (name, text) in &mut definition.files {
            texts.share(name, text);
        }
    }

    pub(super) fn with<T>(&self, act: impl FnOnce(&mut VecDeque<Seen>) -> T) -> T {
        act(&mut self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Texts {
    fn share(&mut self, name: &str, text: &mut Text) {
        let known = self.by_name.get(name).and_then(|known| known.iter().find(|known| *known == text));
        if let Some(known) = known {
            // It comes again, so that the digest is worth having.
            known.digest();
            *text = known.clone();
            return;
        }
        let size = |text: &Text| name.len() + text.len() + OVERHEAD;
        self.bytes += size(text);
        if self.bytes > ROOM {
            *self = Self { bytes: size(text), ..Self::default() };
        }
        let known = self.by_name.entry(name.to_owned()).or_default();
        known.push_front(text.clone());
        if known.len() > OF_A_NAME
            && let Some(last) = known.pop_back()
        {
            self.bytes -= size(&last);
        }
    }
}

impl Seen {
    fn is(&self, definition: &StackDefinition) -> bool {
        let same = |(own, content): &(String, Content), (name, text): &(String, Text)| {
            own == name && !matches!(content, Content::Template(template) if template != text)
        };
        self.template == definition.template
            && self.environment == definition.environment
            && self.files.len() == definition.files.len()
            && self.files.iter().zip(&definition.files).all(|(own, file)| same(own, file))
            && confidential(definition).collect::<BTreeSet<_>>() == self.confidential.iter().map(String::as_str).collect()
    }
}
