//! The functions that only compute.

pub mod digest;
pub mod lists;
pub mod maps;
pub mod repeat;
pub mod strings;
pub mod url;

use crate::heat::error::HeatError;

fn invalid(message: impl Into<String>) -> HeatError {
    HeatError::validation(message)
}
