//! Puts the parts together, starts what runs by itself, and ends it.

use std::sync::Arc;
use std::time::Duration;

use jeroboam_certificates::Certificates;
use jeroboam_cloud::Cloud;
use jeroboam_rollout::Rollouts;
use jeroboam_store::{Store, Vault};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cause;
use crate::config::ConductorConfig;
use crate::drivers::Drivers;
use crate::intake::Intake;
use crate::preview::Previews;
use crate::recorder::Recorder;
use crate::shared::{Parts, Shared};
use crate::sources::OperatorSettings;
use crate::{health, heartbeat, prune, scheduler};

/// How long the last records of calls may take to be written.
const WRITING: Duration = Duration::from_secs(5);

/// What a conductor works with.
pub struct ConductorParts<D = Rollouts> {
    pub store: Store,
    pub vault: Vault,
    pub cloud: Cloud,
    pub plugins: D,
    pub certificates: Certificates,
    pub config: ConductorConfig,
}

/// Does what was accepted, until it is dropped.
pub struct Conductor {
    shared: Shared,
    draining: watch::Sender<bool>,
    scheduler: JoinHandle<()>,
    reconcilers: Vec<JoinHandle<()>>,
    /// Of records of calls.
    writer: JoinHandle<()>,
}

impl Conductor {
    /// Starts, and takes up every operation that is not over. Needs a tokio runtime.
    pub fn start(parts: ConductorParts<impl Drivers + 'static>) -> Self {
        let mut config = parts.config;
        config.kill = config.kill.or_from_environment();
        let settings = OperatorSettings::new(config.platform.clone(), config.driver_settings.clone());
        let (recorder, writer) = Recorder::start(parts.store.clone(), config.records);
        let shared = Shared::new(Parts {
            store: parts.store,
            vault: parts.vault,
            cloud: parts.cloud,
            drivers: Arc::new(parts.plugins),
            certificates: parts.certificates,
            config,
            settings,
            recorder,
        });
        let draining = watch::Sender::new(false);
        Self {
            scheduler: tokio::spawn(work(shared.clone(), draining.subscribe())),
            reconcilers: vec![
                tokio::spawn(health::run(shared.clone())),
                tokio::spawn(heartbeat::run(shared.clone())),
                tokio::spawn(prune::run(shared.clone())),
            ],
            writer,
            shared,
            draining,
        }
    }

    pub fn intake(&self) -> Intake {
        Intake::new(self.shared.clone())
    }

    /// Asks Heat what updates would do, for plans.
    pub fn previews(&self) -> Previews {
        Previews::new(self.shared.clone())
    }

    /// Begins no more steps, and gives those in flight so long to end. What has not ended then is done again after the next start.
    pub async fn drain(mut self, patience: Duration) {
        self.reconcilers.iter().for_each(JoinHandle::abort);
        self.draining.send_replace(true);
        if tokio::time::timeout(patience, &mut self.scheduler).await.is_err() {
            tracing::warn!("steps are still in flight: they will be done again");
        }
        if tokio::time::timeout(WRITING, self.shared.recorder.settled()).await.is_err() {
            tracing::warn!("records of calls are still to be written: they are lost");
        }
    }
}

/// What is to be recorded is known before the first step.
async fn work(shared: Shared, draining: watch::Receiver<bool>) {
    if let Err(error) = shared.recorder.load().await {
        tracing::error!("what is to be recorded cannot be read: {}", cause::chain(&error));
    }
    scheduler::run(shared, draining).await;
}

impl Drop for Conductor {
    fn drop(&mut self) {
        self.scheduler.abort();
        self.reconcilers.iter().for_each(JoinHandle::abort);
        self.writer.abort();
    }
}
