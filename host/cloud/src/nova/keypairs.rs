//! `/os-keypairs`: they belong to users, not to projects.

use serde::Deserialize;

use super::Nova;
use crate::error::CloudError;
use crate::find::{self, Named};
use crate::http::Call;
use crate::parse::is_segment;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Keypair {
    pub name: String,
    pub public_key: String,
    #[serde(default)]
    pub fingerprint: String,
}

impl Named for Keypair {
    const SERVICE: Service = Service::Nova;
    const WHAT: &'static str = "keypair";

    fn id(&self) -> &str {
        &self.name
    }
}

impl Nova {
    /// A keypair of the session's user.
    pub async fn find_keypair(&self, name: &str) -> Result<Keypair, CloudError> {
        if !is_segment(name) {
            return Err(find::none::<Keypair>(name));
        }
        let call = Call::get(Service::Nova, "show keypair", "/os-keypairs/{}").arg(name);
        let found: Option<Keypair> = self.session.call_show(call, "keypair").await?;
        found.ok_or_else(|| find::none::<Keypair>(name))
    }
}
