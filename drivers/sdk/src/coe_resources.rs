//! `coe-resources`, which a driver may offer: what runs on its clusters. Meanings stand in `wit/coe-0.2.0/coe-resources.wit`.

pub use crate::bindings::v0_2::exports::jeroboam::coe0_2_0::coe_resources::{
    Action, ClusterBrief, CoeResource, Container, Details, Failure, Kind, Manifest, PodDetails, Port, Refusal,
    ReplicationControllerDetails, ServiceDetails,
};

use crate::{Error, unsupported};

/// What a driver does for users of pods, services, replication controllers and containers. A driver that does not implement it does not offer the interface; what
/// one that does leaves out is not supported.
pub trait CoeResources {
    /// All of a kind, in an order that stays.
    fn list_resources(cluster: &ClusterBrief, kind: Kind) -> Result<Vec<CoeResource>, Failure> {
        _ = cluster;
        Err(kind_unsupported(kind))
    }

    /// One, by the COE's id or by name.
    fn show_resource(cluster: &ClusterBrief, kind: Kind, ident: &str) -> Result<CoeResource, Failure> {
        _ = (cluster, ident);
        Err(kind_unsupported(kind))
    }

    /// Makes one.
    fn create_resource(cluster: &ClusterBrief, manifest: &Manifest) -> Result<CoeResource, Failure> {
        _ = cluster;
        Err(kind_unsupported(manifest.kind()))
    }

    /// Puts the manifest in the place of one.
    fn replace_resource(cluster: &ClusterBrief, ident: &str, manifest: &Manifest) -> Result<CoeResource, Failure> {
        _ = (cluster, ident);
        Err(kind_unsupported(manifest.kind()))
    }

    /// Deletes one.
    fn delete_resource(cluster: &ClusterBrief, kind: Kind, ident: &str) -> Result<(), Failure> {
        _ = (cluster, ident);
        Err(kind_unsupported(kind))
    }

    /// Does something to a container.
    fn act_on_container(cluster: &ClusterBrief, ident: &str, action: &Action) -> Result<String, Failure> {
        _ = (cluster, ident, action);
        Err(kind_unsupported(Kind::Container))
    }
}

impl Manifest {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Pod(_) => Kind::Pod,
            Self::Service(_) => Kind::Service,
            Self::ReplicationController(_) => Kind::ReplicationController,
            Self::Container(_) => Kind::Container,
        }
    }
}

/// The answer about a kind that the COE does not have.
pub fn kind_unsupported(kind: Kind) -> Failure {
    let kind = match kind {
        Kind::Pod => "pods",
        Kind::Service => "services",
        Kind::ReplicationController => "replication controllers",
        Kind::Container => "containers",
    };
    Failure::Error(unsupported(format!("clusters of this driver have no {kind} to speak of")))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

#[doc(hidden)]
pub const fn assert_coe_resources<D: CoeResources>() {}

#[cfg(target_arch = "wasm32")]
impl<D: CoeResources> crate::bindings::v0_2::exports::jeroboam::coe0_2_0::coe_resources::Guest for crate::driver::Exported<D> {
    fn list_resources(cluster: ClusterBrief, kind: Kind) -> Result<Vec<CoeResource>, Failure> {
        crate::panics::report();
        D::list_resources(&cluster, kind)
    }

    fn show_resource(cluster: ClusterBrief, kind: Kind, ident: String) -> Result<CoeResource, Failure> {
        crate::panics::report();
        D::show_resource(&cluster, kind, &ident)
    }

    fn create_resource(cluster: ClusterBrief, manifest: Manifest) -> Result<CoeResource, Failure> {
        crate::panics::report();
        D::create_resource(&cluster, &manifest)
    }

    fn replace_resource(cluster: ClusterBrief, ident: String, manifest: Manifest) -> Result<CoeResource, Failure> {
        crate::panics::report();
        D::replace_resource(&cluster, &ident, &manifest)
    }

    fn delete_resource(cluster: ClusterBrief, kind: Kind, ident: String) -> Result<(), Failure> {
        crate::panics::report();
        D::delete_resource(&cluster, kind, &ident)
    }

    fn act_on_container(cluster: ClusterBrief, ident: String, action: Action) -> Result<String, Failure> {
        crate::panics::report();
        D::act_on_container(&cluster, &ident, &action)
    }
}
