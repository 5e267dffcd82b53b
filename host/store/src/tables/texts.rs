//! The long texts of stack definitions, templates and scripts, by digest: most clusters of a driver have the same. See [`crate::Whole`] for how they come in.

use jeroboam_model::driver::{Digest, Text};
use serde::{Deserialize, Serialize};

use crate::{
    CommitError, Entry, Indexes, KeyBuf, Range, Read, Record, Store, StoreError, Table,
    key::describe,
    tables::{plans::PlannedRow, recordings::RecordingRow},
};

/// The index of each table whose rows refer to texts: finds rows by the digests of their texts.
pub(crate) const REFERENCE: &str = "text";
/// Lists digests without reading texts.
pub(crate) const DIGEST: &str = "digest";
/// Texts that are looked at together.
const PAGE: usize = 256;

/// A text, kept once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptText {
    pub text: Text,
}

impl Record for KeptText {
    const TABLE: &'static str = "texts";
    type Key = Digest;

    fn key(&self) -> Digest {
        *self.text.digest()
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.add(DIGEST, KeyBuf::default());
    }
}

impl Table<'_, KeptText> {
    pub async fn count(&self) -> Result<usize, StoreError> {
        Ok(self.store.backend().range(Range::all(&KeyBuf::index(KeptText::TABLE, DIGEST))).await?.len())
    }

    /// Removes the texts that nothing refers to any more, and answers how many. May be cut short at any point: each goes in a commit of its own, which is refused
    /// if a row that refers to the text has been written by then.
    pub async fn forget_unreferenced(&self) -> Result<usize, CommitError> {
        let mut forgotten = 0;
        let mut range = Range { limit: PAGE, ..Range::all(&KeyBuf::index(KeptText::TABLE, DIGEST)) };
        loop {
            let page = self.store.backend().range(range.clone()).await?;
            let Some(last) = page.last() else { return Ok(forgotten) };
            range.from = KeyBuf::default().append(&last.key).after();
            for digest in unreferenced(self.store, &page).await? {
                let Some(text) = self.get(digest).await? else { continue };
                let (mut tx, parts) = (self.store.begin(), by_digest(&digest));
                tx.remove(&text);
                tx.require_none::<RecordingRow>(REFERENCE, &parts);
                tx.require_none::<PlannedRow>(REFERENCE, &parts);
                match tx.commit().await {
                    Ok(()) => forgotten += 1,
                    // It is of use again, or gone.
                    Err(CommitError::Conflict { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

/// Which of the texts, given by their index entries, nothing refers to.
async fn unreferenced(store: &Store, entries: &[Entry]) -> Result<Vec<Digest>, StoreError> {
    let digests: Vec<Digest> = entries.iter().filter_map(|entry| digest_in(KeptText::TABLE, DIGEST, &entry.key)).collect();
    let one = |table: &str, digest: &Digest| {
        let under = KeyBuf::index(table, REFERENCE).append(by_digest(digest).as_bytes());
        Read::Range(Range { limit: 1, ..Range::all(&under) })
    };
    let reads: Vec<Read> =
        digests.iter().flat_map(|digest| [RecordingRow::TABLE, PlannedRow::TABLE].map(|table| one(table, digest))).collect();
    let found = store.backend().read(&reads).await?;
    let unused = digests.into_iter().zip(found.chunks(2)).filter(|(_, found)| found.iter().all(Vec::is_empty));
    Ok(unused.map(|(digest, _)| digest).collect())
}

fn by_digest(digest: &Digest) -> KeyBuf {
    KeyBuf::default().text(&digest.to_string())
}

/// The digest that the key of an index entry begins with.
pub(crate) fn digest_in(table: &str, index: &str, key: &[u8]) -> Option<Digest> {
    let parts = key.strip_prefix(KeyBuf::index(table, index).as_bytes())?;
    describe(parts).split('/').next()?.parse().ok()
}
