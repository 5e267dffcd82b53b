//! Plans of upgrades, a row for each change of a stack, from when an upgrade has begun until it has ended. A cluster has at most one. Texts are kept
//! [once](crate::Whole).

use std::{borrow::Borrow, collections::BTreeSet};

use jeroboam_model::{
    ClusterId,
    driver::{Digest, StackDefinition, StackScope, Text},
};
use serde::{Deserialize, Serialize};

use crate::{
    Indexes, KeyBuf, Record, StoreError, Stored, Table, Whole,
    whole::{DefinitionRow, TextRef, Texts, add_references, with_inline_texts},
};

/// A change of a stack that a driver has planned.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedStep {
    pub cluster: ClusterId,
    /// From 0.
    pub number: u32,
    /// For the operation's events.
    pub summary: String,
    pub scope: StackScope,
    /// Names secrets, holds none.
    pub definition: StackDefinition,
    /// What the plan was made from, as in [`crate::Recording::reads`].
    pub reads: serde_json::Value,
}

/// A planned step as its table holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedRow {
    cluster: ClusterId,
    number: u32,
    summary: String,
    scope: StackScope,
    definition: DefinitionRow,
    reads: TextRef,
}

impl Record for PlannedRow {
    const TABLE: &'static str = "plans";
    /// 1 had its texts in it.
    const VERSION: u32 = 2;
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        (self.cluster, number(self.number))
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_references(PlannedStep::references(self), indexes);
    }

    fn migrate(from: u32, row: serde_json::Value) -> Option<serde_json::Value> {
        (from == 1).then(|| with_inline_texts(row))
    }
}

impl Whole for PlannedStep {
    type Row = PlannedRow;

    fn take_apart(&self, texts: &mut Vec<Text>) -> PlannedRow {
        PlannedRow {
            cluster: self.cluster,
            number: self.number,
            summary: self.summary.clone(),
            scope: self.scope,
            definition: DefinitionRow::of(&self.definition, texts),
            reads: TextRef::of_json(&self.reads, texts),
        }
    }

    fn references(row: &PlannedRow) -> BTreeSet<Digest> {
        row.definition.references(&row.reads)
    }

    fn put_together(row: PlannedRow, texts: &Texts) -> Result<Self, Digest> {
        Ok(Self {
            cluster: row.cluster,
            number: row.number,
            summary: row.summary,
            scope: row.scope,
            definition: row.definition.definition(texts)?,
            reads: row.reads.json(texts)?,
        })
    }
}

impl Table<'_, PlannedStep> {
    /// In order.
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<PlannedStep>>, StoreError> {
        self.whole_beginning_with(KeyBuf::table(PlannedRow::TABLE).uuid(cluster.borrow().0)).await
    }

    /// The one with this number.
    pub async fn step(&self, cluster: ClusterId, of: u32) -> Result<Option<Stored<PlannedStep>>, StoreError> {
        self.whole((cluster, number(of))).await
    }
}

/// Text that sorts as the number does.
fn number(number: u32) -> String {
    format!("{number:010}")
}
