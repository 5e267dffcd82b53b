//! Plans of upgrades, a row for each change of a stack, from when an upgrade has begun until it has ended. A cluster has at most one.

use std::borrow::Borrow;

use jeroboam_model::{
    ClusterId,
    driver::{StackDefinition, StackScope},
};
use serde::{Deserialize, Serialize};

use crate::{KeyBuf, Record, StoreError, Stored, Table};

/// A change of a stack that a driver has planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

impl Record for PlannedStep {
    const TABLE: &'static str = "plans";
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        (self.cluster, number(self.number))
    }
}

impl Table<'_, PlannedStep> {
    /// In order.
    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<PlannedStep>>, StoreError> {
        self.beginning_with(KeyBuf::table(PlannedStep::TABLE).uuid(cluster.borrow().0)).await
    }

    /// The one with this number.
    pub async fn step(&self, cluster: ClusterId, of: u32) -> Result<Option<Stored<PlannedStep>>, StoreError> {
        self.get((cluster, number(of))).await
    }
}

/// Text that sorts as the number does.
fn number(number: u32) -> String {
    format!("{number:010}")
}
