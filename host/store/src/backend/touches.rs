//! Which records have changed lately, told without a read: what was put together from several records is still right if none of them was touched since.

use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::BuildHasher,
    sync::atomic::{AtomicU64, Ordering},
};

use super::{Batch, Revision};
use crate::key;

/// Families share so many places, so that the memory for them does not grow. Two at one place are taken for touched when one of them was.
const PLACES: usize = 4096;

/// The latest revision of each family of records: those of one table whose keys have the first part in common, such as the groups of a cluster. Only a backend that
/// applies every commit itself can keep it.
pub struct Touches {
    latest: AtomicU64,
    places: Box<[AtomicU64]>,
    hasher: RandomState,
}

/// Of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(usize);

impl Touches {
    /// `opened_at`: what was written before was written by nobody who is asked for it.
    pub(super) fn new(opened_at: Revision) -> Self {
        let places = (0..PLACES).map(|_| AtomicU64::new(0)).collect();
        Self { latest: AtomicU64::new(opened_at.0), places, hasher: RandomState::new() }
    }

    /// The revision that all reads from now on see, or a later one.
    pub fn latest(&self) -> Revision {
        Revision(self.latest.load(Ordering::SeqCst))
    }

    /// Where touches of the family are noted that the key begins with; `None` if it is no record's key.
    pub fn place(&self, key: &[u8]) -> Option<Place> {
        // Bounded by the number of places, which is far below any `usize`.
        let place = |family| Place(usize::try_from(self.hasher.hash_one(family) % PLACES as u64).unwrap_or_default());
        key::family(key).map(place)
    }

    /// Whether no commit after that revision has written to any of the families.
    pub fn untouched_since(&self, families: &[Place], revision: Revision) -> bool {
        let touched = |place: &Place| self.places.get(place.0).map(|place| place.load(Ordering::SeqCst));
        families.iter().all(|place| touched(place).is_some_and(|touched| touched <= revision.0))
    }

    /// For a backend, before any reader can see the commit.
    pub(super) fn about_to_apply(&self, batch: &Batch, revision: Revision) {
        for place in batch.keys().filter_map(|key| self.place(key)) {
            if let Some(place) = self.places.get(place.0) {
                place.store(revision.0, Ordering::SeqCst);
            }
        }
    }

    /// For a backend, once all readers see the commit.
    pub(super) fn applied(&self, revision: Revision) {
        self.latest.store(revision.0, Ordering::SeqCst);
    }
}

impl fmt::Debug for Touches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Touches").field("latest", &self.latest).finish_non_exhaustive()
    }
}
