//! `/validate`, and the template of a stack.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Heat;
use super::stack_request::StackRequest;
use super::stacks::{self, StackId};
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

/// What Heat reads in a template that it finds valid.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ValidatedTemplate {
    #[serde(rename = "Description", default, deserialize_with = "parse::or_default")]
    pub description: String,
    /// Name to type, default, constraints and so on, in Heat's words.
    #[serde(rename = "Parameters", default, deserialize_with = "parse::or_default")]
    pub parameters: Map<String, Value>,
}

impl Heat {
    /// Has Heat check a template. One that is not valid is
    /// [`Kind::Invalid`](crate::Kind::Invalid), in Heat's words.
    pub async fn validate(&self, stack: &StackRequest) -> Result<ValidatedTemplate, CloudError> {
        let call = Call::post(Service::Heat, "validate template", "/validate");
        self.session.call(stack.put_in(call, None)).await?.json()
    }

    /// The template that Heat keeps of a stack.
    pub async fn template(&self, stack: &StackId) -> Result<Option<Value>, CloudError> {
        let call = Call::get(Service::Heat, "show template", "/stacks/{}/{}/template");
        match self.session.call(stacks::on(stack, call)).await {
            Ok(reply) => reply.json().map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
