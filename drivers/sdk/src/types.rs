//! The contract's records, enums and variants. Meanings and units stand in `wit/`; the names are the same.

pub use crate::bindings::exports::jeroboam::coe::driver::{
    Capability, Description, Features, GroupObservation, Health, HealthStatus, LabelSpec, LabelType, Observation, Output,
    Progress, UpgradePlan, UpgradeStep,
};
pub use crate::bindings::jeroboam::coe::types::{
    Cluster, ClusterTemplate, ClusterType, Error, FieldError, NodeGroup, Pair, Retry, Role, SecretName, StackDefinition,
    StackScope, Value, Warning,
};

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<SecretName> for Value {
    fn from(name: SecretName) -> Self {
        Self::Secret(name)
    }
}

impl From<serde_json::Value> for Value {
    fn from(document: serde_json::Value) -> Self {
        Self::Json(document.to_string())
    }
}
