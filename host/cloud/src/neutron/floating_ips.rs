//! `/floatingips`

use serde::Deserialize;

use super::Neutron;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FloatingIp {
    pub id: String,
    #[serde(rename = "floating_ip_address")]
    pub address: String,
    /// What it leads to; nothing while it is not in use.
    #[serde(rename = "fixed_ip_address", default, deserialize_with = "parse::non_empty")]
    pub fixed_address: Option<String>,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub port_id: Option<String>,
    #[serde(rename = "floating_network_id", default, deserialize_with = "parse::or_default")]
    pub network_id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub description: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub tags: Vec<String>,
}

/// Which floating IPs to list; each condition narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FloatingIpFilter {
    pub project_id: Option<String>,
    pub port_id: Option<String>,
    pub address: Option<String>,
}

impl Neutron {
    pub async fn list_floating_ips(&self, filter: &FloatingIpFilter) -> Result<Vec<FloatingIp>, CloudError> {
        let call = Call::get(Service::Neutron, "list floating IPs", "/floatingips")
            .query_opt("project_id", filter.project_id.as_deref())
            .query_opt("port_id", filter.port_id.as_deref())
            .query_opt("floating_ip_address", filter.address.as_deref());
        self.session.call_list(call, "floatingips").await
    }

    /// Gives a floating IP back; one that is not there is given back.
    pub async fn delete_floating_ip(&self, id: &str) -> Result<(), CloudError> {
        let call = Call::delete(Service::Neutron, "delete floating IP", "/floatingips/{}").arg(id);
        self.session.call_delete(call).await
    }
}
