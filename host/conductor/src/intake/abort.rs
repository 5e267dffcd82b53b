//! Somebody wants an operation to stop.

use jeroboam_model::{Abort as Wish, Operation, OperationId, OperationState};

use super::{Intake, IntakeError, NewRequester, OperationError, Try, commit, until_done};
use crate::abort::{self, Left};
use crate::error::StepError;
use crate::now::now;
use crate::operations;
use crate::work::Work;

/// An operation that is to stop.
#[derive(Clone, Debug)]
pub struct Abort {
    pub operation: OperationId,
    pub requester: NewRequester,
}

/// Whether an operation can be stopped.
pub fn abortable(operation: &Operation) -> Result<(), OperationError> {
    if operation.state.is_over() {
        return Err(OperationError::Over(operation.state));
    }
    abort::at(&operation.kind, operation.step).map(drop).ok_or(OperationError::TooLate)
}

impl Intake {
    /// Writes down that an operation is to stop. It ends as soon as nothing goes on outside for it, and its cluster is then as after a failure. Asking twice is
    /// asking once.
    pub async fn abort(&self, abort: Abort) -> Result<(), IntakeError> {
        let waits = until_done(|| self.try_abort(&abort)).await?;
        if waits && let Err(error) = self.end_waiting(abort.operation).await {
            tracing::info!(operation = %abort.operation, "it ends when its turn comes: {}", crate::cause::chain(&error));
        }
        Ok(())
    }

    /// Whether the operation waits for others to end, so that nobody works on it.
    async fn try_abort(&self, abort: &Abort) -> Result<Try<bool>, IntakeError> {
        let mut operation = self.shared.store.operations().get(abort.operation).await?.ok_or(OperationError::Gone)?;
        abortable(&operation)?;
        let oldest = self.unfinished(operation.cluster).await?.into_iter().next();
        let waits = operation.state == OperationState::Queued && oldest.is_some_and(|oldest| oldest.id != operation.id);
        if operation.abort.is_some() {
            return Ok(Try::Done(waits));
        }
        let now = now();
        operation.value.abort = Some(Wish {
            user_id: abort.requester.user_id.clone(),
            user_name: abort.requester.user_name.clone(),
            request_id: abort.requester.request_id.clone(),
            at: now,
        });
        operation.value.not_before = None;
        operation.value.updated_at = now;
        let mut tx = self.shared.store.begin();
        tx.update(&operation);
        tx.wake();
        commit(tx, waits).await
    }

    /// Ends an operation that has not begun, and whose turn would come only after others.
    async fn end_waiting(&self, id: OperationId) -> Result<(), StepError> {
        let Some(work) = Work::load(&self.shared, id).await? else { return Ok(()) };
        work.commit(&|draft| operations::aborted(draft, &Left::AtRest)).await
    }
}
