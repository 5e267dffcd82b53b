//! What a version of a driver would do to the clusters that there are, before it does anything.
//!
//! Drivers are pure: with the answers that a definition was once made from, any version can be asked again without a cloud. So a plan asks the new version for
//! every stack of the driver's clusters, and compares what it says with what is there:
//!
//! ```text
//! store ── clusters in pages ──▶ ask, two tasks a core ─▶ compare ──▶ rows in batches ──▶ store
//!          recordings:           define-stack of the       by meaning   ClusterVerdict, and the
//!          definition, reads     new version on the reads               counts in DriverPlan
//! ```
//!
//! - The recorded definition is the truth about what is there. The version that defined it is asked as well if the new one differs: if it would itself answer
//!   otherwise by now, the row says so ([`drifted`](jeroboam_model::driver::ClusterVerdict::drifted)).
//! - [`compare()`] works templates out as far as that goes without a cloud, and judges what differs by Heat's own table of what it changes in place. What it
//!   cannot decide it calls a replacement, with the reason. Heat itself can be asked about those that differ ([`Preview`]).
//! - Rows are kept with a fingerprint of the recordings that they were made from. A plan that is begun again, after a crash or on another day, asks only about
//!   clusters without a row that holds. A cluster takes the memory of its definitions while it is asked about, whatever the number of clusters.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@compare`] | two definitions of one stack, and what lies between them |
//! | `hot` | definitions by meaning: templates, environments, files, worked out |
//! | `heat` | what Heat does with a resource whose properties change |
//! | [`fleet`] | all clusters of a driver: [`Planner`] |
//!
//! It must not: change a cluster, decide which version serves one (`jeroboam-rollout` does), or talk to the cloud (a [`Preview`] does).

pub mod compare;
pub mod fleet;
mod heat;
mod hot;

pub use compare::{Comparer, compare};
pub use fleet::{
    Definer, NoPlanId, PlanError, PlanId, PlanOptions, Planner, Preview, PreviewError, Previewed, PreviewedResource,
};
