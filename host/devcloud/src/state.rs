//! Everything the cloud knows: one value behind one lock, so that each request is a transaction.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    keystone::Keystone,
    moment::Moment,
    pending::{Change, Due},
    quota::Quotas,
    record::{Body, Record},
    refusal::Refusal,
    services::{Kind, Scope},
};

/// Everything the cloud knows.
#[derive(Serialize, Deserialize)]
pub struct State {
    pub keystone: Keystone,
    pub quotas: Quotas,
    tables: BTreeMap<Kind, BTreeMap<String, Record>>,
    due: Vec<Due>,
    sequence: u64,
    /// How far the cloud's clock is ahead of the machine's.
    ahead_ms: i64,
    #[serde(skip)]
    pub pace: Duration,
}

impl State {
    pub fn empty() -> Self {
        Self {
            keystone: Keystone::default(),
            quotas: Quotas::default(),
            tables: BTreeMap::new(),
            due: Vec::new(),
            sequence: 0,
            ahead_ms: 0,
            pace: Duration::ZERO,
        }
    }

    pub fn now(&self) -> Moment {
        Moment(Moment::now().0.saturating_add(self.ahead_ms))
    }

    /// Moves the cloud's clock forward.
    pub fn advance(&mut self, by: Duration) {
        self.ahead_ms = Moment(self.ahead_ms).plus(by).0;
    }

    pub fn insert(&mut self, kind: Kind, mut record: Record) -> String {
        self.sequence += 1;
        record.sequence = self.sequence;
        record.created = self.now();
        let id = record.id.clone();
        self.tables.entry(kind).or_default().insert(id.clone(), record);
        id
    }

    pub fn get(&self, kind: Kind, id: &str) -> Option<&Record> {
        self.tables.get(&kind)?.get(id)
    }

    pub fn get_mut(&mut self, kind: Kind, id: &str) -> Option<&mut Record> {
        self.tables.get_mut(&kind)?.get_mut(id)
    }

    pub fn remove(&mut self, kind: Kind, id: &str) -> Option<Record> {
        self.tables.get_mut(&kind)?.remove(id)
    }

    /// All objects of a kind, oldest first.
    pub fn all(&self, kind: Kind) -> Vec<&Record> {
        let mut records: Vec<_> = self.tables.get(&kind).into_iter().flat_map(BTreeMap::values).collect();
        records.sort_by_key(|record| record.sequence);
        records
    }

    /// The ids of the objects of a kind for which something holds, oldest first.
    pub fn ids(&self, kind: Kind, holds: impl Fn(&Record) -> bool) -> Vec<String> {
        self.all(kind).into_iter().filter(|record| holds(record)).map(|record| record.id.clone()).collect()
    }

    /// The object, if the caller may see it.
    pub fn visible(&self, scope: &Scope, kind: Kind, id: &str) -> Result<&Record, Refusal> {
        let resource = crate::collections::resource(kind);
        self.get(kind, id).filter(|record| resource.visible(self, scope, record)).ok_or_else(|| resource.missing(id))
    }

    /// Sets attributes, and notes when.
    pub fn patch(&mut self, kind: Kind, id: &str, body: Body) {
        let now = self.now();
        if let Some(record) = self.get_mut(kind, id) {
            record.body.extend(body);
            record.updated = Some(now);
        }
    }

    pub fn set(&mut self, kind: Kind, id: &str, key: &str, value: impl Into<Value>) {
        self.patch(kind, id, Body::from_iter([(key.to_owned(), value.into())]));
    }

    /// Asks for a change after the cloud's pace. A later one for the same object does not undo it.
    pub fn later(&mut self, kind: Kind, id: &str, change: Change) {
        let at = self.now().plus(self.pace);
        self.due.push(Due { at, kind, id: id.to_owned(), change });
    }

    /// Applies the changes that have come due; says whether there were any.
    pub fn settle(&mut self) -> bool {
        let now = self.now();
        let (due, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.due).into_iter().partition(|due| due.at <= now);
        self.due = waiting;
        let any = !due.is_empty();
        for due in due {
            match due.change {
                Change::Set(body) => self.patch(due.kind, &due.id, body),
                Change::Remove => {
                    self.remove(due.kind, &due.id);
                }
            }
        }
        any
    }
}
