//! `/v3/regions`

use serde::Deserialize;

use super::Keystone;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Region {
    pub id: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub description: Option<String>,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub parent_region_id: Option<String>,
}

impl Keystone {
    pub async fn list_regions(&self) -> Result<Vec<Region>, CloudError> {
        let call = Call::get(Service::Keystone, "list regions", "/regions");
        self.session.call(call).await?.member("regions")
    }
}
