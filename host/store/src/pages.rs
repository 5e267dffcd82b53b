//! Pages of lists, as their index has them: for as long as nobody is added to the list, and nobody goes.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;

use crate::{Entry, KeyBuf, Place, Range, Revision, Touches};

/// The most that are kept: the first pages of some dozens of projects. One has at most as many entries as the API's limit, some hundred bytes each.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(63);

/// A part of a list.
pub(crate) struct IndexPage {
    pub entries: Vec<Entry>,
    /// Whether there was more when it was read.
    pub more: bool,
}

pub(crate) struct Pages(Mutex<LruCache<Range, Kept>>);

struct Kept {
    page: Arc<IndexPage>,
    /// It is of this revision, or of a later one.
    as_of: Revision,
    /// Where it can be seen that the list was written.
    list: Place,
}

impl Pages {
    pub fn new() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }

    pub fn get(&self, touches: &Touches, range: &Range) -> Option<Arc<IndexPage>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(range)?;
        touches.untouched_since(&[kept.list], kept.as_of).then(|| Arc::clone(&kept.page))
    }

    /// Of the list that begins there. One that has no family, such as that of all projects, is not kept.
    pub fn keep(&self, touches: &Touches, as_of: Revision, list: &KeyBuf, range: Range, page: Arc<IndexPage>) {
        let Some(list) = touches.place(list.as_bytes()) else { return };
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).put(range, Kept { page, as_of, list });
        drop(before);
    }
}
