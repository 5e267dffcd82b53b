//! What the operator decides about operations. Plain values: reading files is the daemon's work.

use std::collections::BTreeMap;
use std::time::Duration;

use jeroboam_cloud::Identity;
use jeroboam_model::driver::Platform;

use crate::discovery::DiscoveryEndpoint;
use crate::kill::KillSwitch;
use crate::metrics::ConductorMetrics;
use crate::recorder::RecordLimits;

/// How operations are done. The defaults are Magnum's where Magnum has the option.
#[derive(Clone, Debug)]
pub struct ConductorConfig {
    /// `[DEFAULT] host`: under this name the service is listed.
    pub host_name: String,
    /// `[conductor] workers`: how many clusters are worked on at once. One that waits for Heat does not count.
    pub workers: usize,
    /// How soon Heat is asked again at first.
    pub poll_min: Duration,
    /// How seldom Heat is asked at most.
    pub poll_max: Duration,
    /// How long after the first failure of a step it is tried again; later ones wait longer.
    pub retry_min: Duration,
    pub retry_max: Duration,
    /// `[cluster_heat] create_timeout`, in minutes: for clusters that have none of their own, and for resizing and deleting.
    pub create_timeout: u32,
    /// `[cluster] pre_delete_lb_timeout`: how long a driver may take to remove what the cluster made for itself.
    pub pre_delete_lb_timeout: Duration,
    /// `[kubernetes] health_polling_interval`; `None`: never.
    pub health_polling_interval: Option<Duration>,
    /// How many clusters are looked at at once.
    pub health_checks: usize,
    /// How often the service says that it lives.
    pub heartbeat_interval: Duration,
    /// How many operations of a cluster are kept once they are over.
    pub operations_kept: usize,
    /// For how long operations of a cluster that was deleted are kept.
    pub operations_kept_after_deletion: Duration,
    /// How much is kept of calls that are recorded.
    pub records: RecordLimits,
    /// For how long audit records are kept.
    pub audit_kept: Duration,
    /// How many audit records are kept at most.
    pub audit_records_kept: usize,
    /// Where operations are counted.
    pub metrics: ConductorMetrics,
    /// What drivers and nodes are told about the cloud.
    pub platform: Platform,
    pub trust: TrustConfig,
    /// The sections `[driver:<name>]`.
    pub driver_settings: BTreeMap<String, BTreeMap<String, String>>,
    /// `[cluster] etcd_discovery_service_endpoint_format`; `None`: this service keeps discoveries itself.
    pub discovery: Option<DiscoveryEndpoint>,
    /// Where tests end it.
    pub kill: KillSwitch,
}

/// `[trust]`.
#[derive(Clone, Debug, Default)]
pub struct TrustConfig {
    /// The administrator of the trustee domain: a password, with the domain as its scope. Without one no cluster can be made.
    pub domain_admin: Option<Identity>,
    /// `roles`: names of the roles that clusters get from their owners; empty: all that the owner has.
    pub roles: Vec<String>,
}

impl Default for ConductorConfig {
    fn default() -> Self {
        Self {
            host_name: "localhost".into(),
            workers: 32,
            poll_min: Duration::from_secs(1),
            poll_max: Duration::from_secs(10),
            retry_min: Duration::from_secs(1),
            retry_max: Duration::from_secs(60),
            create_timeout: 60,
            pre_delete_lb_timeout: Duration::from_secs(60),
            health_polling_interval: Some(Duration::from_secs(60)),
            health_checks: 16,
            heartbeat_interval: Duration::from_secs(60),
            operations_kept: 50,
            operations_kept_after_deletion: Duration::from_secs(7 * 24 * 3600),
            records: RecordLimits::default(),
            audit_kept: Duration::from_secs(90 * 24 * 3600),
            audit_records_kept: 50_000,
            metrics: ConductorMetrics::default(),
            platform: Platform::default(),
            trust: TrustConfig::default(),
            driver_settings: BTreeMap::new(),
            discovery: None,
            kill: KillSwitch::default(),
        }
    }
}
