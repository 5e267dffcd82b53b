//! `/stacks`

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use url::Url;

use super::stack_request::{StackRequest, Update};
use super::{Heat, StackStatus};
use crate::error::CloudError;
use crate::http::{Call, Reply};
use crate::parse::{self, is_segment};
use crate::service::Service;

/// A stack's name and id. Heat wants both: with one alone it answers with a redirection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StackId {
    pub name: String,
    pub id: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Stack {
    #[serde(rename = "stack_name")]
    pub name: String,
    pub id: String,
    #[serde(rename = "stack_status")]
    pub status: StackStatus,
    #[serde(rename = "stack_status_reason", default, deserialize_with = "parse::or_default")]
    pub status_reason: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub description: String,
    /// As Heat keeps them: hidden ones read `******`. Empty in lists.
    #[serde(default, deserialize_with = "parse::or_default")]
    pub parameters: BTreeMap<String, Value>,
    /// Nothing when they were not resolved.
    #[serde(default)]
    pub outputs: Option<Vec<Output>>,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub tags: Vec<String>,
    #[serde(default)]
    pub disable_rollback: Option<bool>,
    #[serde(default)]
    pub timeout_mins: Option<u32>,
    #[serde(default, deserialize_with = "parse::optional_instant")]
    pub creation_time: Option<OffsetDateTime>,
    #[serde(default, deserialize_with = "parse::optional_instant")]
    pub updated_time: Option<OffsetDateTime>,
}

/// An output of a stack.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Output {
    #[serde(rename = "output_key")]
    pub key: String,
    /// Null while it cannot be told.
    #[serde(rename = "output_value", default)]
    pub value: Value,
    /// Why it cannot be told.
    #[serde(rename = "output_error", default, deserialize_with = "parse::non_empty")]
    pub error: Option<String>,
}

/// Whether the outputs of a stack are wanted. Resolving them makes Heat ask other services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outputs {
    Resolve,
    Skip,
}

/// What became of a request to create a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creation {
    Started(StackId),
    /// There is a stack of this name already: perhaps from an earlier attempt.
    NameTaken,
}

/// Which stacks to list; each condition narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackFilter {
    pub name: Option<String>,
    /// Stacks that have all of these.
    pub tags: Vec<String>,
    pub show_nested: bool,
}

impl Stack {
    pub fn stack_id(&self) -> StackId {
        StackId { name: self.name.clone(), id: self.id.clone() }
    }

    pub fn output(&self, key: &str) -> Option<&Value> {
        self.outputs.as_ref()?.iter().find(|output| output.key == key).map(|output| &output.value)
    }
}

impl Heat {
    /// Asks for a stack. Sent once: after no answer, look for the name with [`Heat::find`].
    pub async fn create(&self, name: &str, stack: &StackRequest) -> Result<Creation, CloudError> {
        let call = Call::post(Service::Heat, "create stack", "/stacks");
        match self.session.call(stack.put_in(call, Some(name))).await {
            Ok(reply) => {
                let Created { id } = reply.member("stack")?;
                Ok(Creation::Started(StackId { name: name.to_owned(), id }))
            }
            Err(CloudError::Refused(refusal)) if refusal.status == 409 && refusal.code.as_deref() == Some("StackExists") => {
                Ok(Creation::NameTaken)
            }
            Err(error) => Err(error),
        }
    }

