//! The operator API: `/v1/drivers`. Versions of drivers, how they are swapped, and what that would change.
//!
//! ```text
//! operations ── table ─┬─► router: policy, then body, then handler
//!                      └─► openapi: the document of it
//! drivers, versions, actions, plans, recording, records, audit ── a file for each resource: its types, which commands share, and its handlers over `jeroboam_rollout`
//! ```
//!
//! Unlike Magnum's resources these have no field tables: their types are derived both ways, and described by schemas made from them.

mod actions;
mod advice;
mod audit;
#[expect(clippy::module_inception, reason = "a file for each resource, named for it")]
mod drivers;
mod ids;
mod moment;
mod named;
mod next;
mod openapi;
mod operations;
mod plans;
mod recording;
mod records;
mod report;
mod versions;

pub use actions::{Activate, Move, MovedCluster, MovedClusters, Revoke, Revoked};
pub use audit::{Audit, Effect};
pub use drivers::{Canary, Driver, Drivers, Event, Stage};
pub use moment::Moment;
pub use named::NamedError;
pub use openapi::document;
pub use plans::{Begin, Change, Counts, Plan, PlanState, PlannedCluster, PlannedClusters, Verdict};
pub use recording::{Record, Recording, Switch};
pub use records::{BriefRecord, CallRecords, WholeRecord};
pub use report::{CapabilityChanges, LabelChanges, Report, SelfTest};
pub use versions::{Asked, InUse, Origin, Reason, State, Version};

pub(crate) use next::link_to;
pub(crate) use openapi::document_of;
pub(crate) use operations::{Answer, AskedBy, Body, DOCUMENT, Operation, Parameter, operations, paths, routes, routes_of};
