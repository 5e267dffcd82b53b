//! Components that must never serve again.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Digest;

/// Outlives the version, so that the same bytes are refused when they come again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    pub digest: Digest,
    /// The driver that it was a version of, if it was ever installed.
    pub driver: Option<String>,
    pub why: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}
