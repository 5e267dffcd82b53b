//! Images, with properties and small bodies.

mod images;
mod rest;

pub use images::{Images, upload};
pub use rest::router;
