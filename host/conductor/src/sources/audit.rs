//! Where drivers' effects are written down: the store, before they happen.

use async_trait::async_trait;
use jeroboam_model::AuditRecord;
use jeroboam_plugins::{AuditSink, NotKept};
use jeroboam_store::{CommitError, Store};

use crate::cause;

pub(super) struct Sink(pub Store);

impl Sink {
    async fn keep(&self, record: &AuditRecord) -> Result<(), CommitError> {
        let mut tx = self.0.begin();
        tx.put(record);
        tx.commit().await
    }
}

#[async_trait]
impl AuditSink for Sink {
    async fn intend(&self, record: &AuditRecord) -> Result<(), NotKept> {
        self.keep(record).await.map_err(|error| {
            tracing::error!(request_id = %record.request_id, "{} is not done: {}", record.effect, cause::chain(&error));
            NotKept
        })
    }

    async fn conclude(&self, record: &AuditRecord) {
        if let Err(error) = self.keep(record).await {
            let (id, outcome) = (record.id, record.outcome);
            tracing::error!(%id, "that its outcome is '{outcome}' could not be written down: {}", cause::chain(&error));
        }
    }
}
