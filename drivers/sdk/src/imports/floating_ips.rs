//! Floating IPs that belong to this cluster. Only in `before-delete`.

use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::floating_ips;
pub use crate::bindings::jeroboam::coe::floating_ips::FloatingIp;

pub fn list_owned() -> Result<Vec<FloatingIp>, Error> {
    import!(floating_ips::list_owned(), |world| asked!(world, "floating-ips" "list-owned" (), Ok(world.floating_ips.clone())))
}

/// Asks for a deletion. What is gone, or going, is ok.
pub fn delete(id: &str) -> Result<(), Error> {
    import!(floating_ips::delete(id), |world| world.delete(
        "floating_ips",
        id,
        world.floating_ips.iter().any(|owned| owned.id == id)
    ))
}