    /// The stack of a name, or of an id. Stacks that were deleted are found by id alone.
    pub async fn find(&self, name_or_id: &str) -> Result<Option<StackId>, CloudError> {
        if !is_segment(name_or_id) {
            return Ok(None);
        }
        let call =
            Call::get(Service::Heat, "find stack", "/stacks/{}").arg(name_or_id).query("resolve_outputs", "False").may_redirect();
        match self.session.call(call).await {
            Ok(reply) if (300..400).contains(&reply.status) => redirected(&reply).map(Some),
            Ok(reply) => Ok(Some(reply.member::<Stack>("stack")?.stack_id())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A stack; nothing when Heat has none of this id. A deleted stack is shown for a while, with
    /// the status `DELETE_COMPLETE`.
    pub async fn show(&self, stack: &StackId, outputs: Outputs) -> Result<Option<Stack>, CloudError> {
        let mut call = on(stack, Call::get(Service::Heat, "show stack", "/stacks/{}/{}"));
        if outputs == Outputs::Skip {
            call = call.query("resolve_outputs", "False");
        }
        let shown: Option<Stack> = self.session.call_show(call, "stack").await?;
        Ok(shown.map(|mut shown| {
            if outputs == Outputs::Skip {
                shown.outputs = None;
            }
            shown
        }))
    }

    /// The outputs of a stack. Each is resolved.
    pub async fn outputs(&self, stack: &StackId) -> Result<Option<Vec<Output>>, CloudError> {
        let shown = self.show(stack, Outputs::Resolve).await?;
        Ok(shown.map(|shown| shown.outputs.unwrap_or_default()))
    }

    /// Asks for a change. Sent once; after no answer, show the stack. While another action is
    /// going on this is [`Kind::Conflict`](crate::Kind::Conflict).
    pub async fn update(&self, stack: &StackId, how: Update, to: &StackRequest) -> Result<(), CloudError> {
        let call = match how {
            Update::Full => Call::put(Service::Heat, "update stack", "/stacks/{}/{}"),
            Update::Existing => Call::patch(Service::Heat, "update stack", "/stacks/{}/{}"),
        };
        self.session.call(to.put_in(on(stack, call), None)).await.map(drop)
    }

    /// Asks to leave off what is going on: a creation or an update. With `roll_back`, which creations do not have, the stack goes back to what it was; else
    /// it stays as it is, as failed. One that is at rest is refused.
    pub async fn cancel(&self, stack: &StackId, roll_back: bool) -> Result<(), CloudError> {
        let action = if roll_back { "cancel_update" } else { "cancel_without_rollback" };
        let call = on(stack, Call::post(Service::Heat, "cancel stack", "/stacks/{}/{}/actions"));
        self.session.call(call.json(&serde_json::json!({ action: null }))).await.map(drop)
    }

    /// Asks for deletion; a stack that is not there is deleted.
    pub async fn delete(&self, stack: &StackId) -> Result<(), CloudError> {
        let call = on(stack, Call::delete(Service::Heat, "delete stack", "/stacks/{}/{}"));
        self.session.call_delete(call).await
    }

    /// The project's stacks, without parameters and outputs.
    pub async fn list(&self, filter: &StackFilter) -> Result<Vec<Stack>, CloudError> {
        let mut call = Call::get(Service::Heat, "list stacks", "/stacks").query_opt("name", filter.name.as_deref());
        if !filter.tags.is_empty() {
            call = call.query("tags", filter.tags.join(","));
        }
        if filter.show_nested {
            call = call.query("show_nested", "True");
        }
        self.session.call_list(call, "stacks").await
    }
}

#[derive(Deserialize)]
struct Created {
    id: String,
}

/// Fills in the stack of a call whose template begins with `/stacks/{}/{}`.
pub(super) fn on(stack: &StackId, call: Call) -> Call {
    call.arg(&stack.name).arg(&stack.id)
}

/// The name and id at the end of the path that Heat redirects to. The rest of it is not looked at.
fn redirected(reply: &Reply) -> Result<StackId, CloudError> {
    let location = reply.location.as_deref().unwrap_or_default();
    in_link(location).ok_or_else(|| reply.unusable("it redirects to what is no stack"))
}

/// The stack in a link such as `http://heat/v1/<project>/stacks/<name>/<id>[/…]`.
pub(super) fn in_link(link: &str) -> Option<StackId> {
    let base = Url::parse("http://heat/").ok()?;
    let url = base.join(link).ok()?;
    let mut segments = url.path_segments()?.skip_while(|segment| *segment != "stacks").skip(1);
    let mut next = || {
        let decoded = percent_encoding::percent_decode_str(segments.next()?).decode_utf8().ok()?;
        is_segment(&decoded).then(|| decoded.into_owned())
    };
    Some(StackId { name: next()?, id: next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stack_is_read_from_a_link_wherever_the_link_leads() {
        let expected = StackId { name: "web".into(), id: "42".into() };
        for link in [
            "http://heat:8004/v1/p1/stacks/web/42",
            "http://elsewhere/v1/p1/stacks/web/42/resources/x",
            "/v1/p1/stacks/web/42?resolve_outputs=False",
        ] {
            assert_eq!(in_link(link).as_ref(), Some(&expected), "{link}");
        }
    }

    #[test]
    fn a_link_that_climbs_names_no_stack() {
        for link in ["", "/v1/p1/stacks/web", "/v1/p1/stacks/web/..%2f42", "/v1/p1/servers/web/42"] {
            assert_eq!(in_link(link), None, "{link}");
        }
    }
}
