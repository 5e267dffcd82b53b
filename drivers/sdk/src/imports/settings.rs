//! What the operator has decided.

#[cfg(not(target_arch = "wasm32"))]
use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::settings;
pub use crate::bindings::jeroboam::coe::settings::Platform;

/// The cloud that clusters are made in.
pub fn get_platform() -> Platform {
    import!(settings::get_platform(), |world| {
        let told: Result<Platform, Error> = asked!(world, "settings" "get-platform" (), Ok(world.platform.clone()));
        told.unwrap_or_else(|_| world.platform.clone())
    })
}

/// An option of the section `[driver:<name>]`.
pub fn get(name: &str) -> Option<String> {
    import!(settings::get(name), |world| {
        let told: Result<Option<String>, Error> = asked!(world, "settings" "get" (name), Ok(world.settings.get(name).cloned()));
        told.unwrap_or_default()
    })
}
