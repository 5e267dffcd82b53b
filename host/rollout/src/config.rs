//! What an operator decides about versions.

use std::{path::PathBuf, sync::Arc, time::Duration};

use jeroboam_plugins::{Bundled, Grants, Host};
use jeroboam_store::Store;

use crate::Planning;

/// What [`Rollouts`](crate::Rollouts) work with.
pub struct RolloutParts {
    pub store: Store,
    pub plugins: Host,
    /// Part of the binary.
    pub bundled: Vec<Bundled>,
    /// `None`: no cluster moves by itself, and plans are refused.
    pub planner: Option<Arc<dyn Planning>>,
    pub config: RolloutConfig,
}

#[derive(Clone, Debug, Default)]
pub struct RolloutConfig {
    /// Its `*.wasm` files are installed. `None`, or a directory that is not there: none.
    pub drivers_dir: Option<PathBuf>,
    /// How far new components of the directory and of the binary go by themselves.
    pub new_versions: NewVersions,
    pub self_test: SelfTests,
    /// By the driver's name.
    pub grants: Grants,
    /// Not to serve: names of drivers, or digests of components.
    pub disabled: Vec<String>,
    /// Names of drivers, the most wanted first: which one serves a cluster type that several provide.
    pub preferred: Vec<String>,
    pub error_budget: ErrorBudget,
}

/// How far a new component goes by itself. A bundled one is activated anyway if its driver has no active version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewVersions {
    #[default]
    Check,
    Activate,
}

/// What a failed self-test means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SelfTests {
    /// The version has failed, and cannot be activated.
    #[default]
    Enforce,
    /// It is in the report, and nothing more.
    Report,
}

/// When a version that is not confirmed is rolled back without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorBudget {
    /// Calls that may fail through the driver's own fault, in percent. 100: never roll back.
    pub percent: u8,
    /// Of the latest calls, those within this time count.
    pub window: Duration,
    /// Fewer calls than this say nothing.
    pub calls: u32,
}

impl Default for ErrorBudget {
    fn default() -> Self {
        Self { percent: 10, window: Duration::from_secs(300), calls: 10 }
    }
}
