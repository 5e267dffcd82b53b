//! Secrets and containers. What is secret is kept apart from what is shown, and never written to a log.

pub mod containers;
mod rest;
pub mod secrets;

pub use rest::router;
