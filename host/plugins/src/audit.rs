//! Who keeps what drivers did to the world outside.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jeroboam_model::{AuditRecord, ClusterId, ProjectId, RequestId};

/// Keeps records. Without their intents kept, effects do not happen.
#[async_trait]
pub trait AuditSink: Send + Sync {
    /// Keeps that something is about to be done; durable when this returns.
    async fn intend(&self, record: &AuditRecord) -> Result<(), NotKept>;

    /// Keeps what came of it. The effect has been; a failure can only be logged.
    async fn conclude(&self, record: &AuditRecord);
}

/// The record is not kept; the sink's own log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit record could not be written")]
pub struct NotKept;

/// Where the effects of calls for one cluster are written down. Cheap to clone.
#[derive(Clone)]
pub struct AuditTrail {
    pub sink: Arc<dyn AuditSink>,
    pub cluster: ClusterId,
    pub project_id: ProjectId,
    /// That of the request which the calls are made for, if it came with one.
    pub global_request_id: Option<RequestId>,
}

impl fmt::Debug for AuditTrail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditTrail({})", self.cluster)
    }
}
