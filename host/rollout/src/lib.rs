//! Versions of drivers: what was installed, which version serves whom, and how that changes while clusters are being made.
//!
//! ```text
//! install ──▶ check ──▶ (approve) ──▶ activate ──▶ confirm
//!   bytes       world, links,     │ canary first,      │ the version before
//!   in the      describe,         │ if asked           │ drains and retires
//!   store       self-test         └──▶ roll back ◀─────┘ by hand, or by the error budget
//! ```
//!
//! - Everything is in the store: the bytes of a component by its digest, a [`DriverVersion`](jeroboam_model::driver::DriverVersion) for each, a
//!   [`Rollout`](jeroboam_model::driver::Rollout) for each driver. A change is one commit that compares and sets; the process takes it over afterwards.
//!   So a crash at any point leaves what was before or what is after, and the next start serves what the store says.
//! - Which version serves which cluster is one pure function, [`decide`](decide::decide). A cluster that exists stays on its version until it is moved: by an upgrade of the
//!   cluster, because the new version would define the same, or because somebody said so. Versions serve side by side as long as that takes.
//! - A handle that was taken before a switch can begin calls for as long as one call may last, and not after.
//!
//! | module | holds |
//! |---|---|
//! | [`config`], [`error`] | what an operator decides; what can go wrong |
//! | [`decide`] | which version serves whom |
//! | [`rollouts`] | the front: [`Rollouts`] |
//! | [`overview`] | what operators are shown |
//! | [`planning`], [`plans`] | what is asked of the planner, and the one that there is |
//! | [`watch`] | files that are put into the drivers directory |
//!
//! It must not: talk to the cloud, call a driver for a cluster (api and conductor do), or keep a decision in memory only.

mod activate;
mod approve;
mod check;
mod checks;
mod commit;
pub mod config;
mod confirm;
pub mod decide;
pub mod error;
mod fleet;
mod install;
pub mod kill;
mod moving;
mod names;
pub mod overview;
pub mod planning;
pub mod plans;
mod reason;
mod reconcile;
mod remove;
mod revoke;
mod rollback;
pub mod rollouts;
mod show;
mod start;
mod sweep;
mod transition;
mod uncut;
pub mod watch;

pub use config::{ErrorBudget, NewVersions, RolloutConfig, RolloutParts, SelfTests};
pub use decide::Newcomer;
pub use error::{ResolveError, RolloutError, StartError};
pub use overview::{DriverOverview, InFlight, Moved, Revoked, VersionOverview, Which};
pub use planning::{PlanId, PlanRequest, Planning};
pub use plans::FleetPlans;
pub use rollouts::Rollouts;
pub use watch::{Arrival, Pace, Taken, WatchConfig};
