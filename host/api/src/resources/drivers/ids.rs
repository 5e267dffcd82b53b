//! Uuids in arguments and bodies.

use std::str::FromStr;

use jeroboam_model::ClusterId;

use crate::error::{ApiError, echo};

/// The id that an argument or a member is.
pub fn uuid<T: FromStr>(what: &'static str, text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| ApiError::NotUuid { what, value: echo(text) })
}

/// The cluster that is asked about, if it is about one only.
pub fn cluster(text: Option<&str>) -> Result<Option<ClusterId>, ApiError> {
    text.map(|text| uuid("cluster", text)).transpose()
}
