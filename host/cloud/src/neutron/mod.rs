//! Neutron: networks, subnets, floating IPs.

mod floating_ips;
mod networks;
mod subnets;

pub use floating_ips::{FloatingIp, FloatingIpFilter};
pub use networks::Network;
pub use subnets::Subnet;

use serde::de::DeserializeOwned;

use crate::error::CloudError;
use crate::find::{self, Named};
use crate::http::Call;
use crate::session::Session;

/// Neutron, as the identity of a session.
#[derive(Clone)]
pub struct Neutron {
    session: Session,
}

impl Neutron {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    /// The one object of a collection that has an id, or else a name.
    async fn find<T: DeserializeOwned + Named>(
        &self,
        call: Call,
        collection: &'static str,
        name_or_id: &str,
    ) -> Result<T, CloudError> {
        if find::is_uuid(name_or_id) {
            let by_id = call.clone().query("id", name_or_id);
            let found: Vec<T> = self.session.call_list(by_id, collection).await?;
            if let Some(one) = found.into_iter().find(|one| one.id() == name_or_id) {
                return Ok(one);
            }
        }
        let by_name = call.query("name", name_or_id);
        find::only(name_or_id, self.session.call_list(by_name, collection).await?)
    }
}
