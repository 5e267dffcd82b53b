//! `/networks`

use serde::Deserialize;

use super::Neutron;
use crate::error::CloudError;
use crate::find::Named;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Network {
    pub id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub name: String,
    /// Whether it leads out of the cloud, so that floating IPs can come from it.
    #[serde(rename = "router:external", default, deserialize_with = "parse::or_default")]
    pub external: bool,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub shared: bool,
    /// Ids of its subnets.
    #[serde(default, deserialize_with = "parse::or_default")]
    pub subnets: Vec<String>,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub mtu: u32,
}

impl Named for Network {
    const SERVICE: Service = Service::Neutron;
    const WHAT: &'static str = "network";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Neutron {
    /// A network by id, or else by name; only external or only internal ones when asked for.
    pub async fn find_network(&self, name_or_id: &str, external: Option<bool>) -> Result<Network, CloudError> {
        let call = Call::get(Service::Neutron, "list networks", "/networks")
            .query_opt("router:external", external.map(|external| external.to_string()));
        self.find(call, "networks", name_or_id).await
    }
}
