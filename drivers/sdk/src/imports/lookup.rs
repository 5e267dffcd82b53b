//! Reads of OpenStack. Wherever a name or id is taken, an id wins; a name that fits several objects is `conflict`, one that
//! fits none `not-found`.

use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::lookup;
pub use crate::bindings::jeroboam::coe::lookup::{Flavor, Image, Keypair, Network, Subnet, VolumeType};

pub fn get_image(name_or_id: &str) -> Result<Image, Error> {
    import!(
        lookup::get_image(name_or_id),
        |world| asked!(world, "lookup" "get-image" (name_or_id), world.image_named(name_or_id))
    )
}

pub fn get_flavor(name_or_id: &str) -> Result<Flavor, Error> {
    import!(
        lookup::get_flavor(name_or_id),
        |world| asked!(world, "lookup" "get-flavor" (name_or_id), world.flavor_named(name_or_id))
    )
}

pub fn get_network(name_or_id: &str) -> Result<Network, Error> {
    import!(
        lookup::get_network(name_or_id),
        |world| asked!(world, "lookup" "get-network" (name_or_id), world.network_named(name_or_id))
    )
}

/// Only networks with `router:external`.
pub fn get_external_network(name_or_id: &str) -> Result<Network, Error> {
    import!(
        lookup::get_external_network(name_or_id),
        |world| asked!(world, "lookup" "get-external-network" (name_or_id), world.external_network_named(name_or_id))
    )
}

pub fn get_subnet(name_or_id: &str) -> Result<Subnet, Error> {
    import!(
        lookup::get_subnet(name_or_id),
        |world| asked!(world, "lookup" "get-subnet" (name_or_id), world.subnet_named(name_or_id))
    )
}

/// In Cinder's order.
pub fn list_volume_types() -> Result<Vec<VolumeType>, Error> {
    import!(lookup::list_volume_types(), |world| asked!(world, "lookup" "list-volume-types" (), Ok(world.volume_types.clone())))
}

pub fn get_keypair(name: &str) -> Result<Keypair, Error> {
    import!(lookup::get_keypair(name), |world| asked!(world, "lookup" "get-keypair" (name), world.keypair_named(name)))
}

pub fn list_regions() -> Result<Vec<String>, Error> {
    import!(lookup::list_regions(), |world| asked!(world, "lookup" "list-regions" (), Ok(world.regions.clone())))
}
