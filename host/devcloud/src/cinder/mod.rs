//! Block storage: volumes and their types.

mod rest;
pub mod volume_types;
pub mod volumes;

pub use rest::router;
