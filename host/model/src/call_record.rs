//! What one call of a driver was asked, was told and answered: enough to make it again without a cloud, with the same component or another.
//!
//! Values stand under the contract's own names, so that a record reads like `wit/`: `{"cluster": {"stack-name": …}}`. A result is `{"ok": …}` or
//! `{"error": {"not-found": "…"}}`; a secret is its name.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::{CallRecordId, ClusterId, RequestId};

/// The shape of records that this version writes and reads.
pub const FORMAT: u32 = 1;

/// One call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// [`FORMAT`].
    pub format: u32,
    pub id: CallRecordId,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub driver: String,
    pub version: String,
    /// SHA-256 of the component, in hexadecimal.
    pub digest: String,
    /// `jeroboam:coe@0.1.0`.
    pub contract: String,
    /// `define-stack`, …
    pub function: String,
    /// Absent for calls about a template.
    pub cluster: Option<ClusterId>,
    pub request_id: RequestId,
    /// Arguments by name.
    pub input: Map<String, Value>,
    /// In the order in which the host was asked. A question that was repeated within the call is there once if the host remembers its answers.
    #[serde(default)]
    pub host_calls: Vec<HostCall>,
    /// What the driver wrote, as the operator's log has it.
    #[serde(default)]
    pub log: Vec<LogLine>,
    pub outcome: Outcome,
    #[serde(default)]
    pub usage: CallUsage,
    /// What had to be left out, and therefore why the call cannot be made again. Empty: it can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
}

/// A question to the host, or something it was to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostCall {
    /// `lookup`, …
    pub interface: String,
    /// `get-flavor`, …
    pub function: String,
    /// By name.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    pub answer: HostAnswer,
}

/// What the host said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostAnswer {
    Ok(Value),
    /// The contract's `error`.
    Error(Value),
    /// It was too large to keep: so many bytes.
    Cut(usize),
}

/// How the call ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Ok(Value),
    /// The contract's `error`.
    Error(Value),
    /// The host ended it, and why.
    Stopped(String),
    /// The answer was too large to keep: so many bytes.
    Cut(usize),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// `debug`, `info`, `warning` or `error`.
    pub level: String,
    pub message: String,
}

/// What the call took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallUsage {
    /// Microseconds from its beginning to its end.
    pub wall_us: u64,
    /// Microseconds of computing. Absent where the call was given up from outside.
    pub cpu_us: Option<u64>,
    /// Bytes of the guest's memories at their largest.
    pub memory: Option<u64>,
}

/// What is recorded: all calls of a driver, or all calls about a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    Driver(String),
    Cluster(ClusterId),
}

/// Recording is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingSwitch {
    pub of: Recorded,
    /// Who switched it on.
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

impl Outcome {
    /// For people, in one word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Ok(_) => "ok",
            Self::Error(_) => "error",
            Self::Stopped(_) => "stopped",
            Self::Cut(_) => "cut",
        }
    }
}
