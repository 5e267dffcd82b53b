//! `/stacks/preview` and `/stacks/{name}/{id}/preview`: what a change would do, without doing it.

use serde::Deserialize;
use serde_json::Value;

use super::Heat;
use super::stack_request::{StackRequest, Update};
use super::stacks::{self, StackId};
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

/// What an update would do to each resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ResourceChanges {
    #[serde(default)]
    pub unchanged: Vec<ChangedResource>,
    #[serde(default)]
    pub updated: Vec<ChangedResource>,
    /// These are lost, servers with all that is on them.
    #[serde(default)]
    pub replaced: Vec<ChangedResource>,
    #[serde(default)]
    pub added: Vec<ChangedResource>,
    #[serde(default)]
    pub deleted: Vec<ChangedResource>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ChangedResource {
    #[serde(rename = "resource_name")]
    pub name: String,
    #[serde(rename = "resource_type", default, deserialize_with = "parse::or_default")]
    pub kind: String,
    #[serde(rename = "physical_resource_id", default, deserialize_with = "parse::non_empty")]
    pub physical_id: Option<String>,
    /// The name of the stack, nested or not, that has the resource.
    #[serde(default, deserialize_with = "parse::or_default")]
    pub stack_name: String,
}

impl Heat {
    /// The resources that a new stack would have: `(name, type)`, nested ones included.
    pub async fn preview_create(&self, name: &str, stack: &StackRequest) -> Result<Vec<(String, String)>, CloudError> {
        let call = Call::post(Service::Heat, "preview stack", "/stacks/preview");
        let reply = self.session.call(stack.put_in(call, Some(name))).await?;
        let preview: Preview = reply.member("stack")?;
        let mut flat = Vec::new();
        flatten(preview.resources, &mut flat);
        Ok(flat)
    }

    /// What an update would do, to nested stacks too.
    pub async fn preview_update(&self, stack: &StackId, how: Update, to: &StackRequest) -> Result<ResourceChanges, CloudError> {
        let call = match how {
            Update::Full => Call::put(Service::Heat, "preview update", "/stacks/{}/{}/preview"),
            Update::Existing => Call::patch(Service::Heat, "preview update", "/stacks/{}/{}/preview"),
        };
        let call = stacks::on(stack, call).query("show_nested", "True");
        self.session.call(to.put_in(call, None)).await?.member("resource_changes")
    }
}

#[derive(Deserialize)]
struct Preview {
    #[serde(default)]
    resources: Vec<Value>,
}

#[derive(Deserialize)]
struct Previewed {
    resource_name: String,
    resource_type: String,
}

/// A nested stack stands in the list as the list of its own resources.
fn flatten(resources: Vec<Value>, flat: &mut Vec<(String, String)>) {
    for resource in resources {
        match resource {
            Value::Array(nested) => flatten(nested, flat),
            other => flat.extend(Previewed::deserialize(other).ok().map(|one| (one.resource_name, one.resource_type))),
        }
    }
}
