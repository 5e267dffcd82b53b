//! Lists in pages: by creation through an index, by anything else in memory.

use std::{collections::BTreeMap, sync::Arc};

use jeroboam_model::ProjectId;
use time::OffsetDateTime;

use crate::{
    Direction, Indexes, KeyBuf, Range, Read, Record, Shared, StoreError, StoreKey, Table, Touches, key::describe,
    pages::IndexPage, record::record_key,
};

const CREATED: &str = "created";
const PROJECT: &str = "project";

/// A record that users list.
pub trait Listed: Record {
    fn created_at(&self) -> OffsetDateTime;
    fn project(&self) -> &ProjectId;
}

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct ListQuery<'a, K> {
    /// `None`: those of all projects.
    pub project: Option<&'a ProjectId>,
    /// Begins after the record with this key.
    pub marker: Option<K>,
    pub limit: usize,
    pub direction: Direction,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<Shared<T>>,
    /// Whether there was more when it was read.
    pub more: bool,
}

/// The index entries of a listed record; for its [`Record::indexes`].
pub(crate) fn add_list_indexes<T: Listed>(record: &T, indexes: &mut Indexes) {
    indexes.add(CREATED, KeyBuf::default().time(record.created_at()));
    indexes.add(PROJECT, KeyBuf::default().text(record.project().as_str()).time(record.created_at()));
}

/// Where the entries of the lists in question begin. After that all have the time of creation and the key.
pub(crate) fn list_of<T: Listed>(project: Option<&ProjectId>) -> KeyBuf {
    match project {
        None => KeyBuf::index(T::TABLE, CREATED),
        Some(project) => KeyBuf::index(T::TABLE, PROJECT).text(project.as_str()),
    }
}

