//! What a new cloud holds.

mod identity;
mod resources;

use crate::state::State;

/// A new cloud: identities, the catalogue, images, flavors, an external network, volume types, one keypair.
pub fn state() -> State {
    let mut state = State::empty();
    identity::seed(&mut state.keystone);
    resources::seed(&mut state);
    state
}
