//! Views by the keys of their clusters, for as long as nothing that is in them is written.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use jeroboam_model::{Cluster, ClusterTemplate};
use lru::LruCache;

use crate::{Place, Revision, SharedView, Touches, record::record_key, tables::node_groups};

/// The most that are kept: what a few hundred users with their lists open look at. Each holds its records and what was made of them, some kilobytes.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(2047);

/// One lock, held for a page at a time: a cache that threads can read at once costs more for each than this for all.
pub(crate) struct Views(Mutex<LruCache<Box<[u8]>, Arc<Kept>>>);

struct Kept {
    view: SharedView,
    /// It is of this revision, or of a later one.
    as_of: Revision,
    /// Where it can be seen that something in it was written.
    families: [Place; 3],
}

impl Views {
    pub fn new() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }

    /// Those that can still be used, each in the place of its key.
    pub fn each<'a>(&self, touches: &Touches, keys: impl IntoIterator<Item = &'a [u8]>) -> Vec<Option<SharedView>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept: Vec<Option<Arc<Kept>>> = keys.into_iter().map(|key| all.get(key).cloned()).collect();
        drop(all);
        let usable = |kept: Arc<Kept>| touches.untouched_since(&kept.families, kept.as_of).then(|| kept.view.clone());
        kept.into_iter().map(|kept| kept.and_then(usable)).collect()
    }

    pub fn keep(&self, touches: &Touches, as_of: Revision, view: &SharedView) {
        let cluster = record_key::<Cluster>(&view.cluster.uuid);
        let groups = node_groups::of_cluster(view.cluster.uuid);
        let template = record_key::<ClusterTemplate>(&view.template.uuid);
        let [Some(cluster_at), Some(groups_at), Some(template_at)] =
            [&cluster, &groups, &template].map(|key| touches.place(key.as_bytes()))
        else {
            return;
        };
        let kept = Kept { view: view.clone(), as_of, families: [cluster_at, groups_at, template_at] };
        let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).put(cluster.as_bytes().into(), Arc::new(kept));
        drop(before);
    }
}
