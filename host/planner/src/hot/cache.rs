//! Templates and environments that have been read, by the digests of their texts: clusters of one driver have the same few.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jeroboam_model::driver::{Digest, Text};

use super::{ReadError, environment::Environment, template::Template};

/// Bytes of text beyond which everything is forgotten.
const ROOM: usize = 8 << 20;

#[derive(Default)]
pub(crate) struct Templates {
    templates: Known<Template>,
    environments: Known<Environment>,
}

struct Known<T>(Mutex<Held<T>>);

struct Held<T> {
    bytes: usize,
    /// The place is part of what an error says, so errors are not kept.
    read: HashMap<Digest, Arc<T>>,
}

impl Templates {
    pub(super) fn template(&self, place: &str, text: &Text) -> Result<Arc<Template>, ReadError> {
        self.templates.read(text, |text| Template::read(place, text))
    }

    pub(super) fn environment(&self, text: &Text) -> Result<Arc<Environment>, ReadError> {
        self.environments.read(text, Environment::read)
    }
}

impl<T> Known<T> {
    fn read(&self, text: &Text, read: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<Arc<T>, ReadError> {
        if let Some(known) = self.with(|held| held.read.get(text.digest()).cloned()) {
            return Ok(known);
        }
        let fresh = Arc::new(read(text)?);
        self.with(|held| {
            if held.bytes.saturating_add(text.len()) > ROOM {
                held.read.clear();
                held.bytes = 0;
            }
            if held.read.insert(*text.digest(), Arc::clone(&fresh)).is_none() {
                held.bytes = held.bytes.saturating_add(text.len());
            }
        });
        Ok(fresh)
    }

    fn with<A>(&self, act: impl FnOnce(&mut Held<T>) -> A) -> A {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(Mutex::new(Held { bytes: 0, read: HashMap::new() }))
    }
}
