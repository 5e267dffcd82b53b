//! Cinder volumes that belong to this cluster. Only in `before-delete`.

use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::volumes;
pub use crate::bindings::jeroboam::coe::volumes::Volume;

pub fn list_owned() -> Result<Vec<Volume>, Error> {
    import!(volumes::list_owned(), |world| asked!(world, "volumes" "list-owned" (), Ok(world.volumes.clone())))
}

/// Asks for a deletion. What is gone, or going, is ok.
pub fn delete(id: &str) -> Result<(), Error> {
    import!(volumes::delete(id), |world| world.delete("volumes", id, world.volumes.iter().any(|owned| owned.id == id)))
}
