//! Decoded records, by key and revision. What is kept is only used if the backend has the same revision, so it cannot be out of date, whoever wrote meanwhile.

use std::{any::Any, sync::Arc};

use jeroboam_model::driver::{Digest, Text};
use moka::sync::Cache;

use crate::{Entry, Record, Revision, Shared, StoreError, Stored, codec};

/// Decoded, a record takes about so many times the bytes of its JSON.
const DECODED_SIZE: u32 = 3;

/// Memory for texts of definitions: those of some dozens of versions and keypairs. In bytes.
const TEXTS: u64 = 16 << 20;

pub(crate) struct RecordCache(Cache<Vec<u8>, Cached>);

#[derive(Clone)]
struct Cached {
    revision: Revision,
    record: Arc<dyn Any + Send + Sync>,
    size: u32,
}

impl RecordCache {
    pub fn new(bytes: u64) -> Self {
        let weigh = |key: &Vec<u8>, cached: &Cached| cached.size.saturating_add(u32::try_from(key.len()).unwrap_or(u32::MAX));
        Self(Cache::builder().weigher(weigh).max_capacity(bytes).build())
    }

    /// The record that the entry holds.
    pub fn decode<T: Record>(&self, entry: &Entry) -> Result<Shared<T>, StoreError> {
        if !T::CACHED {
            return Ok(Arc::new(decode(entry)?));
        }
        if let Some(cached) = self.0.get(entry.key.as_ref() as &[u8])
            && cached.revision == entry.revision
            && let Ok(record) = cached.record.downcast::<Stored<T>>()
        {
            return Ok(record);
        }
        let record = Arc::new(decode::<T>(entry)?);
        let size = u32::try_from(entry.value.len()).unwrap_or(u32::MAX).saturating_mul(DECODED_SIZE);
        self.0.insert(entry.key.to_vec(), Cached { revision: entry.revision, record: record.clone(), size });
        Ok(record)
    }
}

/// Texts by their digests. They are what their digests say for ever, so nobody asks the backend whether they are still there.
pub(crate) fn texts() -> Cache<Digest, Text> {
    let weigh = |_: &Digest, text: &Text| u32::try_from(text.len()).unwrap_or(u32::MAX);
    Cache::builder().weigher(weigh).max_capacity(TEXTS).build()
}

fn decode<T: Record>(entry: &Entry) -> Result<Stored<T>, StoreError> {
    Ok(Stored { value: codec::decode(&entry.key, &entry.value)?, revision: entry.revision })
}
