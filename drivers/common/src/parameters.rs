//! The parameters of a stack, in the order in which they are added.

use jeroboam_driver_sdk::{SecretName, Value};
use serde_json::json;

/// Name and value of each.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, Value)>);

impl Parameters {
    pub fn add(&mut self, name: &str, value: impl Into<Value>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// For parameters of type `comma_delimited_list`.
    pub fn add_list<T: AsRef<str>>(&mut self, name: &str, items: &[T]) {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        self.add(name, json!(items));
    }

    /// The login of a cluster's nodes, by name: `trust_id`, `trustee_user_id` and `trustee_password`. The host puts the values in after
    /// the driver has returned.
    pub fn add_trustee(&mut self) {
        self.add("trust_id", SecretName::TrustId);
        self.add("trustee_user_id", SecretName::TrusteeUserId);
        self.add("trustee_password", SecretName::TrusteePassword);
    }

    pub fn finish(self) -> Vec<(String, Value)> {
        self.0
    }
}
