//! The cloud: its state behind a lock, its faults, its Heat.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    faults::Faults,
    heat,
    options::{Options, StartError},
    persist, seed,
    state::State,
};

pub struct Cloud {
    state: Mutex<State>,
    pub faults: Arc<Faults>,
    /// Wakes the keeper of the state file.
    pub changed: Notify,
    pub token_lifetime: Duration,
    address: SocketAddr,
    heat: OnceLock<Arc<heat::Engine>>,
}

impl Cloud {
    /// Reads the state file, or seeds an empty cloud; then starts its Heat.
    pub fn open(options: &Options, address: SocketAddr) -> Result<Arc<Self>, StartError> {
        let saved = options.state.as_deref().map(persist::load).transpose()?.flatten();
        let (mut state, stacks) = match saved {
            Some(snapshot) => (snapshot.services, Some(snapshot.orchestration)),
            None => (seed::state(), None),
        };
        state.pace = options.pace;
        if let Some(url) = &options.container_infra {
            state.keystone.set_container_infra(url.as_str());
        }
        let cloud = Arc::new(Self {
            state: Mutex::new(state),
            faults: Arc::new(Faults::default()),
            changed: Notify::new(),
            token_lifetime: options.token_lifetime,
            address,
            heat: OnceLock::new(),
        });
        let engine = heat::Engine::new(cloud.clone(), options.pace, cloud.faults.clone());
        engine.set_endpoint(&format!("{}/orchestration/v1", cloud.url()));
        if let Some(stacks) = stacks {
            engine.restore(stacks).map_err(|error| StartError::Stacks(error.to_string()))?;
        }
        let _ = cloud.heat.set(engine);
        Ok(cloud)
    }

    /// Heat; `None` only while the cloud is being opened.
    pub fn heat(&self) -> Option<&Arc<heat::Engine>> {
        self.heat.get()
    }

    /// Where the cloud is, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn identity_url(&self) -> String {
        format!("{}/identity/v3", self.url())
    }

    /// Looks at the state, once everything that is due has happened.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        let mut state = self.lock();
        if state.settle() {
            self.changed.notify_one();
        }
        look(&state)
    }

    /// Changes the state, once everything that is due has happened.
    pub fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        state.settle();
        let answer = change(&mut state);
        self.changed.notify_one();
        answer
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
