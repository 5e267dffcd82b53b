//! Stacks: made, changed, watched and removed along their dependency graphs.

mod attributes;
pub mod blueprint;
mod check;
mod context;
pub mod control;
mod create;
mod delete;
pub mod graph;
mod kind;
mod nested;
mod operate;
mod outputs;
mod plan;
mod preview;
mod requests;
mod scope;
pub mod signals;
pub mod software;
pub mod state;
mod update;
mod validate;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::watch;

pub use context::Context;
pub use kind::ResourceKind;
pub use nested::rolling;
pub use preview::{Preview, Previewed};
pub use requests::{Identity, NewStack, UpdateStack};
use state::{Action, State, Status};
pub use validate::Sketched;

use crate::{
    faults::Faults,
    heat::error::{HeatError, Result},
    services::{Scope, Services},
};

/// Resources in a tree of stacks.
pub const MAX_RESOURCES: usize = 1_000;
/// Stacks within stacks.
pub const MAX_DEPTH: usize = 6;
/// Stacks of one project, nested ones not counted.
pub const MAX_STACKS: usize = 512;

pub struct Engine {
    services: Arc<dyn Services>,
    pace: Duration,
    faults: Arc<Faults>,
    state: Mutex<State>,
    endpoint: RwLock<String>,
    changes: watch::Sender<u64>,
    signals: watch::Sender<u64>,
    running: Mutex<HashMap<String, operate::Running>>,
}

impl Engine {
    pub fn new(services: Arc<dyn Services>, pace: Duration, faults: Arc<Faults>) -> Arc<Self> {
        let state = State { secret: state::new_id(), ..State::default() };
        Arc::new(Self {
            services,
            pace,
            faults,
            state: Mutex::new(state),
            endpoint: RwLock::new(String::new()),
            changes: watch::Sender::new(0),
            signals: watch::Sender::new(0),
            running: Mutex::default(),
        })
    }

    /// The public URL of `/orchestration/v1`, for the URLs that nodes are given.
    pub fn set_endpoint(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.endpoint.write().unwrap_or_else(PoisonError::into_inner));
    }

    #[must_use]
    pub fn endpoint(&self) -> String {
        self.endpoint.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Grows with every change of state.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Everything, to be given to [`Self::restore`] by a later process. Holds what templates were given, secrets too.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        self.read(|state| {
            let mut kept = serde_json::to_value(state).unwrap_or_default();
            let nested = state.stacks.values().filter(|stack| stack.parent.is_some());
            for id in nested.map(|stack| &stack.id) {
                for part in ["blueprint", "previous"] {
                    let files = kept.pointer_mut(&format!("/stacks/{id}/{part}/files"));
                    if let Some(files) = files {
                        *files = json!({});
                    }
                }
            }
            kept
        })
    }

    /// Takes up where a snapshot ended, and goes on with what was in progress. Needs a runtime.
    pub fn restore(self: &Arc<Self>, snapshot: Value) -> Result<()> {
        let mut restored: State = serde_json::from_value(snapshot)
            .map_err(|error| HeatError::validation(format!("The snapshot cannot be read: {error}")))?;
        let nested: Vec<String> =
            restored.stacks.values().filter(|stack| stack.parent.is_some()).map(|stack| stack.id.clone()).collect();
        for id in nested {
            let files = restored.stacks.get(restored.root_of(&id)).map(|root| root.blueprint.files.clone());
            if let (Some(files), Some(stack)) = (files, restored.stacks.get_mut(&id)) {
                stack.blueprint = stack.blueprint.with_files(files.clone());
                stack.previous = stack.previous.take().map(|previous| previous.with_files(files));
            }
        }
        let unfinished: Vec<(String, Action)> = restored
            .stacks
            .values()
            .filter(|stack| stack.parent.is_none() && stack.is_live() && stack.status == Status::InProgress)
            .map(|stack| (stack.id.clone(), stack.action))
            .collect();
        self.write(|state| *state = restored);
        for (id, action) in unfinished {
            self.launch(&id, operate::Operation::resumed(action));
        }
        Ok(())
    }

    /// Every live stack, configuration and deployment, for "nothing is left" checks.
    #[must_use]
    pub fn inventory(&self) -> Vec<Value> {
        self.read(|state| {
            let stacks = state.stacks.values().filter(|stack| stack.is_live()).map(|stack| {
                json!({"service": "orchestration", "type": "stack", "id": stack.id, "name": stack.name,
                    "project_id": stack.owner.project_id, "nested": stack.parent.is_some()})
            });
            let configs = state.configs.values().map(|config| {
                json!({"service": "orchestration", "type": "software_config", "id": config.id, "name": config.name, "project_id": config.project_id})
            });
            let deployments = state.deployments.values().map(|deployment| {
                json!({"service": "orchestration", "type": "software_deployment", "id": deployment.id, "name": "", "project_id": deployment.project_id})
            });
            stacks.chain(configs).chain(deployments).collect()
        })
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn write<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        let outcome = write(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changes.send_modify(|version| *version += 1);
        outcome
    }

    pub(crate) fn services(&self) -> &dyn Services {
        &*self.services
    }

    pub(crate) fn pace(&self) -> Duration {
        self.pace
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn signals(&self) -> watch::Receiver<u64> {
        let mut signals = self.signals.subscribe();
        signals.mark_unchanged();
        signals
    }

    pub(crate) fn signalled(&self) {
        self.signals.send_modify(|version| *version += 1);
    }

    /// How long to wait, at most, before looking again.
    pub(crate) fn longest_wait(&self) -> Duration {
        (self.pace / 4).clamp(Duration::from_millis(20), Duration::from_millis(500))
    }

    /// How long siblings of a failed resource may go on: Heat's `error_wait_time` at the pace of this cloud.
    pub(crate) fn grace(&self) -> Duration {
        (self.pace * 4).clamp(Duration::from_millis(200), Duration::from_secs(240))
    }

    pub(crate) fn scope_of(&self, stack: &str) -> Scope {
        self.read(|state| state.stacks.get(stack).map(|stack| stack.owner.scope())).unwrap_or_else(|| Scope {
            project_id: String::new(),
            user_id: String::new(),
            roles: Vec::new(),
            token: "".into(),
            trust_id: None,
        })
    }
}

/// `CREATE_COMPLETE` and the like.
#[must_use]
pub fn state_name(stack: &state::Stack) -> String {
    format!("{}_{}", stack.action.name(), stack.status.name())
}
