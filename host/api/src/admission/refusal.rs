//! Why something cannot be had.

use http::StatusCode;
use jeroboam_cloud::{CloudError, Kind};
use jeroboam_model::driver::ClusterType;

/// A request that is well-formed, and that the cloud or the drivers there are cannot satisfy.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("Requested COE type {0} is not supported.")]
    Coe(&'static str),
    #[error("Network driver type {driver} is not {verb}, expecting a {}/unspecified network driver.", expected.join("/"))]
    NetworkDriver { driver: String, verb: &'static str, expected: Vec<String> },
    #[error("Volume driver type {driver} is not supported, expecting a {expected}/unspecified volume driver.")]
    VolumeDriver { driver: String, expected: &'static str },
    #[error(
        "docker volume size {} GB is not valid, expecting minimum value {minimum}GB for devicemapper storage driver.",
        size.map_or("None".to_owned(), |size| size.to_string())
    )]
    DockerVolumeSize { size: Option<u32>, minimum: u32 },
    #[error(
        "Image {image} doesn't contain os_distro field: set the image's property 'os_distro' so that with the template it makes a cluster \
         type that there is a driver for, one of {}.",
        types(available)
    )]
    ImageWithoutDistro { image: String, available: Vec<ClusterType> },
    #[error("Image {image} is for {distro}, and the cluster's nodes are {wanted}: choose an image with os_distro={wanted}.")]
    ImageDistro { image: String, distro: String, wanted: String },
    #[error(
        "ClusterTemplate {template} can not be upgraded to: its {field} is not that of the cluster, and an upgrade changes nothing but image \
         and software. Make a template that differs in its image and labels only."
    )]
    UpgradeField { template: String, field: &'static str },
    #[error("Downgrading {label} from {from} to {to} is not supported.")]
    Downgrade { label: &'static str, from: String, to: String },
    #[error(
        "ClusterTemplate {template} can not be upgraded to: the cluster has {label}={from}, so the template needs the label {label}."
    )]
    UpgradeLabel { template: String, label: &'static str, from: String },
    #[error("Cluster type {wanted} not supported, expecting one of {}.", types(available))]
    ClusterType { wanted: ClusterType, available: Vec<ClusterType> },
    #[error("Cluster driver ({name}) not supported: it is not there, or does not provide {wanted}.")]
    ClusterDriver { name: String, wanted: ClusterType },
    #[error("master nodegroup size of {0} is invalid, size cannot be an even number.")]
    EvenMasters(u32),
    #[error("master_count must be 1 when master_lb_enabled is False")]
    MastersWithoutLoadBalancer,
    #[error("boot_volume_size must be an integer, and the label's value is '{0}'")]
    BootVolumeSize(String),
    #[error(
        "Flavor with zero root volume size is not supported when boot_volume_size is zero: choose a flavor that has a disk instead of '{0}', or \
         set the label boot_volume_size."
    )]
    FlavorWithoutDisk(String),
    #[error("{} of the labels {} not known to the driver {driver}: {}.", labels.len(), if labels.len() == 1 { "is" } else { "are" }, names(labels))]
    UnknownLabels { driver: String, labels: Vec<UnknownLabel> },
    #[error("{}", resource.missing(name))]
    Missing { resource: Resource, name: String },
    #[error("Multiple {resource}s exist with same name '{name}'. Please use the {resource} ID instead.")]
    Ambiguous { resource: Resource, name: String },
    #[error("Not authorized for {resource} {name}.")]
    Denied { resource: Resource, name: String },
    /// It was good when the request began, or is remembered as such: it has ended since, or was revoked.
    #[error("The {resource} {name} can not be looked up, since the token is no longer accepted. Get a new one.")]
    Token { resource: Resource, name: String },
    #[error("The {resource} {name} can not be checked now. Try again later.")]
    Cloud { resource: Resource, name: String, source: Box<CloudError> },
}

/// A label that the driver does not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLabel {
    pub name: String,
    /// The known label that is nearest to it, if one is near.
    pub meant: Option<String>,
}

impl std::fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.meant {
            Some(meant) => write!(f, "{} (was {meant} meant?)", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// What a cluster needs that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    Image,
    Flavor,
    ExternalNetwork,
    FixedNetwork,
    FixedSubnet,
    Keypair,
}

impl Refusal {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Missing { resource: Resource::Keypair, .. } => StatusCode::NOT_FOUND,
            Self::Ambiguous { .. } => StatusCode::CONFLICT,
            Self::Denied { .. } => StatusCode::FORBIDDEN,
            Self::Token { .. } => StatusCode::UNAUTHORIZED,
            Self::Cloud { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Coe(_)
            | Self::ImageDistro { .. }
            | Self::UpgradeField { .. }
            | Self::Downgrade { .. }
            | Self::UpgradeLabel { .. }
            | Self::NetworkDriver { .. }
            | Self::VolumeDriver { .. }
            | Self::DockerVolumeSize { .. }
            | Self::ImageWithoutDistro { .. }
            | Self::ClusterType { .. }
            | Self::ClusterDriver { .. }
            | Self::EvenMasters(_)
            | Self::MastersWithoutLoadBalancer
            | Self::BootVolumeSize(_)
            | Self::FlavorWithoutDisk(_)
            | Self::UnknownLabels { .. }
            | Self::Missing { .. } => StatusCode::BAD_REQUEST,
        }
    }

    /// What a lookup's failure means.
    pub fn of_lookup(resource: Resource, name: &str, error: CloudError) -> Self {
        let name = crate::error::echo(name);
        match error.kind() {
            Kind::NotFound | Kind::Invalid => Self::Missing { resource, name },
            Kind::Conflict => Self::Ambiguous { resource, name },
            Kind::Denied => Self::Denied { resource, name },
            Kind::Unauthenticated => Self::Token { resource, name },
            Kind::Quota | Kind::Unavailable | Kind::Unreachable | Kind::Protocol => {
                Self::Cloud { resource, name, source: Box::new(error) }
            }
        }
    }
}

impl Resource {
    fn missing(self, name: &str) -> String {
        match self {
            Self::Image => format!("Image {name} could not be found."),
            Self::Flavor => format!("Unable to find flavor {name}."),
            Self::ExternalNetwork => format!("Unable to find external network {name}."),
            Self::FixedNetwork => format!("Unable to find fixed network {name}."),
            Self::FixedSubnet => format!("Unable to find fixed subnet {name}."),
            Self::Keypair => format!("Unable to find keypair {name}."),
        }
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Image => "image",
            Self::Flavor => "flavor",
            Self::ExternalNetwork | Self::FixedNetwork => "network",
            Self::FixedSubnet => "subnet",
            Self::Keypair => "keypair",
        })
    }
}

fn types(available: &[ClusterType]) -> String {
    match available {
        [] => "none: no driver is loaded".to_owned(),
        types => types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn names(labels: &[UnknownLabel]) -> String {
    labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
