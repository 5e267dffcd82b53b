//! `/stacks/{name}/{id}/events`

use serde::Deserialize;
use time::OffsetDateTime;

use super::resources::{Link, linked_stack};
use super::stacks::{self, StackId};
use super::{Heat, StackStatus};
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

/// Something that happened to a resource, or to the stack itself (then the resource has the
/// stack's name).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Wire")]
pub struct Event {
    pub id: String,
    pub resource_name: String,
    pub physical_id: Option<String>,
    pub status: StackStatus,
    pub status_reason: String,
    pub at: Option<OffsetDateTime>,
    pub stack: Option<StackId>,
}

/// Which events to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventQuery {
    pub nested_depth: u8,
    /// The id of the last event that is known already.
    pub after: Option<String>,
    /// The most events to give; all when absent.
    pub limit: Option<usize>,
}

impl Heat {
    /// The events of a stack, the oldest first.
    pub async fn events(&self, stack: &StackId, query: &EventQuery) -> Result<Vec<Event>, CloudError> {
        let mut call = stacks::on(stack, Call::get(Service::Heat, "list events", "/stacks/{}/{}/events"));
        call = call.query("sort_dir", "asc");
        if query.nested_depth > 0 {
            call = call.query("nested_depth", query.nested_depth.to_string());
        }
        if query.after.is_none() && query.limit.is_none() {
            return self.session.call_list(call, "events").await;
        }
        call = call.query_opt("marker", query.after.as_deref()).query_opt("limit", query.limit.map(|limit| limit.to_string()));
        self.session.call(call).await?.member("events")
    }
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    resource_name: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    physical_resource_id: Option<String>,
    resource_status: StackStatus,
    #[serde(default, deserialize_with = "parse::or_default")]
    resource_status_reason: String,
    #[serde(default, deserialize_with = "parse::optional_instant")]
    event_time: Option<OffsetDateTime>,
    #[serde(default)]
    links: Vec<Link>,
}

impl From<Wire> for Event {
    fn from(wire: Wire) -> Self {
        Self {
            stack: linked_stack(&wire.links, "stack"),
            id: wire.id,
            resource_name: wire.resource_name,
            physical_id: wire.physical_resource_id,
            status: wire.resource_status,
            status_reason: wire.resource_status_reason,
            at: wire.event_time,
        }
    }
}
