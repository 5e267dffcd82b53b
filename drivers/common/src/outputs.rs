//! The outputs of a stack. Those that are missing or null, as in a stack that failed, say nothing.

use jeroboam_driver_sdk::{Error, GroupObservation, Output, internal};
use serde_json::Value;

/// By name.
#[derive(Clone, Debug)]
pub struct Outputs(Vec<(String, Value)>);

impl Outputs {
    pub fn parse(outputs: &[Output]) -> Result<Self, Error> {
        let parse = |output: &Output| match serde_json::from_str(&output.value) {
            Ok(value) => Ok((output.name.clone(), value)),
            Err(error) => Err(internal(format!("output {} is no JSON: {error}", output.name))),
        };
        outputs.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A list's texts that are not empty.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let items = self.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// What a list of addresses says about a group.
    pub fn group(&self, group: &str, addresses: &str) -> GroupObservation {
        GroupObservation { group: group.to_owned(), node_addresses: self.texts(addresses), extras: Vec::new() }
    }
}
