//! What the check of a version found: how it differs from the active one, and how its self-test went.

use jeroboam_model::driver;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The report of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The digest of the version that was active then.
    pub compared_with: Option<String>,
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

impl From<driver::CheckReport> for Report {
    fn from(report: driver::CheckReport) -> Self {
        let driver::CheckReport { compared_with, labels, capabilities, self_test, compile_ms, load_ms } = report;
        let tested = |test: driver::SelfTest| SelfTest { name: test.name, passed: test.passed, detail: test.detail };
        Self {
            compared_with: compared_with.map(|digest| digest.to_string()),
            labels: LabelChanges { added: labels.added, removed: labels.removed, changed: labels.changed },
            capabilities: CapabilityChanges { added: capabilities.added, removed: capabilities.removed },
            self_test: self_test.into_iter().map(tested).collect(),
            compile_ms,
            load_ms,
        }
    }
}
