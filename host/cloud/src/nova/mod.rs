//! Nova: flavors, keypairs, and the servers that are there.

mod flavors;
mod keypairs;
mod servers;

pub use flavors::Flavor;
pub use keypairs::Keypair;
pub use servers::Server;

use crate::session::Session;

/// Nova, as the identity of a session.
#[derive(Clone)]
pub struct Nova {
    session: Session,
}

impl Nova {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }
}
