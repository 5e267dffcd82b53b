//! An effect: on record before it happens, and with its outcome afterwards.

use jeroboam_model::{AuditId, AuditOutcome, AuditRecord, ClusterId, Effect, ProjectId, RequestId};
use time::OffsetDateTime;

use super::Watch;
use crate::{Interface, SourceError, text};

/// The longest target on record, in bytes.
const TARGET_MAX: usize = 512;

impl Watch {
    /// Has an effect, unless it cannot be written down before.
    pub(super) async fn effect<T>(
        &self,
        interface: Interface,
        effect: Effect,
        target: &str,
        answer: impl Future<Output = Result<T, SourceError>> + Send,
    ) -> Result<T, SourceError> {
        let mut entry = Entry { record: self.record(effect, target), watch: self };
        if let Some(trail) = &self.audit {
            trail.sink.intend(&entry.record).await.map_err(|_| SourceError::Unavailable {
                message: "the host cannot write down what is about to be done".to_owned(),
                after: std::time::Duration::from_secs(10),
            })?;
        }
        let function = effect.as_str().rsplit('.').next().unwrap_or_default();
        let answer = self.time(interface, function, answer).await;
        entry.record.outcome = if answer.is_ok() { AuditOutcome::Done } else { AuditOutcome::Failed };
        entry.record.ended_at = Some(OffsetDateTime::now_utc());
        if let Some(trail) = &self.audit {
            trail.sink.conclude(&entry.record).await;
        }
        answer
    }

    fn record(&self, effect: Effect, target: &str) -> AuditRecord {
        let nobody = || (ClusterId(Default::default()), ProjectId::from(""));
        let (cluster, project_id) = self.audit.as_ref().map_or_else(nobody, |trail| (trail.cluster, trail.project_id.clone()));
        AuditRecord {
            id: AuditId::random(),
            at: OffsetDateTime::now_utc(),
            driver: self.about.driver.name.to_string(),
            version: self.about.driver.version.to_string(),
            digest: self.about.counted.digest(),
            during: self.about.phase.as_str().to_owned(),
            cluster,
            project_id,
            request_id: self.about.request_id.clone(),
            global_request_id: self.audit.as_ref().and_then(|trail| trail.global_request_id.clone()),
            effect,
            target: text::line(&self.about.redactor.message(target), TARGET_MAX),
            outcome: AuditOutcome::Intended,
            ended_at: None,
        }
    }
}

/// Writes its line to the log when it is dropped, so that an effect which is cut off has one too.
struct Entry<'a> {
    record: AuditRecord,
    watch: &'a Watch,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let record = &self.record;
        tracing::info!(
            target: "jeroboam::audit",
            id = %record.id,
            driver = record.driver,
            version = record.version,
            digest = %record.digest,
            cluster = %record.cluster,
            project_id = %record.project_id,
            request_id = %record.request_id,
            global_request_id = record.global_request_id.as_ref().map(RequestId::as_str),
            during = record.during,
            target_id = record.target,
            outcome = record.outcome.as_str(),
            kept = self.watch.audit.is_some(),
            "{}",
            record.effect,
        );
    }
}