impl<T: Listed> Table<'_, T> {
    /// How many the project has; all there are without a project. Reads an index alone.
    pub async fn count(&self, project: Option<&ProjectId>) -> Result<usize, StoreError> {
        Ok(self.store.backend().range(Range::all(&list_of::<T>(project))).await?.len())
    }

    /// In the order of creation.
    pub async fn list(&self, query: ListQuery<'_, T::Key>) -> Result<Page<T>, StoreError> {
        self.page(&[list_of::<T>(query.project)], &query).await
    }

    /// In the order of something else; those that are the same in it, in the order of creation. Reads the whole list.
    pub async fn list_by<O: Ord>(
        &self,
        query: ListQuery<'_, T::Key>,
        order: impl Fn(&T) -> O + Send,
    ) -> Result<Page<T>, StoreError> {
        self.sorted_page(&[list_of::<T>(query.project)], &query, order).await
    }

    /// The index entries of one page, in the order of creation. A record may go before it is read.
    pub(crate) async fn entries(&self, query: &ListQuery<'_, T::Key>) -> Result<Arc<IndexPage>, StoreError> {
        let list = list_of::<T>(query.project);
        let mut range = Range { direction: query.direction, limit: query.limit.saturating_add(1), ..Range::all(&list) };
        if let Some(marker) = &query.marker {
            let position = self.position(std::slice::from_ref(&list), marker).await?;
            narrow(&mut range, &list.clone().append(&position));
        }
        let touches = self.store.backend().touches();
        if let Some(page) = touches.and_then(|touches| self.store.kept_pages().get(touches, &range)) {
            return Ok(page);
        }
        let as_of = touches.map(Touches::latest);
        let mut entries = self.store.backend().range(range.clone()).await?;
        let more = entries.len() > query.limit;
        entries.truncate(query.limit);
        let page = Arc::new(IndexPage { entries, more });
        if let (Some(touches), Some(as_of)) = (touches, as_of) {
            self.store.kept_pages().keep(touches, as_of, &list, range, page.clone());
        }
        Ok(page)
    }

    /// One page of several lists merged; what is in more than one of them comes once.
    pub(crate) async fn page(&self, lists: &[KeyBuf], query: &ListQuery<'_, T::Key>) -> Result<Page<T>, StoreError> {
        let position = match &query.marker {
            None => None,
            Some(marker) => Some(self.position(lists, marker).await?),
        };
        // One more than asked for tells whether there is more.
        let wanted = query.limit.saturating_add(1);
        let mut merged = BTreeMap::new();
        for list in lists {
            self.collect(list, position.as_deref(), wanted, query.direction, &mut merged).await?;
        }
        let mut items: Vec<Shared<T>> = match query.direction {
            Direction::Ascending => merged.into_values().take(wanted).collect(),
            Direction::Descending => merged.into_values().rev().take(wanted).collect(),
        };
        let more = items.len() > query.limit;
        items.truncate(query.limit);
        Ok(Page { items, more })
    }

    pub(crate) async fn sorted_page<O: Ord>(
        &self,
        lists: &[KeyBuf],
        query: &ListQuery<'_, T::Key>,
        order: impl Fn(&T) -> O + Send,
    ) -> Result<Page<T>, StoreError> {
        let whole = ListQuery { project: None, marker: None, limit: usize::MAX - 1, direction: Direction::Ascending };
        let mut items = self.page(lists, &whole).await?.items;
        items.sort_by_cached_key(|item| order(item));
        if query.direction == Direction::Descending {
            items.reverse();
        }
        if let Some(marker) = &query.marker {
            let key = record_key::<T>(marker);
            let place =
                items.iter().position(|item| record_key::<T>(&item.key()) == key).ok_or_else(|| no_marker::<T>(marker))?;
            items.drain(..=place);
        }
        let more = items.len() > query.limit;
        items.truncate(query.limit);
        Ok(Page { items, more })
    }

    /// Adds up to `wanted` records of the list that come after the position, each under its place in the order.
    async fn collect(
        &self,
        list: &KeyBuf,
        position: Option<&[u8]>,
        wanted: usize,
        direction: Direction,
        merged: &mut BTreeMap<Vec<u8>, Shared<T>>,
    ) -> Result<(), StoreError> {
        let mut range = Range { direction, ..Range::all(list) };
        if let Some(position) = position {
            narrow(&mut range, &list.clone().append(position));
        }
        let mut missing = wanted;
        // A record that goes away between the two reads leaves a gap, which is filled from what follows: a short page would look like the last.
        while missing > 0 {
            range.limit = missing;
            let entries = self.store.backend().range(range.clone()).await?;
            let Some(last) = entries.last() else { break };
            narrow(&mut range, &KeyBuf::default().append(&last.key));
            let at_end = entries.len() < missing;
            for (entry, record) in entries.iter().zip(self.behind(&entries).await?) {
                if let (Some(record), Some(place)) = (record, entry.key.strip_prefix(list.as_bytes())) {
                    merged.insert(place.to_vec(), record);
                    missing -= 1;
                }
            }
            if at_end {
                break;
            }
        }
        Ok(())
    }

    /// The marker's place in the order, if one of the lists has it.
    async fn position(&self, lists: &[KeyBuf], marker: &T::Key) -> Result<Vec<u8>, StoreError> {
        let record = self.get_arc(marker).await?.ok_or_else(|| no_marker::<T>(marker))?;
        let place = marker.write(KeyBuf::default().time(record.created_at()));
        let reads: Vec<Read> = lists.iter().map(|list| Read::Key(list.clone().append(place.as_bytes()).into_bytes())).collect();
        let listed = self.store.backend().read(&reads).await?.iter().any(|found| !found.is_empty());
        if listed { Ok(place.into_bytes()) } else { Err(no_marker::<T>(marker)) }
    }
}

/// Leaves what comes after the key.
fn narrow(range: &mut Range, key: &KeyBuf) {
    match range.direction {
        Direction::Ascending => range.from = key.after(),
        Direction::Descending => range.to = key.as_bytes().to_vec(),
    }
}

fn no_marker<T: Record>(marker: &T::Key) -> StoreError {
    StoreError::Marker { table: T::TABLE, marker: describe(marker.write(KeyBuf::default()).as_bytes()) }
}

impl<K> Default for ListQuery<'_, K> {
    /// Everything, the oldest first.
    fn default() -> Self {
        Self { project: None, marker: None, limit: 1000, direction: Direction::Ascending }
    }
}
