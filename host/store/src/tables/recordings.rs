//! What a driver last defined for a cluster or a group, and what it read to do so: enough to ask another version the same without a cloud.

use std::borrow::Borrow;

use jeroboam_model::{
    ClusterId,
    driver::{StackDefinition, StackScope},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{KeyBuf, Record, StoreError, Stored, Table};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub cluster: ClusterId,
    pub scope: StackScope,
    pub driver: String,
    pub driver_version: String,
    /// SHA-256 of the component, in hexadecimal.
    pub driver_digest: String,
    /// Names secrets, holds none.
    pub definition: StackDefinition,
    /// The answers that the driver was given, in their order, as `jeroboam-plugins` writes them.
    pub reads: serde_json::Value,
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
}

impl Record for Recording {
    const TABLE: &'static str = "recordings";
    type Key = (ClusterId, String);

    fn key(&self) -> (ClusterId, String) {
        (self.cluster, scope_key(self.scope))
    }
}

impl Table<'_, Recording> {
    /// Of one stack.
    pub async fn of_scope(&self, cluster: ClusterId, scope: StackScope) -> Result<Option<Stored<Recording>>, StoreError> {
        self.get((cluster, scope_key(scope))).await
    }

    pub async fn of_cluster(&self, cluster: impl Borrow<ClusterId> + Send) -> Result<Vec<Stored<Recording>>, StoreError> {
        self.beginning_with(KeyBuf::table(Recording::TABLE).uuid(cluster.borrow().0)).await
    }
}

fn scope_key(scope: StackScope) -> String {
    match scope {
        StackScope::Cluster => "cluster".to_owned(),
        StackScope::NodeGroup(group) => group.to_string(),
    }
}
