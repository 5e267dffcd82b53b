//! `/subnets`

use serde::Deserialize;

use super::Neutron;
use crate::error::CloudError;
use crate::find::Named;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Subnet {
    pub id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub name: String,
    pub network_id: String,
    pub cidr: String,
    pub ip_version: u8,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub gateway_ip: Option<String>,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub dns_nameservers: Vec<String>,
}

impl Named for Subnet {
    const SERVICE: Service = Service::Neutron;
    const WHAT: &'static str = "subnet";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Neutron {
    /// A subnet by id, or else by name; only those of a network when one is given.
    pub async fn find_subnet(&self, name_or_id: &str, network_id: Option<&str>) -> Result<Subnet, CloudError> {
        let call = Call::get(Service::Neutron, "list subnets", "/subnets").query_opt("network_id", network_id);
        self.find(call, "subnets", name_or_id).await
    }
}
