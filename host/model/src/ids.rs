//! Identifiers. Each is its own type, so that a template's cannot stand where a cluster's is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A random one (version 4).
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }
        }

        /// Hyphenated, lower-case.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

uuid_id! {
    /// A cluster, for its whole life.
    ClusterId,
    /// A cluster template.
    TemplateId,
    /// A node group, within any cluster.
    NodeGroupId,
    /// A piece of accepted work.
    OperationId,
    /// A call of a driver that was recorded.
    CallRecordId,
    /// An effect that a driver asked for.
    AuditId,
    /// A federation of clusters.
    FederationId,
    /// A container of the legacy API.
    ContainerId,
    /// A node of the legacy API.
    NodeId,
    /// A key pair of the legacy API.
    X509KeyPairId,
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )+};
}

text_id! {
    /// A Keystone project: 32 hexadecimal digits as a rule, but Keystone promises no form.
    ProjectId,
    /// A Keystone user; ids of users from LDAP have 64 digits.
    UserId,
    /// `req-<uuid>`: follows a request through logs and services.
    RequestId,
}

impl RequestId {
    pub fn random() -> Self {
        Self(format!("req-{}", Uuid::new_v4()))
    }

    /// As OpenStack's services write it, and nothing else: `req-`, and a uuid in small letters with its hyphens.
    pub fn parse(text: &str) -> Option<Self> {
        let uuid = text.strip_prefix("req-").filter(|uuid| uuid.len() == 36)?;
        let is_plain = !uuid.bytes().any(|byte| byte.is_ascii_uppercase()) && Uuid::try_parse(uuid).is_ok();
        is_plain.then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_openstack_calls_a_request_is_a_request_id() {
        let own = RequestId::random();
        assert_eq!(RequestId::parse(own.as_str()), Some(own));
        for text in [
            "",
            "req-",
            "req-1",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "req-3F2504E0-4F89-11D3-9A0C-0305E82C3301",
            "req-3f2504e04f8911d39a0c0305e82c3301",
            "req-{3f2504e0-4f89-11d3-9a0c-0305e82c33",
            "req-3f2504e0-4f89-11d3-9a0c-0305e82c3301 ",
            "req-3f2504e0-4f89-11d3-9a0c-0305e82c3301\nreq-",
        ] {
            assert_eq!(RequestId::parse(text), None, "{text:?}");
        }
    }
}
