//! A cluster's certificates.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{ClusterId, Sealed};

/// A cluster's certificate authorities. What one has signed is worth nothing to those who trust another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    Kubernetes,
    Etcd,
    FrontProxy,
}

/// The kind of a key pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyKind {
    #[default]
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256,
    #[serde(rename = "rsa-2048")]
    Rsa2048,
}

/// What a key and its certificate are for. One of each in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "slot", content = "authority")]
pub enum Slot {
    /// An authority's own.
    Authority(Authority),
    /// The pair that this service shows to the cluster's API: `CN=admin, O=system:masters`.
    Client,
    /// Signs the cluster's service account tokens; has no certificate.
    ServiceAccount,
}

/// Where a private key is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PrivateKey {
    /// Here.
    Sealed(Sealed),
    /// In Barbican: a secret of this service's own project, by its id.
    Barbican { barbican: String },
}

/// A key pair of a cluster, at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRecord {
    pub cluster: ClusterId,
    pub slot: Slot,
    /// PEM certificate; for [`Slot::ServiceAccount`] the PEM public key.
    pub pem: String,
    /// PKCS#8 PEM.
    pub private_key: PrivateKey,
    pub key_kind: KeyKind,
    /// How often the pair had been replaced when this one was made.
    #[serde(default)]
    pub generation: u32,
    /// While a rotation goes on, the one before it: nodes may still have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<FormerPair>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A pair that is being replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerPair {
    pub pem: String,
    /// For the same place as its successor.
    pub private_key: PrivateKey,
    pub generation: u32,
}

impl Authority {
    pub const ALL: &[Self] = &[Self::Kubernetes, Self::Etcd, Self::FrontProxy];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Etcd => "etcd",
            Self::FrontProxy => "front-proxy",
        }
    }

    /// Reads `ca_cert_type` as Magnum does: what is not known means the Kubernetes authority.
    pub fn from_ca_cert_type(text: Option<&str>) -> Self {
        match text {
            Some("etcd") => Self::Etcd,
            Some("front_proxy" | "front-proxy") => Self::FrontProxy,
            _ => Self::Kubernetes,
        }
    }
}

impl Slot {
    /// The last part of its key in the store.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Authority(authority) => authority.as_str(),
            Self::Client => "client",
            Self::ServiceAccount => "service-account",
        }
    }
}
