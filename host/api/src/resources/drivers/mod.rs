//! The operator API: `/v1/drivers`.
mod actions;
mod drivers;
mod moment;
mod plans;
mod report;
mod versions;

pub use actions::{Activate, Move, MovedCluster, MovedClusters, Revoke, Revoked};
pub use drivers::{Canary, Driver, Drivers, Event, Stage};
pub use moment::Moment;
pub use plans::{Begin, Change, Plan, PlanState, PlannedCluster, PlannedClusters, Verdict};
pub use report::{CapabilityChanges, LabelChanges, Report, SelfTest};
pub use versions::{Asked, InUse, Origin, Reason, State, Version};
