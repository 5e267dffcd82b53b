//! What the check of a version found: how it differs from the active one, and how its self-test went.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The report of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Labels, against those of the active version.
    pub labels: LabelChanges,
    /// What it asks for, against what the active version does.
    pub capabilities: CapabilityChanges,
    pub self_test: Vec<SelfTest>,
    /// Milliseconds to compile it; 0 if that was done before.
    pub compile_ms: u64,
    /// Milliseconds to load it.
    pub load_ms: u64,
}

/// Names of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabelChanges {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Other types, defaults or values.
    pub changed: Vec<String>,
}

/// Names of interfaces and features.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapabilityChanges {
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SelfTest {
    pub name: String,
    pub passed: bool,
    /// What came of it.
    pub detail: String,
}
