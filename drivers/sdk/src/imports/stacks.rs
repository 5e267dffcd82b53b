//! Reads of this cluster's own Heat stacks.

#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::stacks;
pub use crate::bindings::jeroboam::coe::stacks::{Output, StackResource};
use crate::{Error, StackScope};

/// Names and JSON values.
pub fn list_outputs(scope: &StackScope) -> Result<Vec<Output>, Error> {
    import!(stacks::list_outputs(scope), |world| world.outputs(scope))
}

/// Resources down to `depth` levels of nesting, at most 5.
pub fn list_resources(scope: &StackScope, depth: u32) -> Result<Vec<StackResource>, Error> {
    import!(stacks::list_resources(scope, depth), |world| {
        asked!(world, "stacks" "list-resources" (scope, depth), Ok(world.resources_of(scope)))
    })
}
