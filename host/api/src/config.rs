//! What an operator decides about the API.

use std::collections::BTreeMap;
use std::time::Duration;

use jeroboam_conductor::sources::OperatorSettings;
use jeroboam_model::Coe;
use jeroboam_policy::Policy;

use crate::edge::{Cors, HealthcheckConfig, LimitsConfig};
use crate::metrics::ApiMetrics;

/// Options, with Magnum's names and defaults where Magnum has them.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    /// `[api] max_limit`: the most items of a page.
    pub max_limit: usize,
    /// `[oslo_middleware] max_request_body_size`, in bytes.
    pub max_request_body_size: usize,
    /// The largest component that is taken as a version of a driver, in bytes.
    pub max_component_size: usize,
    /// `[oslo_middleware] enable_proxy_headers_parsing`: whether links and the access log follow `Forwarded` and `X-Forwarded-*`.
    pub enable_proxy_headers_parsing: bool,
    /// `[keystone_authtoken] www_authenticate_uri`: where clients are told to get a token.
    pub www_authenticate_uri: String,
    /// `[keystone_authtoken] token_cache_time`: for how long a revoked token may still work.
    pub token_cache_time: Duration,
    /// `[jeroboam] lookup_cache_time`: for how long an image, a flavor, a network or a keypair that a token has found counts as found.
    pub lookup_cache_time: Duration,
    /// `[quotas] max_clusters_per_project`, for projects without a quota of their own.
    pub max_clusters_per_project: u32,
    /// `[trust] trustee_domain_id`: the clusters' own users are in it, and may not touch clusters.
    pub trustee_domain_id: Option<String>,
    /// `[drivers] default_driver`, for templates that name none.
    pub default_driver: Option<String>,
    /// `[drivers] unknown_labels`: what becomes of labels that the driver does not read.
    pub unknown_labels: UnknownLabels,
    /// `[cluster_template] *_allowed_network_drivers` and `*_default_network_driver`.
    pub network_drivers: BTreeMap<Coe, NetworkDrivers>,
    /// `[cinder] default_boot_volume_size`, in GB; 0: nodes boot from the flavor's disk.
    pub default_boot_volume_size: u32,
    /// `[DEFAULT] service_down_time`: without a heartbeat for so long, a conductor counts as down.
    pub service_down_time: Duration,
    /// `[healthcheck]`: what load balancers are told.
    pub healthcheck: HealthcheckConfig,
    /// `[cors]`: which web pages may call the API from a browser.
    pub cors: Cors,
    /// How much is taken at a time.
    pub limits: LimitsConfig,
    /// Whether each request has a line in the log.
    pub access_log: bool,
    /// What drivers are told of the cloud and of their own options when they look at a request.
    pub driver_settings: OperatorSettings,
    /// Who may do what.
    pub policy: Policy,
    /// Where requests are counted.
    pub metrics: ApiMetrics,
}

/// What becomes of a request with a label that the driver does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownLabels {
    /// It is accepted, and the answer warns of the label.
    Warn,
    /// It is answered with 400.
    Refuse,
}

/// Which network drivers the operator wants clusters of one engine to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkDrivers {
    /// `None`: `all`, whatever the engine supports.
    pub allowed: Option<Vec<String>>,
    /// For templates that name none.
    pub default: String,
}

impl Default for ApiConfig {
    fn default() -> Self {
        let docker = NetworkDrivers { allowed: None, default: "docker".to_owned() };
        let names = ["flannel", "calico", "cilium"].map(str::to_owned);
        let kubernetes = NetworkDrivers { allowed: Some(names.into()), default: "flannel".to_owned() };
        Self {
            max_limit: 1000,
            max_request_body_size: 114_688,
            max_component_size: 64 << 20,
            enable_proxy_headers_parsing: false,
            www_authenticate_uri: String::new(),
            token_cache_time: Duration::from_secs(300),
            lookup_cache_time: Duration::from_secs(2),
            max_clusters_per_project: 20,
            trustee_domain_id: None,
            default_driver: None,
            unknown_labels: UnknownLabels::Warn,
            network_drivers: BTreeMap::from([
                (Coe::Kubernetes, kubernetes),
                (Coe::SwarmMode, docker.clone()),
                (Coe::Swarm, docker.clone()),
                (Coe::Mesos, docker),
            ]),
            default_boot_volume_size: 0,
            service_down_time: Duration::from_secs(180),
            healthcheck: HealthcheckConfig::default(),
            cors: Cors::default(),
            limits: LimitsConfig::default(),
            access_log: false,
            driver_settings: OperatorSettings::default(),
            policy: Policy::default(),
            metrics: ApiMetrics::default(),
        }
    }
}
