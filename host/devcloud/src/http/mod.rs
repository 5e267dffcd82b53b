//! The HTTP side: one listener, one prefix for each service, and what all services have in common.

pub mod auth;
pub mod errors;
mod listener;
pub mod query;
pub mod request;
pub mod rest;
mod router;
mod versions;

pub use listener::{Listener, bind};
