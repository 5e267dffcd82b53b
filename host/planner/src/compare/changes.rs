//! Changes, as many as a person reads.

use jeroboam_model::driver::Change;

use crate::{compare::render, hot::Term};

/// Changes of one cluster that are told.
const TOLD: usize = 40;

#[derive(Debug, Default)]
pub(super) struct Changes {
    told: Vec<Change>,
    /// Beyond those.
    more: usize,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// One value instead of another.
    pub(super) fn push(&mut self, path: String, before: Option<&Term>, after: Option<&Term>) {
        if self.told.len() >= TOLD {
            self.more += 1;
            return;
        }
        let (before, after) = render::both(before, after);
        self.told.push(Change { path, before, after });
    }

    /// Something that has no value to show.
    pub(super) fn note(&mut self, path: String, before: Option<&str>, after: Option<&str>) {
        self.push(path, before.map(Term::text).as_ref(), after.map(Term::text).as_ref());
    }

    /// What differs within two values.
    pub(super) fn within(&mut self, path: &str, before: Option<&Term>, after: Option<&Term>) {
        match (before, after) {
            (Some(Term::Map(old)), Some(Term::Map(new))) => {
                let added = new.keys().filter(|key| !old.contains_key(*key));
                for key in old.keys().chain(added) {
                    let (before, after) = (old.get(key), new.get(key));
                    if before != after {
                        self.within(&format!("{path}/{key}"), before, after);
                    }
                }
            }
            (Some(Term::List(old)), Some(Term::List(new))) if old.len() == new.len() => {
                for (place, (before, after)) in old.iter().zip(new.iter()).enumerate() {
                    if before != after {
                        self.within(&format!("{path}/{place}"), Some(before), Some(after));
                    }
                }
            }
            (Some(Term::Call(old, before)), Some(Term::Call(new, after))) if old == new => {
                self.within(&format!("{path}/{old}"), Some(before), Some(after));
            }
            _ => self.push(path.to_owned(), before, after),
        }
    }

    pub(super) fn into_inner(mut self) -> Vec<Change> {
        if self.more > 0 {
            self.told.push(Change { path: format!("and {} more", self.more), before: None, after: None });
        }
        self.told
    }
}
