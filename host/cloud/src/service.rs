//! The services, and the ways to reach them.

use std::fmt;

/// An OpenStack service, by the name of its project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    Keystone,
    Heat,
    Glance,
    Nova,
    Neutron,
    Cinder,
    Octavia,
    Barbican,
    Magnum,
}

/// Which of a service's endpoints to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interface {
    #[default]
    Public,
    Internal,
    Admin,
}

impl Service {
    pub const ALL: [Self; 9] = [
        Self::Keystone,
        Self::Heat,
        Self::Glance,
        Self::Nova,
        Self::Neutron,
        Self::Cinder,
        Self::Octavia,
        Self::Barbican,
        Self::Magnum,
    ];

    /// The catalogue types of the service, the official one first, then its aliases in the order
    /// of the service-types authority. Aliases for versions that are not spoken here are left out.
    pub fn types(self) -> &'static [&'static str] {
        match self {
            Self::Keystone => &["identity"],
            Self::Heat => &["orchestration"],
            Self::Glance => &["image"],
            Self::Nova => &["compute"],
            Self::Neutron => &["network"],
            Self::Cinder => &["block-storage", "volumev3", "volume", "block-store"],
            Self::Octavia => &["load-balancer"],
            Self::Barbican => &["key-manager"],
            Self::Magnum => &["container-infrastructure-management", "container-infra", "container-infrastructure"],
        }
    }

    /// The path segment to add when an endpoint names no version. Deployments register Neutron,
    /// Glance and Octavia without one, and the others with it.
    pub(crate) fn version_segment(self) -> &'static str {
        match self {
            Self::Keystone | Self::Cinder => "v3",
            Self::Heat | Self::Barbican | Self::Magnum => "v1",
            Self::Glance | Self::Octavia => "v2",
            Self::Nova => "v2.1",
            Self::Neutron => "v2.0",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Keystone => "Keystone",
            Self::Heat => "Heat",
            Self::Glance => "Glance",
            Self::Nova => "Nova",
            Self::Neutron => "Neutron",
            Self::Cinder => "Cinder",
            Self::Octavia => "Octavia",
            Self::Barbican => "Barbican",
            Self::Magnum => "Magnum",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Interface {
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Admin => "admin",
        }
    }

    /// Reads the spellings that configuration files use: `public` and the older `publicURL`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix("URL").unwrap_or(text) {
            "public" => Some(Self::Public),
            "internal" => Some(Self::Internal),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
