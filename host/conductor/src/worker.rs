//! Does the steps of one operation, one after the other, until it has ended or has to wait.

use std::time::Duration;

use jeroboam_model::{Fault, OperationId, OperationKind, OperationState, RequestId, Step};
use jeroboam_telemetry::traces;
use tokio::time::Instant;
use tracing::Instrument;

use crate::abort::{self, Stop};
use crate::cause;
use crate::draft::Draft;
use crate::error::StepError;
use crate::kill::Moment;
use crate::metrics::End;
use crate::now::now;
use crate::operations;
use crate::pace::{Pace, spread_at_random};
use crate::policy::{self, Failure, Verdict};
use crate::shared::Shared;
use crate::steps::{self, Change, Outcome};
use crate::work::Work;

/// How long nothing is done after the store itself has failed.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// What the scheduler remembers of an operation between two runs. Losing it costs nothing but a few more questions to Heat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    step: Option<Step>,
    since: Instant,
    pace: Pace,
}

/// Why a worker let go of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Released {
    /// It has ended.
    Over,
    /// Somebody else has ended it.
    Taken,
    /// To be taken up again.
    At(Instant, Memory),
}

impl Default for Memory {
    fn default() -> Self {
        Self { step: None, since: Instant::now(), pace: Pace::default() }
    }
}

impl Memory {
    fn enter(&mut self, step: Step) {
        if self.step != Some(step) {
            *self = Self { step: Some(step), ..Self::default() };
        }
    }

    fn released(self, after: Duration) -> Released {
        Released::At(Instant::now() + after, self)
    }
}

/// Works on an operation. `may_begin` says whether new steps may still be begun.
pub(crate) async fn run(shared: &Shared, id: OperationId, mut memory: Memory, may_begin: impl Fn() -> bool) -> Released {
    while may_begin() {
        let outcome = match Work::load(shared, id).await {
            Ok(Some(work)) => step(work, &mut memory).await,
            Ok(None) => return Released::Taken,
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(Next::Step) => {}
            Ok(Next::Wait(after)) => return memory.released(after),
            Ok(Next::Nothing) => return Released::Over,
            // Whoever wrote it may only have asked for something else of it: it is read again.
            Err(StepError::Superseded) => {}
            Err(StepError::Failed(failure)) => {
                tracing::warn!(operation = %id, "what came of a step could not be recorded: {failure}");
                return memory.released(spread_at_random(STORE_PAUSE));
            }
            Err(error @ (StepError::Read(_) | StepError::Write(_))) => {
                tracing::error!(operation = %id, "{}", cause::chain(&error));
                return memory.released(spread_at_random(STORE_PAUSE));
            }
        }
    }
    memory.released(Duration::ZERO)
}

enum Next {
    Step,
    Wait(Duration),
    Nothing,
}

/// One step, from the record that it is to be done to the record of what came of it.
async fn step(mut work: Work, memory: &mut Memory) -> Result<Next, StepError> {
    if let Some(wait) =
        work.operation.not_before.map(|at| Duration::try_from(at - now()).unwrap_or_default()).filter(|wait| !wait.is_zero())
    {
        return Ok(Next::Wait(wait));
    }
    let (step, kind) = (work.operation.step, work.operation.kind.clone());
    memory.enter(step);
    work.pace = memory.pace;
    work.in_step_for = memory.since.elapsed();
    let kill = work.shared.config.kill.clone();
    if let Some(stop) = abort::wanted(&work.operation) {
        let span = span(&work, &kind, step);
        return end_early(work, stop, memory).instrument(span).await;
    }

    tracing::debug!(cluster = %work.cluster.uuid, request_id = %work.operation.requester.request_id, "{}: {step}", kind.name());
    kill.pass(&kind, step, Moment::Before).await;
    let (metrics, began) = (work.shared.config.metrics.clone(), Instant::now());
    let span = span(&work, &kind, step);
    let outcome = steps::run(&work).instrument(span).await;
    metrics.stepped(step, result_of(&outcome), began.elapsed());
    let outcome = match outcome {
        Err(StepError::Failed(failure)) => return fail(work, step, failure).await,
        outcome => outcome?,
    };
    kill.pass(&kind, step, Moment::During).await;
    match outcome {
        Outcome::Done(change) => {
            let next = record(work, step, change).await?;
            kill.pass(&kind, step, Moment::After).await;
            Ok(next)
        }
        Outcome::Intend(change) => {
            work.commit(&*change).await?;
            Ok(Next::Step)
        }
        Outcome::Later { waiting_for, .. } if now() >= work.operation.deadline => {
            fail(work, step, Failure::passing(Fault::Cloud, format!("waiting for {waiting_for}"))).await
        }
        Outcome::Later { after, .. } => {
            let config = &work.shared.config;
            let pace = work.pace.wait(config.poll_min, config.poll_max, rand::random());
            memory.pace.polls = memory.pace.polls.saturating_add(1);
            Ok(Next::Wait(after.map_or(pace, |after| after.max(config.poll_min))))
        }
    }
}

