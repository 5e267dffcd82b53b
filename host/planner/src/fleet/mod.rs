//! All clusters of a driver.

mod ask;
mod definer;
mod error;
mod job;
mod planner;
mod preview;
mod rows;

pub use definer::Definer;
pub use error::PlanError;
pub use planner::{NoPlanId, PlanId, PlanOptions, Planner};
pub use preview::{Preview, PreviewError, Previewed, PreviewedResource};
