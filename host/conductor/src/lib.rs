//! Operations: what to do for a cluster, step by step, until it is what its owner asked for.
//!
//! # What it is for
//!
//! The API stores what is wanted and answers; this crate makes it so. It owns the state machine of clusters: it decides what comes next, asks
//! drivers what a cluster should look like, asks the cloud for it, and writes down what came of it.
//!
//! # What flows through
//!
//! ```text
//! Intake ── one transaction ──> store ── wakes ──> Scheduler ── one per cluster ──> Worker
//!                                                                                    │ for each step:
//!                                     store <── one commit: result and next step ── Step ──> Driver, cloud
//! ```
//!
//! - [`Intake`] accepts work: cluster, groups, operation, ledger and usage change in one transaction, or not at all.
//! - The scheduler claims unfinished operations: at most one for each cluster at a time, a bounded number in all. It is woken by commits and by timers.
//! - A worker does the steps of one operation. A step has its effect outside first and is recorded afterwards, in one commit with the step that comes next. So
//!   whatever is not recorded is done again: every step looks for what it was about to make, under the name that the store already holds.
//! - An upgrade's plan is written down before its first change, and each change of a stack is waited for and counted: what was begun is gone on with, whatever the
//!   driver would plan by then. A cluster that is left half upgraded says so, and can be upgraded again and nothing else.
//! - An operation that failed can be tried again from where it is right to begin ([`Intake::retry`]); one that is under way can be stopped ([`Intake::abort`]): the wish is
//!   stored, and the worker ends the operation before its next step, once Heat has left off.
//! - What was read for a stack is recalled for it ([`sources`]), so that an operator's later decision does not replace servers.
//! - [`policy::decide`] alone says whether a failure is tried again.
//! - [`recorder`] keeps calls of drivers that an operator wants kept.
//! - [`sources`] answers what drivers ask, over the cloud, within what the one cluster owns, and writes down what they have done there before it is done.
//! - Each step goes on in the trace of the request that asked for its operation; how operations fare is counted ([`ConductorMetrics`]).
//!
//! # What it must not do
//!
//! - Make anything outside that the ledger does not name yet, or forget anything that may still exist.
//! - Write over what somebody else wrote: each commit compares revisions, and a worker whose operation was superseded stops.
//! - Keep a requester's token longer than it is of use; hand a secret to a driver, a log or an error.
//! - Poll what is at rest.

mod abort;
mod cause;
mod conductor;
mod config;
mod discovery;
mod draft;
mod drivers;
mod error;
mod health;
mod heartbeat;
mod intake;
mod kill;
mod metrics;
mod now;
mod operations;
mod pace;
mod password;
pub mod policy;
mod preview;
mod prune;
pub mod recorder;
mod removals;
mod scheduler;
mod secrets;
mod sessions;
mod shared;
pub mod sources;
mod steps;
mod work;
mod worker;

pub use conductor::{Conductor, ConductorParts};
pub use config::{ConductorConfig, TrustConfig};
pub use discovery::{DiscoveryEndpoint, NoEndpoint};
pub use drivers::{Driver, Drivers};
pub use intake::{
    Abort, Delete, DeleteGroup, GroupUpdate, HealthUpdate, Intake, IntakeError, NewCluster, NewGroup, NewRequester,
    OperationError, Resize, ResizeVia, Retry, RotateCa, RotateCredential, Upgrade, abortable, retriable,
};
pub use kill::{KillPoint, KillSwitch, UnknownKillPoint};
pub use metrics::ConductorMetrics;
pub use preview::Previews;
pub use recorder::{RecordLimits, Recorder, RecorderError};
