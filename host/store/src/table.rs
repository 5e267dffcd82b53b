//! Reading a table.

use std::{borrow::Borrow, marker::PhantomData, sync::Arc};

use crate::{Entry, KeyBuf, Range, Read, Record, Shared, Store, StoreError, Stored, record::record_key};

/// One table of a store. What only one table can be asked is in its file in [`crate::tables`].
pub struct Table<'a, T> {
    pub(crate) store: &'a Store,
    record: PhantomData<fn() -> T>,
}

impl<'a, T> Table<'a, T> {
    pub(crate) fn of(store: &'a Store) -> Self {
        Self { store, record: PhantomData }
    }
}

impl<T: Record> Table<'_, T> {
    pub async fn get(&self, key: impl Borrow<T::Key> + Send) -> Result<Option<Stored<T>>, StoreError> {
        Ok(self.get_arc(key).await?.map(Arc::unwrap_or_clone))
    }

    /// As [`Table::get`], without a copy of what is in memory already.
    pub async fn get_arc(&self, key: impl Borrow<T::Key> + Send) -> Result<Option<Shared<T>>, StoreError> {
        let key = record_key::<T>(key.borrow());
        match self.store.backend().get(key.as_bytes()).await? {
            None => Ok(None),
            Some((value, revision)) => self.decode(&Entry { key: key.into_bytes().into(), value, revision }).map(Some),
        }
    }

    /// Every record, in the order of the keys.
    pub async fn all(&self) -> Result<Vec<Stored<T>>, StoreError> {
        self.beginning_with(KeyBuf::table(T::TABLE)).await
    }

    pub(crate) fn decode(&self, entry: &Entry) -> Result<Shared<T>, StoreError> {
        self.store.cache().decode(entry)
    }

    /// Records whose keys begin so, in the order of the keys.
    pub(crate) async fn beginning_with(&self, prefix: KeyBuf) -> Result<Vec<Stored<T>>, StoreError> {
        let entries = self.store.backend().range(Range::all(&prefix)).await?;
        entries.iter().map(|entry| self.decode(entry).map(Arc::unwrap_or_clone)).collect()
    }

    /// Records that the entries of an index point to, in the order of the entries.
    pub(crate) async fn indexed(&self, range: Range) -> Result<Vec<Shared<T>>, StoreError> {
        let entries = self.store.backend().range(range).await?;
        Ok(self.behind(&entries).await?.into_iter().flatten().collect())
    }

    /// The records that index entries point to. `None` for one that was removed since the entries were read.
    pub(crate) async fn behind(&self, entries: &[Entry]) -> Result<Vec<Option<Shared<T>>>, StoreError> {
        let reads: Vec<Read> = entries.iter().map(|entry| Read::Key(entry.value.to_vec())).collect();
        let found = self.store.backend().read(&reads).await?;
        found.iter().map(|found| found.first().map(|entry| self.decode(entry)).transpose()).collect()
    }
}

/// Copies of what readers share, for those who are going to change it.
pub(crate) fn owned<T: Clone>(shared: Vec<Shared<T>>) -> Vec<Stored<T>> {
    shared.into_iter().map(Arc::unwrap_or_clone).collect()
}
