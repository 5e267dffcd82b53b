//! What a stack should be.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::http::Call;
use jeroboam_model::Secret;

/// The value of a stack parameter.
#[derive(Clone, PartialEq)]
pub enum ParameterValue {
    /// Anything that may be shown: text, numbers, booleans, lists, maps.
    Plain(Value),
    /// A value that only Heat may see.
    Secret(Secret),
}

/// A stack to create, to update to, to preview or to validate.
#[derive(Clone, PartialEq)]
pub struct StackRequest {
    /// The template's text. Empty means none: Heat then keeps what it has (see [`Update`]).
    pub template: String,
    /// The contents of what the template names with `get_file` and as nested types.
    pub files: BTreeMap<String, String>,
    /// The environment's text; empty means none.
    pub environment: String,
    pub parameters: BTreeMap<String, ParameterValue>,
    /// How long Heat works on it before it gives up; Heat's own limit when absent.
    pub timeout_mins: Option<u32>,
    /// Whether a failure leaves the stack as it is; Heat's default when absent: true for create,
    /// the stack's own setting for update.
    pub disable_rollback: Option<bool>,
    /// Words to find the stack by. None of them may have a comma.
    pub tags: Vec<String>,
}

/// How an update relates to what Heat keeps of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// The request is the whole stack: template, files, environment and parameters.
    Full,
    /// Heat keeps template, files, environment and parameters, and changes what the request names.
    Existing,
}

impl Default for StackRequest {
    /// A request that names nothing: with [`Update::Existing`], the stack as it is.
    fn default() -> Self {
        Self {
            template: String::new(),
            files: BTreeMap::new(),
            environment: String::new(),
            parameters: BTreeMap::new(),
            timeout_mins: None,
            disable_rollback: None,
            tags: Vec::new(),
        }
    }
}

impl StackRequest {
    /// Adds the request to a call, and tells the call what to keep quiet about.
    pub(super) fn put_in(&self, call: Call, stack_name: Option<&str>) -> Call {
        let mut body = Map::new();
        if let Some(name) = stack_name {
            body.insert("stack_name".into(), name.into());
        }
        if !self.template.is_empty() {
            body.insert("template".into(), self.template.as_str().into());
        }
        if !self.files.is_empty() {
            body.insert("files".into(), json!(self.files));
        }
        if !self.environment.is_empty() {
            body.insert("environment".into(), self.environment.as_str().into());
        }
        let parameters: Map<String, Value> =
            self.parameters.iter().map(|(name, value)| (name.clone(), value.on_the_wire())).collect();
        body.insert("parameters".into(), parameters.into());
        if let Some(minutes) = self.timeout_mins {
            body.insert("timeout_mins".into(), minutes.into());
        }
        if let Some(disable) = self.disable_rollback {
            body.insert("disable_rollback".into(), disable.into());
        }
        if !self.tags.is_empty() {
            body.insert("tags".into(), self.tags.join(",").into());
        }
        let secrets = self.parameters.values().filter_map(|value| match value {
            ParameterValue::Secret(secret) => Some(secret),
            ParameterValue::Plain(_) => None,
        });
        secrets.fold(call.json(&body.into()), Call::secret)
    }
}

impl ParameterValue {
    fn on_the_wire(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Secret(secret) => secret.expose().into(),
        }
    }
}

impl<T: Into<Value>> From<T> for ParameterValue {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

impl fmt::Debug for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => write!(f, "{value}"),
            Self::Secret(_) => f.write_str("[secret]"),
        }
    }
}

impl fmt::Debug for StackRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StackRequest")
            .field("parameters", &self.parameters)
            .field("files", &self.files.keys().collect::<Vec<_>>())
            .field("timeout_mins", &self.timeout_mins)
            .field("disable_rollback", &self.disable_rollback)
            .field("tags", &self.tags)
            .finish_non_exhaustive()
    }
}
