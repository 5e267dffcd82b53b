//! Templates that have been read, by their text: clusters of one driver have the same few.

use std::sync::{Arc, Mutex, PoisonError};

use super::{ReadError, template::Template};

/// Bytes of text beyond which everything is forgotten.
const ROOM: usize = 8 << 20;

/// Templates that are kept. To compare texts of the same length is cheaper than to hash one.
const KEPT: usize = 64;

#[derive(Default)]
pub(crate) struct Templates(Mutex<Known>);

#[derive(Default)]
struct Known {
    bytes: usize,
    /// The place is part of what an error says, so errors are not kept.
    templates: Vec<(Box<str>, Arc<Template>)>,
}

impl Templates {
    pub(super) fn read(&self, place: &str, text: &str) -> Result<Arc<Template>, ReadError> {
        let found =
            |known: &mut Known| known.templates.iter().find(|(own, _)| **own == *text).map(|(_, template)| template.clone());
        if let Some(known) = self.with(found) {
            return Ok(known);
        }
        let template = Arc::new(Template::read(place, text)?);
        self.with(|known| {
            if known.bytes.saturating_add(text.len()) > ROOM || known.templates.len() >= KEPT {
                *known = Known::default();
            }
            known.bytes = known.bytes.saturating_add(text.len());
            known.templates.push((text.into(), Arc::clone(&template)));
        });
        Ok(template)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Known) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
