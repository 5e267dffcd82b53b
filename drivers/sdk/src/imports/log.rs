//! Words for the operator.

#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::log;
pub use crate::bindings::jeroboam::coe::log::Level;

pub fn write(level: Level, message: &str) {
    import!(log::write(level, message), |world| world.write(level, message))
}

pub fn debug(message: &str) {
    write(Level::Debug, message);
}

pub fn info(message: &str) {
    write(Level::Info, message);
}

pub fn warning(message: &str) {
    write(Level::Warning, message);
}

pub fn error(message: &str) {
    write(Level::Error, message);
}
