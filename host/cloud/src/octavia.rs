//! Octavia: the load balancers of a cluster's services. Not every cloud has it.

use serde::Deserialize;

use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;
use crate::session::Session;

/// Octavia, as the identity of a session. Ask [`Session::has_service`] first.
#[derive(Clone)]
pub struct Octavia {
    session: Session,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LoadBalancer {
    pub id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub name: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub description: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub project_id: String,
    /// `ACTIVE`, `ERROR`, or a `PENDING_…` in which it can be neither changed nor deleted.
    pub provisioning_status: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub operating_status: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub vip_address: Option<String>,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub vip_port_id: Option<String>,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub vip_network_id: Option<String>,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub vip_subnet_id: Option<String>,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub tags: Vec<String>,
}

/// Which load balancers to list; each condition narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadBalancerFilter {
    pub project_id: Option<String>,
    /// The whole description.
    pub description: Option<String>,
    pub name: Option<String>,
    pub vip_network_id: Option<String>,
}

impl Octavia {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    pub async fn list_load_balancers(&self, filter: &LoadBalancerFilter) -> Result<Vec<LoadBalancer>, CloudError> {
        let call = Call::get(Service::Octavia, "list load balancers", "/lbaas/loadbalancers")
            .query_opt("project_id", filter.project_id.as_deref())
            .query_opt("description", filter.description.as_deref())
            .query_opt("name", filter.name.as_deref())
            .query_opt("vip_network_id", filter.vip_network_id.as_deref());
        self.session.call_list(call, "loadbalancers").await
    }

    pub async fn load_balancer(&self, id: &str) -> Result<Option<LoadBalancer>, CloudError> {
        let call = Call::get(Service::Octavia, "show load balancer", "/lbaas/loadbalancers/{}");
        self.session.call_show(call.arg(id), "loadbalancer").await
    }

    /// Asks for deletion with listeners, pools and members; one that is not there is deleted.
    /// While it is pending this is [`Kind::Conflict`](crate::Kind::Conflict).
    pub async fn delete_load_balancer(&self, id: &str) -> Result<(), CloudError> {
        let call = Call::delete(Service::Octavia, "delete load balancer", "/lbaas/loadbalancers/{}");
        self.session.call_delete(call.arg(id).query("cascade", "true")).await
    }
}
