//! `/v3/services`: what is registered, whether or not a token's catalogue shows it.

use serde::Deserialize;

use super::Keystone;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServiceRecord {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub name: Option<String>,
    #[serde(default)]
    pub enabled: bool,
}

impl Keystone {
    pub async fn list_services(&self) -> Result<Vec<ServiceRecord>, CloudError> {
        let call = Call::get(Service::Keystone, "list services", "/services");
        self.session.call(call).await?.member("services")
    }
}
