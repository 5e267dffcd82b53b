//! What has to hold for any bytes that reach a parser of the API. Each module has one function, `check`, which panics if it does not.

pub mod literal;
pub mod microversion;
pub mod patch;
