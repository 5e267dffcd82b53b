//! Why there is no plan.

use jeroboam_model::driver::Digest;
use jeroboam_store::{CommitError, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("a plan for {driver} to version {} is under way with other options; wait for it, or cancel it", .to.short())]
    UnderWay { driver: String, to: Digest },
    #[error("plans cannot be read")]
    Read(#[from] StoreError),
    #[error("plans cannot be written")]
    Write(#[from] CommitError),
}
