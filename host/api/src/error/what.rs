//! What errors are about.

use std::fmt;

/// A kind of object that users name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Cluster,
    ClusterTemplate,
    NodeGroup,
    KeyPair,
    Federation,
    Container,
    /// As it is on its bay.
    ContainerOnBay,
    Node,
    X509KeyPair,
    Plan,
    CallRecord,
    Operation,
}

impl What {
    pub(super) const fn plural(self) -> &'static str {
        match self {
            Self::Cluster => "clusters",
            Self::ClusterTemplate => "ClusterTemplates",
            Self::NodeGroup => "nodegroups",
            Self::KeyPair => "key pairs",
            Self::Federation => "federations",
            Self::Container | Self::ContainerOnBay => "containers",
            Self::Node => "nodes",
            Self::X509KeyPair => "x509keypairs",
            Self::Plan => "plans",
            Self::CallRecord => "records",
            Self::Operation => "operations",
        }
    }

    pub(super) const fn identifier(self) -> &'static str {
        match self {
            Self::Cluster => "cluster uuid",
            Self::ClusterTemplate => "ClusterTemplate uuid",
            Self::NodeGroup => "nodegroup uuid",
            Self::KeyPair => "key pair uuid",
            Self::Federation => "federation uuid",
            Self::Container | Self::ContainerOnBay => "container uuid",
            Self::Node => "node uuid",
            Self::X509KeyPair => "x509keypair uuid",
            Self::Plan => "version's digest",
            Self::CallRecord => "record's id",
            Self::Operation => "operation's id",
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cluster => "Cluster",
            Self::ClusterTemplate => "ClusterTemplate",
            Self::NodeGroup => "Nodegroup",
            Self::KeyPair => "A key pair for",
            Self::Federation => "Federation",
            Self::Container => "Container",
            Self::ContainerOnBay => "On its bay, container",
            Self::Node => "Node",
            Self::X509KeyPair => "A key pair",
            Self::Plan => "A plan to version",
            Self::CallRecord => "Record",
            Self::Operation => "Operation",
        })
    }
}
