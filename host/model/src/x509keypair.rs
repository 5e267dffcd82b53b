//! Key pairs of `/v1/x509keypairs`: what clients of Liberty and Mitaka deposit for a bay. Nothing of the service's uses them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{ClusterId, ProjectId, Sealed, UserId, X509KeyPairId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct X509KeyPair {
    pub uuid: X509KeyPairId,
    pub name: String,
    pub project_id: ProjectId,
    pub user_id: UserId,
    /// The bay.
    pub cluster: ClusterId,
    pub ca_cert: Option<String>,
    pub certificate: Option<String>,
    pub private_key: Option<Sealed>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}
