//! Octavia load balancers that belong to this cluster. Only in `before-delete`.

use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::load_balancers;
pub use crate::bindings::jeroboam::coe::load_balancers::LoadBalancer;

pub fn list_owned() -> Result<Vec<LoadBalancer>, Error> {
    import!(
        load_balancers::list_owned(),
        |world| asked!(world, "load-balancers" "list-owned" (), Ok(world.load_balancers.clone()))
    )
}

/// Asks for a deletion. What is gone, or going, is ok.
pub fn delete(id: &str) -> Result<(), Error> {
    import!(load_balancers::delete(id), |world| world.delete(
        "load_balancers",
        id,
        world.load_balancers.iter().any(|owned| owned.id == id)
    ))
}
