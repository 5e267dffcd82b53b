//! What a plugin may see and do: one resource, its stack's identity, and the services.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;

use super::{
    Engine,
    control::Control,
    state::{Resource, Stack, State},
};
use crate::{
    heat::error::Failure,
    services::{Scope, Services},
};

/// One resource, while an operation works on it.
#[derive(Clone)]
pub struct Context {
    pub engine: Arc<Engine>,
    pub control: Control,
    stack: String,
    uuid: String,
    name: String,
    scope: Scope,
    /// Since when what the simulated node needs has been there.
    settled: Arc<Mutex<Option<tokio::time::Instant>>>,
    begun: tokio::time::Instant,
}

/// Waits that grow, and end when the operation is told to stop.
pub struct Waiting {
    engine: Arc<Engine>,
    control: Control,
    next: Duration,
}

impl Waiting {
    /// Waits a little: until something is signalled, or time has passed.
    pub async fn again(&mut self) -> Result<(), Failure> {
        self.control.check()?;
        let mut signals = self.engine.signals();
        let _ = tokio::time::timeout(self.next, signals.changed()).await;
        self.next = (self.next * 2).min(self.engine.longest_wait());
        self.control.check()
    }
}

impl Context {
    #[must_use]
    pub fn new(engine: Arc<Engine>, control: Control, stack: &str, resource: &Resource) -> Self {
        let scope = engine.scope_of(stack);
        Self {
            engine,
            control,
            stack: stack.to_owned(),
            uuid: resource.uuid.clone(),
            name: resource.name.clone(),
            scope,
            settled: Arc::default(),
            begun: tokio::time::Instant::now(),
        }
    }

    #[must_use]
    pub fn services(&self) -> &dyn Services {
        self.engine.services()
    }

    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn stack_id(&self) -> &str {
        &self.stack
    }

    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    #[must_use]
    pub fn waiting(&self) -> Waiting {
        Waiting { engine: self.engine.clone(), control: self.control.clone(), next: Duration::from_millis(5) }
    }

    /// Reads the stack.
    pub fn stack<T>(&self, read: impl FnOnce(&Stack) -> T) -> Option<T> {
        self.engine.read(|state| state.stacks.get(&self.stack).map(read))
    }

    /// Reads the resource.
    pub fn resource<T>(&self, read: impl FnOnce(&Resource) -> T) -> Option<T> {
        self.engine.read(|state| state.stacks.get(&self.stack)?.resource(&self.uuid).map(read))
    }

    fn change(&self, change: impl FnOnce(&mut Resource)) {
        self.engine.write(|state: &mut State| {
            if let Some(resource) = state.stacks.get_mut(&self.stack).and_then(|stack| stack.resource_mut(&self.uuid)) {
                change(resource);
            }
        });
    }

    #[must_use]
    pub fn physical_id(&self) -> Option<String> {
        self.resource(|resource| resource.physical_id.clone()).flatten()
    }

    pub fn set_physical_id(&self, id: &str) {
        self.change(|resource| resource.physical_id = Some(id.to_owned()));
    }

    #[must_use]
    pub fn data(&self, key: &str) -> Option<Value> {
        self.resource(|resource| resource.data.get(key).cloned()).flatten()
    }

    pub fn set_data(&self, key: &str, value: Value) {
        self.change(|resource| {
            resource.data.insert(key.to_owned(), value);
        });
    }

    /// A last applied property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Value> {
        self.resource(|resource| resource.properties.get(name).cloned()).flatten()
    }

    /// The name an object gets when the template gives none: stack, resource, a random ending.
    #[must_use]
    pub fn physical_name(&self) -> String {
        let stack = self.stack(|stack| stack.name.clone()).unwrap_or_default();
        let ending: String = self.uuid.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let name = format!("{stack}-{}-{ending}", self.name);
        let length = name.chars().count();
        if length <= 255 { name } else { name.chars().skip(length - 255).collect() }
    }

    /// How long this action has been at work on the resource.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Whether the simulated node has had its time since `there` first held.
    #[must_use]
    pub fn settled(&self, there: bool) -> bool {
        let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        if !there {
            *settled = None;
            return false;
        }
        let since = settled.get_or_insert_with(tokio::time::Instant::now);
        since.elapsed() >= self.engine.pace()
    }
}
