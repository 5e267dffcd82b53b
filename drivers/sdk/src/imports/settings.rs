//! What the operator has decided.

#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::settings;
pub use crate::bindings::jeroboam::coe::settings::Platform;

/// The cloud that clusters are made in.
pub fn get_platform() -> Platform {
    import!(settings::get_platform(), |world| world.platform.clone())
}

/// An option of the section `[driver:<name>]`.
pub fn get(name: &str) -> Option<String> {
    import!(settings::get(name), |world| world.settings.get(name).cloned())
}