/// Ends an operation that somebody wants to stop, once Heat has left off what it was asked for.
async fn end_early(work: Work, stop: Stop, memory: &mut Memory) -> Result<Next, StepError> {
    let left = match stop {
        Stop::Here => abort::Left::AtRest,
        Stop::Heat => match steps::stop::run(&work).await {
            Ok(Outcome::Intend(change)) => {
                work.commit(&*change).await?;
                return Ok(Next::Step);
            }
            Ok(Outcome::Done(_)) => abort::Left::AtRest,
            Ok(Outcome::Later { waiting_for, .. }) => abort::Left::Going(format!("{waiting_for} was still at it")),
            Err(StepError::Failed(failure)) if failure.retry.is_none() => abort::Left::Unknown(failure.message),
            Err(StepError::Failed(failure)) => abort::Left::Going(failure.message),
            Err(error) => return Err(error),
        },
    };
    if matches!(left, abort::Left::Going(_)) && abort::has_time(&work.operation, now()) {
        let config = &work.shared.config;
        let pace = work.pace.wait(config.poll_min, config.poll_max, rand::random());
        memory.pace.polls = memory.pace.polls.saturating_add(1);
        return Ok(Next::Wait(pace));
    }
    tracing::info!(cluster = %work.cluster.uuid, "{} ends, as was asked for", work.operation.kind.name());
    let (metrics, name) = (work.shared.config.metrics.clone(), work.operation.kind.name());
    work.commit(&move |draft: &mut Draft| operations::aborted(draft, &left)).await?;
    metrics.aborted(name);
    Ok(Next::Nothing)
}

/// Goes on in the trace of the request that asked for the operation.
fn span(work: &Work, kind: &OperationKind, step: Step) -> tracing::Span {
    let requester = &work.operation.requester;
    let span = tracing::info_span!(
        target: traces::TARGET,
        "operation_step",
        operation = kind.name(),
        step = %step,
        cluster = %work.cluster.uuid,
        request_id = %requester.request_id,
        global_request_id = requester.global_request_id.as_ref().map(RequestId::as_str),
    );
    traces::adopt(&span, requester.trace);
    span
}

/// As metrics call it.
const fn result_of(outcome: &Result<Outcome, StepError>) -> &'static str {
    match outcome {
        Ok(Outcome::Done(_) | Outcome::Intend(_)) => "done",
        Ok(Outcome::Later { .. }) => "later",
        Err(_) => "failed",
    }
}

/// Writes a step's result, and the step that comes next, in one commit. Time that an operation has spent waiting for its turn, or on the stacks before
/// the next one, does not count against it.
async fn record(work: Work, step: Step, change: Change) -> Result<Next, StepError> {
    let is_last = work.operation.kind.steps().last() == Some(&step);
    let (shared, has_waited) = (work.shared.clone(), work.has_waited);
    let (metrics, operation) = (shared.config.metrics.clone(), work.operation.value.clone());
    work.commit(&move |draft: &mut Draft| {
        change(draft);
        draft.operation.attempts = 0;
        draft.operation.not_before = None;
        let Some(next) = draft.operation.kind.after(step) else { return };
        let is_new_stack = next == Step::Stack && draft.operation.kind.progress().is_some();
        if is_new_stack || (has_waited && draft.operation.state == OperationState::Queued) {
            draft.operation.deadline = operations::deadline(&draft.cluster, &shared.config, now());
        }
        draft.operation.state = OperationState::Running;
        draft.operation.step = next;
    })
    .await?;
    if is_last {
        metrics.ended(&operation, End::Done);
        return Ok(Next::Nothing);
    }
    Ok(Next::Step)
}

/// Tries again later, or ends the operation.
async fn fail(work: Work, step: Step, failure: Failure) -> Result<Next, StepError> {
    let (message, attempts) = (failure.message.clone(), work.operation.attempts);
    let operation = work.operation.kind.name();
    let cluster = work.cluster.uuid;
    match policy::decide(failure, step, attempts, work.shared.backoff(), now(), work.operation.deadline) {
        Verdict::Retry { after } => {
            let after = spread_at_random(after);
            tracing::info!(%cluster, "{operation}: {step} is tried again in {after:.1?}: {message}");
            let not_before = now() + after;
            let change = move |draft: &mut Draft| {
                draft.operation.state = OperationState::Running;
                draft.operation.attempts = attempts.saturating_add(1);
                draft.operation.not_before = Some(not_before);
                draft.note(message.clone());
            };
            work.commit(&change).await?;
            Ok(Next::Wait(after))
        }
        Verdict::Fail(cause) => {
            tracing::warn!(%cluster, "{operation}: {step} failed: {message}");
            let (metrics, operation) = (work.shared.config.metrics.clone(), work.operation.value.clone());
            work.commit(&move |draft: &mut Draft| operations::failed(draft, &cause)).await?;
            metrics.ended(&operation, End::Failed);
            Ok(Next::Nothing)
        }
    }
}
