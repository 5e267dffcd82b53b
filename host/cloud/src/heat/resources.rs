//! `/stacks/{name}/{id}/resources`

use serde::Deserialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::stacks::{self, StackId};
use super::{Heat, StackStatus};
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

/// A resource of a stack, or of a stack nested in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Wire")]
pub struct Resource {
    /// Its name in the template, or its index in a group.
    pub name: String,
    /// Heat's type: `OS::Nova::Server`, or the name of a nested template.
    pub kind: String,
    /// Its id in the service that has it; nothing before it is created.
    pub physical_id: Option<String>,
    pub status: StackStatus,
    pub status_reason: String,
    /// The resource that the nested stack stands for; nothing at the top.
    pub parent: Option<String>,
    /// The stack, nested or not, whose template has the resource.
    pub stack: Option<StackId>,
    /// The stack that stands for the resource, when it is nested.
    pub nested: Option<StackId>,
    /// Only when the resource was shown on its own.
    pub attributes: Map<String, Value>,
    pub updated_time: Option<OffsetDateTime>,
}

impl Heat {
    /// The resources of a stack, and of the stacks nested in it down to a depth.
    pub async fn resources(&self, stack: &StackId, nested_depth: u8) -> Result<Vec<Resource>, CloudError> {
        let mut call = stacks::on(stack, Call::get(Service::Heat, "list resources", "/stacks/{}/{}/resources"));
        if nested_depth > 0 {
            call = call.query("nested_depth", nested_depth.to_string());
        }
        self.session.call(call).await?.member("resources")
    }

    /// One resource of a stack, with its attributes.
    pub async fn resource(&self, stack: &StackId, name: &str) -> Result<Option<Resource>, CloudError> {
        let call = Call::get(Service::Heat, "show resource", "/stacks/{}/{}/resources/{}");
        self.session.call_show(stacks::on(stack, call).arg(name), "resource").await
    }
}

#[derive(Deserialize)]
struct Wire {
    resource_name: String,
    resource_type: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    physical_resource_id: Option<String>,
    resource_status: StackStatus,
    #[serde(default, deserialize_with = "parse::or_default")]
    resource_status_reason: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    parent_resource: Option<String>,
    #[serde(default, deserialize_with = "parse::or_default")]
    attributes: Map<String, Value>,
    #[serde(default, deserialize_with = "parse::optional_instant")]
    updated_time: Option<OffsetDateTime>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
pub(super) struct Link {
    href: String,
    rel: String,
}

/// The stack that the link of one kind leads to.
pub(super) fn linked_stack(links: &[Link], rel: &str) -> Option<StackId> {
    links.iter().find(|link| link.rel == rel).and_then(|link| stacks::in_link(&link.href))
}

impl From<Wire> for Resource {
    fn from(wire: Wire) -> Self {
        Self {
            stack: linked_stack(&wire.links, "stack"),
            nested: linked_stack(&wire.links, "nested"),
            name: wire.resource_name,
            kind: wire.resource_type,
            physical_id: wire.physical_resource_id,
            status: wire.resource_status,
            status_reason: wire.resource_status_reason,
            parent: wire.parent_resource,
            attributes: wire.attributes,
            updated_time: wire.updated_time,
        }
    }
}
