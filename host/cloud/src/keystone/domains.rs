//! `/v3/domains`

use serde::Deserialize;

use super::Keystone;
use crate::error::CloudError;
use crate::find::{self, Named};
use crate::http::Call;
use crate::parse::is_segment;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Domain {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub enabled: bool,
}

impl Named for Domain {
    const SERVICE: Service = Service::Keystone;
    const WHAT: &'static str = "domain";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Keystone {
    /// A domain by id, or else by name.
    pub async fn find_domain(&self, name_or_id: &str) -> Result<Domain, CloudError> {
        if is_segment(name_or_id) {
            let call = Call::get(Service::Keystone, "show domain", "/domains/{}").arg(name_or_id);
            if let Some(domain) = self.session.call_show(call, "domain").await? {
                return Ok(domain);
            }
        }
        let call = Call::get(Service::Keystone, "list domains", "/domains").query("name", name_or_id);
        let mut found: Vec<Domain> = self.session.call(call).await?.member("domains")?;
        found.retain(|domain| domain.name == name_or_id);
        find::only(name_or_id, found)
    }
}
