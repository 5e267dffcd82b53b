//! Operations on stacks: started, timed, rolled back, taken over, taken up again.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use tokio::sync::watch;

use super::{
    Engine,
    control::{Control, Stop},
    state::{Action, Status},
};
use crate::heat::error::Failure;

/// An operation under way.
pub struct Running {
    control: Control,
    done: watch::Receiver<bool>,
}

/// What a stack is to go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation(Action);

/// Heat's `stack_action_timeout`, minutes.
const DEFAULT_TIMEOUT_MINS: u64 = 60;

impl Operation {
    pub const CREATE: Self = Self(Action::Create);
    pub const UPDATE: Self = Self(Action::Update);
    pub const DELETE: Self = Self(Action::Delete);
    pub const ROLLBACK: Self = Self(Action::Rollback);
    /// Only stops what is under way.
    pub const NOTHING: Self = Self(Action::Init);

    #[must_use]
    pub fn resumed(action: Action) -> Self {
        Self(action)
    }
}

impl Engine {
    /// Starts an operation on a root stack. One that is under way is stopped first.
    pub(crate) fn launch(self: &Arc<Self>, stack: &str, operation: Operation) {
        let control = Control::new(self.grace());
        let (finished, done) = watch::channel(false);
        let before = {
            let mut running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            running.insert(stack.to_owned(), Running { control: control.clone(), done })
        };
        let engine = self.clone();
        let stack = stack.to_owned();
        tokio::spawn(async move {
            if let Some(mut before) = before {
                before.control.stop(Stop::Superseded);
                engine.signalled();
                let _ = before.done.wait_for(|done| *done).await;
            }
            engine.timed(&stack, operation, &control).await;
            let _ = finished.send(true);
        });
    }

    async fn timed(self: &Arc<Self>, stack: &str, operation: Operation, control: &Control) {
        let minutes =
            self.read(|state| state.stacks.get(stack).and_then(|stack| stack.timeout_mins)).unwrap_or(DEFAULT_TIMEOUT_MINS);
        let limit = Duration::from_secs(minutes.saturating_mul(60).max(1));
        let run = self.run(stack, operation, control);
        tokio::pin!(run);
        tokio::select! {
            () = &mut run => return,
            () = tokio::time::sleep(limit) => control.stop(Stop::Timeout),
        }
        self.signalled();
        run.await;
    }

    async fn run(self: &Arc<Self>, stack: &str, Operation(action): Operation, control: &Control) {
        let outcome = match action {
            Action::Init => return,
            Action::Rollback => self.roll_back(stack, control).await,
            action => self.perform(stack, action, control).await,
        };
        if outcome.is_ok() || !matches!(action, Action::Create | Action::Update) || control.stopped() == Some(Stop::Superseded) {
            return;
        }
        let wanted = self.write(|state| {
            let Some(stack) = state.stacks.get_mut(stack).filter(|stack| !stack.disable_rollback) else { return false };
            let reason = format!("{} . Rolling back", stack.reason.trim_end_matches('.'));
            if stack.complete_once
                && let Some(previous) = stack.previous.take()
            {
                stack.blueprint = previous;
            }
            stack.set_status(Action::Rollback, Status::InProgress, reason);
            true
        });
        if wanted {
            // The time that ran out was the operation's; going back has its own.
            let control = Control::new(self.grace());
            let _ = self.roll_back(stack, &control).await;
        }
    }

    /// Goes back: to the blueprint before, or to nothing.
    fn roll_back<'a>(self: &'a Arc<Self>, stack: &'a str, control: &'a Control) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let update = self.read(|state| state.stacks.get(stack).is_some_and(|stack| stack.complete_once));
            let outcome = if update { self.update_all(stack, control).await } else { self.delete_all(stack, control).await };
            self.conclude(stack, Action::Rollback, control, outcome)
        })
    }

    /// Runs one action of a stack, nested ones included, and records how it ended.
    pub(crate) fn perform<'a>(
        self: &'a Arc<Self>,
        stack: &'a str,
        action: Action,
        control: &'a Control,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let outcome = match action {
                Action::Create => self.create_all(stack, control).await,
                Action::Update => self.update_all(stack, control).await,
                Action::Delete => self.delete_all(stack, control).await,
                Action::Check => self.check_all(stack, control).await,
                Action::Suspend | Action::Resume => self.switch_all(stack, action, control).await,
                Action::Rollback | Action::Init => Ok(()),
            };
            self.conclude(stack, action, control, outcome)
        })
    }

    fn conclude(&self, stack: &str, action: Action, control: &Control, outcome: Result<(), Failure>) -> Result<(), Failure> {
        if control.stopped() == Some(Stop::Superseded) {
            return outcome;
        }
        self.write(|state| {
            let Some(stack) = state.stacks.get_mut(stack) else { return };
            match &outcome {
                Ok(()) => {
                    stack.complete_once |= matches!(action, Action::Create | Action::Update);
                    if matches!(action, Action::Update | Action::Create) {
                        stack.previous = None;
                    }
                    stack.set_status(action, Status::Complete, format!("Stack {} completed successfully", action.name()));
                }
                Err(failure) => {
                    let reason = match control.stopped() {
                        Some(Stop::Timeout) => format!("{} timed out", titled(action)),
                        _ if failure.stop => format!("{} {}", action.name(), failure.reason),
                        _ => {
                            let verb = if action == Action::Rollback {
                                if stack.complete_once { "UPDATE" } else { "DELETE" }
                            } else {
                                action.name()
                            };
                            format!("Resource {verb} failed: {}", failure.described())
                        }
                    };
                    stack.set_status(action, Status::Failed, reason);
                }
            }
            if action == Action::Delete {
                state.forget_deleted();
            }
        });
        outcome
    }

    /// Waits until nothing runs on a root stack. For tests and shutdown.
    pub async fn idle(&self, stack: &str) {
        let done = {
            let running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            running.get(stack).map(|running| running.done.clone())
        };
        if let Some(mut done) = done {
            let _ = done.wait_for(|done| *done).await;
        }
    }
}

fn titled(action: Action) -> &'static str {
    match action {
        Action::Create => "Create",
        Action::Update => "Update",
        Action::Delete => "Delete",
        Action::Rollback => "Rollback",
        _ => "Action",
    }
}
