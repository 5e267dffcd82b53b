//! Which components the store holds something of.

use jeroboam_model::driver::Digest;

use crate::{KeyBuf, Range, Record, StoreError, StoreKey, Table, tables::Piece};

impl Table<'_, Piece> {
    /// The components of which there is at least a piece. Reads one piece of each, and keeps none.
    pub async fn digests(&self) -> Result<Vec<Digest>, StoreError> {
        let all = KeyBuf::table(Piece::TABLE);
        let mut next = Range { limit: 1, ..Range::all(&all) };
        let mut found = Vec::new();
        while let Some(entry) = self.store.backend().range(next.clone()).await?.first() {
            let digest = self.decode(entry)?.component;
            next.from = digest.write(all.clone()).end();
            found.push(digest);
        }
        Ok(found)
    }
}
