//! What can go wrong between a command and the daemon.

use std::path::PathBuf;

use jeroboam_cloud::CloudError;

/// Why a command did not get its answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("{0}")]
    Login(String),
    #[error("cannot read {}", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    #[error("{} is not YAML", .0.display())]
    Yaml(PathBuf, #[source] serde_yaml_ng::Error),
    #[error("cannot log in")]
    Keystone(#[from] CloudError),
    #[error(
        "there is no daemon at {}: start one, name its socket with --socket, or name a cloud with --os-cloud or OS_* variables",
        .0.display()
    )]
    NoSocket(PathBuf),
    #[error("{} cannot be opened by this user: the socket is for root and for the daemon's own user", .0.display())]
    NotYours(PathBuf),
    #[error("no answer from {place}")]
    Unreachable { place: String, source: reqwest::Error },
    /// The daemon answered, and the answer was an error.
    #[error("{detail}")]
    Refused { status: u16, detail: String },
    #[error("{place} is no Jeroboam, or another version of it: {reason}")]
    Unusable { place: String, reason: String },
}

impl ClientError {
    /// Whether the daemon understood, and would not.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { status: 401 | 403 | 409, .. })
    }

    /// Whether what was asked for made no sense to the daemon.
    pub fn is_misuse(&self) -> bool {
        matches!(self, Self::Refused { status: 400, .. })
    }
}
