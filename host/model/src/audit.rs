//! What drivers did to the world outside: a record for each effect.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::driver::Digest;
use crate::{AuditId, ClusterId, ProjectId, RequestId};

/// One effect that a driver asked for. Kept before the effect, and again when its outcome is known. Holds no body, key or token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    pub id: AuditId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub driver: String,
    pub version: String,
    pub digest: Digest,
    /// The function of the driver's that was being called: `before-delete`, …
    pub during: String,
    pub cluster: ClusterId,
    pub project_id: ProjectId,
    pub request_id: RequestId,
    /// That of the request which somebody's other service was working on when it sent this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_request_id: Option<RequestId>,
    pub effect: Effect,
    /// What it was done to: an id, an authority with a name, a method with a path.
    pub target: String,
    pub outcome: AuditOutcome,
    /// When the outcome was known.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
}

/// Host calls that have an effect. By the contract's names: interface, dot, function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Effect {
    #[serde(rename = "load-balancers.delete")]
    DeleteLoadBalancer,
    #[serde(rename = "volumes.delete")]
    DeleteVolume,
    #[serde(rename = "floating-ips.delete")]
    DeleteFloatingIp,
    #[serde(rename = "certificates.sign")]
    SignCertificate,
    #[serde(rename = "certificates.issue")]
    IssueCertificate,
    /// All but GET and HEAD.
    #[serde(rename = "coe-api.send")]
    ChangeByCoeApi,
}

/// What came of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was about to be done. If it stays so, the call was cut off or the service stopped, and nobody knows.
    Intended,
    Done,
    /// It was refused, or failed: for certain nothing was done, or the service that was asked says so.
    Failed,
}

impl Effect {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeleteLoadBalancer => "load-balancers.delete",
            Self::DeleteVolume => "volumes.delete",
            Self::DeleteFloatingIp => "floating-ips.delete",
            Self::SignCertificate => "certificates.sign",
            Self::IssueCertificate => "certificates.issue",
            Self::ChangeByCoeApi => "coe-api.send",
        }
    }
}

impl AuditOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for AuditOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
