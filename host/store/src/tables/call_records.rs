//! Calls of drivers that were recorded: of a driver, of a cluster and of all, by when they were made.

use jeroboam_model::{CallRecord, CallRecordId, ClusterId};
use time::OffsetDateTime;

use crate::{Direction, Indexes, KeyBuf, Page, Range, Record, StoreError, Stored, Table, table::owned};

const TABLE: &str = "call_records";
const AT: &str = "at";
const DRIVER: &str = "driver";
const CLUSTER: &str = "cluster";

/// How many are read at once: each may be large.
const CHUNK: usize = 16;

/// Which records, the newest first.
#[derive(Clone, Debug, Default)]
pub struct CallRecordQuery<'a> {
    /// `None`: of all.
    pub driver: Option<&'a str>,
    pub cluster: Option<ClusterId>,
    /// `define-stack`, …
    pub function: Option<&'a str>,
    /// Begins after the record with this id; at the beginning, if there is none.
    pub marker: Option<CallRecordId>,
    pub limit: usize,
}

impl Record for CallRecord {
    const TABLE: &'static str = TABLE;
    type Key = CallRecordId;

    fn key(&self) -> CallRecordId {
        self.id
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.add(AT, KeyBuf::default().time(self.at));
        indexes.add(DRIVER, KeyBuf::default().text(&self.driver).time(self.at));
        if let Some(cluster) = self.cluster {
            indexes.add(CLUSTER, KeyBuf::default().uuid(cluster.0).time(self.at));
        }
    }
}

impl CallRecordQuery<'_> {
    /// The narrowest list that holds all that is wanted.
    fn list(&self) -> KeyBuf {
        match (self.cluster, self.driver) {
            (Some(cluster), _) => KeyBuf::index(TABLE, CLUSTER).uuid(cluster.0),
            (None, Some(driver)) => KeyBuf::index(TABLE, DRIVER).text(driver),
            (None, None) => KeyBuf::index(TABLE, AT),
        }
    }

    fn wants(&self, record: &CallRecord) -> bool {
        self.driver.is_none_or(|driver| record.driver == driver)
            && self.cluster.is_none_or(|cluster| record.cluster == Some(cluster))
            && self.function.is_none_or(|function| record.function == function)
    }
}

impl Table<'_, CallRecord> {
    pub async fn query(&self, query: &CallRecordQuery<'_>) -> Result<Page<CallRecord>, StoreError> {
        let list = query.list();
        let mut range = Range { limit: CHUNK, direction: Direction::Descending, ..Range::all(&list) };
        if let Some(marker) = query.marker
            && let Some(record) = self.get_arc(marker).await?
        {
            range.to = list.time(record.at).uuid(marker.0).into_bytes();
        }
        let mut items = Vec::new();
        loop {
            let entries = self.store.backend().range(range.clone()).await?;
            let Some(last) = entries.last() else { break };
            range.to = last.key.to_vec();
            let found = self.behind(&entries).await?.into_iter().flatten();
            items.extend(found.filter(|record| query.wants(record)));
            if items.len() > query.limit {
                break;
            }
        }
        let more = items.len() > query.limit;
        items.truncate(query.limit);
        Ok(Page { items, more })
    }

    /// How many there are.
    pub async fn count(&self) -> Result<usize, StoreError> {
        Ok(self.store.backend().range(Range::all(&KeyBuf::index(TABLE, AT))).await?.len())
    }

    /// The oldest, at most `limit`.
    pub async fn oldest(&self, limit: usize) -> Result<Vec<Stored<CallRecord>>, StoreError> {
        Ok(owned(self.indexed(Range { limit, ..Range::all(&KeyBuf::index(TABLE, AT)) }).await?))
    }

    /// Those made before the moment, at most `limit`, the oldest first.
    pub async fn before(&self, moment: OffsetDateTime, limit: usize) -> Result<Vec<Stored<CallRecord>>, StoreError> {
        let index = KeyBuf::index(TABLE, AT);
        let range = Range { to: index.clone().time(moment).into_bytes(), limit, ..Range::all(&index) };
        Ok(owned(self.indexed(range).await?))
    }
}

#[cfg(test)]
mod tests {
    use jeroboam_model::{
        RequestId,
        call_record::{CallUsage, FORMAT, Outcome},
    };
    use serde_json::{Map, Value};

    use super::*;
    use crate::Store;

    fn record(driver: &str, cluster: Option<ClusterId>, second: i64) -> CallRecord {
        CallRecord {
            format: FORMAT,
            id: CallRecordId::random(),
            at: OffsetDateTime::from_unix_timestamp(1_700_000_000 + second).unwrap(),
            driver: driver.into(),
            version: "1.0.0".into(),
            digest: "00".into(),
            contract: "jeroboam:coe@0.1.0".into(),
            function: if second % 2 == 0 { "define-stack".into() } else { "read-stack".into() },
            cluster,
            request_id: RequestId::random(),
            input: Map::new(),
            host_calls: vec![],
            log: vec![],
            outcome: Outcome::Ok(Value::Null),
            usage: CallUsage::default(),
            gaps: vec![],
        }
    }

    async fn filled(records: &[CallRecord]) -> Store {
        let store = Store::in_memory();
        let mut tx = store.begin();
        records.iter().for_each(|record| tx.put(record));
        tx.commit().await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_list_goes_on_after_its_marker_newest_first() {
        let records: Vec<CallRecord> = (0..40).map(|second| record("a", None, second)).collect();
        let store = filled(&records).await;
        let mut seen = Vec::new();
        let mut marker = None;
        loop {
            let query = CallRecordQuery { driver: Some("a"), marker, limit: 7, ..CallRecordQuery::default() };
            let page = store.call_records().query(&query).await.unwrap();
            seen.extend(page.items.iter().map(|item| item.id));
            marker = page.items.last().map(|item| item.id);
            if !page.more {
                break;
            }
        }
        let expected: Vec<CallRecordId> = records.iter().rev().map(|record| record.id).collect();
        assert_eq!(seen, expected);
    }

    #[tokio::test]
    async fn what_is_asked_for_is_found_among_others() {
        let (one, other) = (ClusterId::random(), ClusterId::random());
        let records =
            [record("a", Some(one), 0), record("b", Some(one), 1), record("a", Some(other), 2), record("a", Some(one), 3)];
        let store = filled(&records).await;
        let query = CallRecordQuery { driver: Some("a"), cluster: Some(one), limit: 10, ..CallRecordQuery::default() };
        let found = store.call_records().query(&query).await.unwrap();
        assert_eq!(found.items.iter().map(|item| item.id).collect::<Vec<_>>(), [records[3].id, records[0].id]);
        let query = CallRecordQuery { function: Some("read-stack"), ..query };
        assert_eq!(store.call_records().query(&query).await.unwrap().items.len(), 1);
    }

    #[tokio::test]
    async fn the_oldest_and_those_before_a_moment_are_found_to_be_forgotten() {
        let records: Vec<CallRecord> = (0..5).map(|second| record("a", None, second)).collect();
        let store = filled(&records).await;
        assert_eq!(store.call_records().count().await.unwrap(), 5);
        assert_eq!(store.call_records().oldest(2).await.unwrap()[1].id, records[1].id);
        assert_eq!(store.call_records().before(records[3].at, 10).await.unwrap().len(), 3);
    }
}
