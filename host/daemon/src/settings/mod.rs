//! What the options mean: closed types, checked against each other, before anything starts.

mod edge;
mod grants;
mod identities;
mod platform;
mod policy;
mod telemetry;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use jeroboam_api::UnknownLabels;
use jeroboam_certificates::Backend;
use jeroboam_cloud::{CloudConfig, Identity, Interface, Service, ServiceConfig, TlsConfig};
use jeroboam_conductor::{DiscoveryEndpoint, NoEndpoint, RecordLimits};
use jeroboam_model::KeyKind;
use jeroboam_plugins::{Grants, Limit};
use jeroboam_policy::PolicyOptions;
use jeroboam_rollout::{ErrorBudget, NewVersions, SelfTests};
use jeroboam_telemetry::traces::TracesConfig;
use url::Url;

use crate::{
    config::{ConfigError, Ini, options as o},
    logging::Format,
};
pub use edge::EdgeSettings;
pub use platform::PlatformSettings;
pub use policy::read as policy;
pub use telemetry::TelemetrySettings;

/// Everything that the wiring needs to know; the log is read apart, as [`Log`].
#[derive(Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    /// `None`: operators ask through the API only.
    pub operator_socket: Option<PathBuf>,
    pub host_name: String,
    pub shutdown_patience: Duration,
    pub store: StoreSettings,
    pub drivers: DriverSettings,
    pub cloud: CloudConfig,
    /// This service itself.
    pub service: Identity,
    /// Who makes and removes clusters' own users; absent: no trustee domain is configured.
    pub trustee_admin: Option<TrusteeAdmin>,
    pub platform: PlatformSettings,
    pub clusters: ClusterSettings,
    pub api: ApiSettings,
    pub edge: EdgeSettings,
    pub policy: PolicyOptions,
    pub telemetry: TelemetrySettings,
}

#[derive(Debug)]
pub struct Log {
    pub format: Format,
    pub debug: bool,
    pub file: Option<PathBuf>,
    /// `None`: no traces.
    pub traces: Option<TracesConfig>,
}

#[derive(Debug)]
pub struct StoreSettings {
    pub path: PathBuf,
    pub key_file: PathBuf,
}

#[derive(Debug)]
pub struct DriverSettings {
    pub directory: PathBuf,
    pub cache: PathBuf,
    pub disabled: Vec<String>,
    pub preferred: Vec<String>,
    pub grants: Grants,
    pub new_versions: NewVersions,
    pub self_test: SelfTests,
    pub error_budget: ErrorBudget,
    pub cpu: Duration,
    pub wall: Duration,
    pub memory: usize,
    pub records: RecordLimits,
    pub report_only: BTreeSet<Limit>,
    /// `[driver:<name>]` sections.
    pub own: BTreeMap<String, BTreeMap<String, String>>,
}

/// The administrator of the domain of clusters' own users.
#[derive(Debug)]
pub struct TrusteeAdmin {
    /// By id or by name, as configured.
    pub domain: jeroboam_cloud::DomainRef,
    pub identity: Identity,
    /// Empty: all those of the requester.
    pub roles: Vec<String>,
}

/// How clusters are worked on.
#[derive(Debug)]
pub struct ClusterSettings {
    pub workers: usize,
    pub poll_min: Duration,
    pub poll_max: Duration,
    pub operations_kept: usize,
    pub operations_kept_after_deletion: Duration,
    /// Minutes.
    pub create_timeout: u32,
    pub pre_delete_timeout: Duration,
    /// `None`: never.
    pub health_interval: Option<Duration>,
    /// `None`: this service keeps discoveries itself.
    pub discovery: Option<DiscoveryEndpoint>,
    pub key_kind: KeyKind,
    /// Where private keys go.
    pub key_backend: Backend,
    pub validity_days: u32,
}

#[derive(Debug)]
pub struct ApiSettings {
    pub max_limit: usize,
    pub www_authenticate_uri: String,
    pub token_cache_time: Duration,
    pub lookup_cache_time: Duration,
    pub max_clusters: u32,
    /// `None`: whatever the COE supports.
    pub allowed_network_drivers: Option<Vec<String>>,
    pub default_network_driver: String,
    pub service_down_time: Duration,
    pub default_driver: Option<String>,
    pub unknown_labels: UnknownLabels,
}

impl Settings {
    pub fn read(ini: &Ini) -> Result<Self, ConfigError> {
        let cloud = cloud(ini)?;
        Ok(Self {
            listen: SocketAddr::new(o::API_HOST.get(ini)?, o::API_PORT.get(ini)?),
            operator_socket: o::OPERATOR_SOCKET.find(ini)?.map(|_| path(ini, &o::OPERATOR_SOCKET)).transpose()?,
            host_name: o::HOST.find(ini)?.unwrap_or_else(host_name),
            shutdown_patience: Duration::from_secs(o::GRACEFUL_SHUTDOWN_TIMEOUT.get(ini)?.into()),
            store: StoreSettings { path: path(ini, &o::STORE_PATH)?, key_file: path(ini, &o::STORE_KEY_FILE)? },
            drivers: drivers(ini)?,
            service: identities::service(ini)?,
            trustee_admin: identities::trustee_admin(ini)?,
            platform: PlatformSettings::read(ini)?,
            clusters: clusters(ini)?,
            api: api(ini, &cloud)?,
            edge: EdgeSettings::read(ini)?,
            policy: policy::read(ini)?,
            telemetry: TelemetrySettings::read(ini)?,
            cloud,
        })
    }
}

impl Log {
    /// Apart from the rest, because it has to be known before anything can be said.
    pub fn read(ini: &Ini) -> Result<Self, ConfigError> {
        let format = o::LOG_FORMAT.get(ini)?;
        let file = match (o::LOG_FILE.find(ini)?, o::LOG_DIR.find(ini)?) {
            (Some(file), Some(directory)) => Some(directory.join(file)),
            (Some(file), None) => Some(PathBuf::from(file)),
            (None, Some(directory)) => Some(directory.join("jeroboam.log")),
            (None, None) => None,
        };
        Ok(Self {
            format: Format::parse(&format).ok_or_else(|| wrong(&o::LOG_FORMAT, "expected oslo or json"))?,
            debug: o::DEBUG.get(ini)?,
            file,
            traces: telemetry::traces(ini)?,
        })
    }
}

fn drivers(ini: &Ini) -> Result<DriverSettings, ConfigError> {
    let own = ini
        .sections()
        .filter_map(|section| {
            let name = section.strip_prefix("driver:")?;
            Some((name.to_owned(), ini.section(section).map(|(k, v)| (k.to_owned(), v)).collect()))
        })
        .collect();
    Ok(DriverSettings {
        directory: path(ini, &o::DRIVERS_DIRECTORY)?,
        cache: path(ini, &o::DRIVERS_CACHE)?,
        disabled: o::DISABLED_DRIVERS.find(ini)?.unwrap_or_default(),
        preferred: o::PREFERRED_DRIVERS.find(ini)?.unwrap_or_default(),
        grants: grants::read(&o::DRIVER_GRANTS.find(ini)?.unwrap_or_default())?,
        new_versions: match o::NEW_VERSIONS.get(ini)?.as_str() {
            "check" => NewVersions::Check,
            "activate" => NewVersions::Activate,
            _ => return Err(wrong(&o::NEW_VERSIONS, "expected check or activate")),
        },
        self_test: match o::SELF_TEST.get(ini)?.as_str() {
            "enforce" => SelfTests::Enforce,
            "report" => SelfTests::Report,
            _ => return Err(wrong(&o::SELF_TEST, "expected enforce or report")),
        },
        error_budget: ErrorBudget {
            percent: o::ERROR_BUDGET_PERCENT.get(ini)?,
            window: Duration::from_secs(o::ERROR_BUDGET_WINDOW.get(ini)?),
            calls: o::ERROR_BUDGET_CALLS.get(ini)?,
        },
        cpu: Duration::from_millis(o::CPU_LIMIT.get(ini)?),
        wall: Duration::from_millis(o::WALL_LIMIT.get(ini)?),
        memory: usize::try_from(o::MEMORY_LIMIT.get(ini)?)
            .ok()
            .and_then(|mib| mib.checked_mul(1 << 20))
            .ok_or_else(|| wrong(&o::MEMORY_LIMIT, "a number of MiB that fits into memory"))?,
        records: RecordLimits {
            bytes: o::RECORD_SIZE.get(ini)?.saturating_mul(1 << 10),
            kept: o::RECORDS_KEPT.get(ini)?,
            kept_for: Duration::from_secs(o::RECORDS_KEPT_DAYS.get(ini)?.saturating_mul(24 * 3600)),
        },
        report_only: o::REPORT_ONLY
            .find(ini)?
            .unwrap_or_default()
            .iter()
            .map(|name| Limit::parse(name).map_err(|error| wrong(&o::REPORT_ONLY, &error.to_string())))
            .collect::<Result<_, _>>()?,
        own,
    })
}

fn cloud(ini: &Ini) -> Result<CloudConfig, ConfigError> {
    let mut config = CloudConfig::new(auth_url(ini)?);
    config.region = o::TOKEN_REGION.find(ini)?;
    config.interface = interface(&o::TOKEN_INTERFACE, &o::TOKEN_INTERFACE.get(ini)?)?;
    config.tls = TlsConfig {
        ca_file: o::AUTH_CAFILE.find(ini)?.or(o::TOKEN_CAFILE.find(ini)?),
        insecure: o::AUTH_INSECURE.get(ini)? || o::TOKEN_INSECURE.get(ini)?,
        ..TlsConfig::default()
    };
    for (service, section) in CLIENTS {
        let given = |name: &str| ini.get(section, name).filter(|value| !value.is_empty());
        let problem =
            |name: &'static str, problem: &str| ConfigError::Inconsistent { section, name, problem: problem.to_owned() };
        let interface = given("endpoint_type")
            .map(|text| {
                Interface::parse(&text).ok_or_else(|| problem("endpoint_type", "expected publicURL, internalURL or adminURL"))
            })
            .transpose()?;
        let endpoint_override = given("endpoint_override")
            .map(|text| Url::parse(&text).map_err(|_| problem("endpoint_override", "expected a URL")))
            .transpose()?;
        let own = ServiceConfig { interface, region: given("region_name"), endpoint_override, tls: None };
        config.services.insert(*service, own);
    }
    // This process reaches Keystone at auth_url, and itself not at all: of these two only nodes are told the catalogue's addresses.
    for (service, region) in [(Service::Keystone, &o::TRUSTEE_REGION), (Service::Magnum, &o::MAGNUM_REGION)] {
        config.services.insert(service, ServiceConfig { region: region.find(ini)?, ..ServiceConfig::default() });
    }
    Ok(config)
}

const CLIENTS: &[(Service, &str)] = &[
    (Service::Heat, "heat_client"),
    (Service::Nova, "nova_client"),
    (Service::Neutron, "neutron_client"),
    (Service::Glance, "glance_client"),
    (Service::Cinder, "cinder_client"),
    (Service::Octavia, "octavia_client"),
    (Service::Barbican, "barbican_client"),
];

fn auth_url(ini: &Ini) -> Result<Url, ConfigError> {
    let text = o::AUTH_URL
        .find(ini)?
        .or(o::TOKEN_AUTH_URL.find(ini)?)
        .or(o::WWW_AUTHENTICATE_URI.find(ini)?)
        .ok_or_else(|| wrong(&o::AUTH_URL, "the address of Keystone is needed here or in [keystone_authtoken]"))?;
    Url::parse(&text).map_err(|_| wrong(&o::AUTH_URL, "expected a URL such as http://controller:5000/v3"))
}

fn clusters(ini: &Ini) -> Result<ClusterSettings, ConfigError> {
    let key_kind = match o::KEY_KIND.get(ini)?.as_str() {
        "ecdsa-p256" => KeyKind::EcdsaP256,
        "rsa-2048" => KeyKind::Rsa2048,
        _ => return Err(wrong(&o::KEY_KIND, "expected ecdsa-p256 or rsa-2048")),
    };
    let key_backend = match o::CERT_MANAGER_TYPE.get(ini)?.as_str() {
        "barbican" => Backend::Barbican,
        "x509keypair" | "local" => Backend::Store,
        _ => return Err(wrong(&o::CERT_MANAGER_TYPE, "expected barbican, x509keypair or local")),
    };
    let (poll_min, poll_max) = (seconds(ini, &o::POLL_MIN)?, seconds(ini, &o::POLL_MAX)?);
    if poll_min > poll_max {
        return Err(wrong(&o::POLL_MIN, "more than poll_max"));
    }
    Ok(ClusterSettings {
        workers: o::WORKERS.get(ini)?.max(1),
        poll_min,
        poll_max,
        operations_kept: o::OPERATIONS_KEPT.get(ini)?,
        operations_kept_after_deletion: Duration::from_secs(o::OPERATIONS_KEPT_DAYS.get(ini)?.saturating_mul(24 * 3600)),
        create_timeout: o::CREATE_TIMEOUT.get(ini)?,
        pre_delete_timeout: Duration::from_secs(o::PRE_DELETE_LB_TIMEOUT.get(ini)?),
        health_interval: u64::try_from(o::HEALTH_INTERVAL.get(ini)?).ok().map(Duration::from_secs),
        discovery: o::DISCOVERY_ENDPOINT
            .find(ini)?
            .map(|text| text.parse())
            .transpose()
            .map_err(|error: NoEndpoint| wrong(&o::DISCOVERY_ENDPOINT, &error.to_string()))?,
        key_kind,
        key_backend,
        validity_days: o::TERM_OF_VALIDITY.get(ini)?,
    })
}

fn api(ini: &Ini, cloud: &CloudConfig) -> Result<ApiSettings, ConfigError> {
    Ok(ApiSettings {
        max_limit: o::MAX_LIMIT.get(ini)?.max(1),
        www_authenticate_uri: o::WWW_AUTHENTICATE_URI.find(ini)?.unwrap_or_else(|| cloud.auth_url.to_string()),
        token_cache_time: Duration::from_secs(o::TOKEN_CACHE_TIME.get(ini)?),
        lookup_cache_time: Duration::from_secs(o::LOOKUP_CACHE_TIME.get(ini)?),
        max_clusters: o::MAX_CLUSTERS.get(ini)?,
        allowed_network_drivers: o::ALLOWED_NETWORK_DRIVERS.find(ini)?.filter(|names| !names.iter().any(|name| name == "all")),
        default_network_driver: o::DEFAULT_NETWORK_DRIVER.get(ini)?,
        service_down_time: Duration::from_secs(o::SERVICE_DOWN_TIME.get(ini)?.into()),
        default_driver: o::DEFAULT_DRIVER.find(ini)?,
        unknown_labels: match o::UNKNOWN_LABELS.get(ini)?.as_str() {
            "warn" => UnknownLabels::Warn,
            "refuse" => UnknownLabels::Refuse,
            _ => return Err(wrong(&o::UNKNOWN_LABELS, "expected warn or refuse")),
        },
    })
}

fn interface(option: &o::Opt<String>, text: &str) -> Result<Interface, ConfigError> {
    Interface::parse(text).ok_or_else(|| wrong(option, "expected public, internal or admin"))
}

fn seconds(ini: &Ini, option: &o::Opt<f64>) -> Result<Duration, ConfigError> {
    Duration::try_from_secs_f64(option.get(ini)?).map_err(|_| wrong(option, "expected a number of seconds that is not negative"))
}

/// Paths refer to `$state_path`, whose default the files need not hold.
pub fn path(ini: &Ini, option: &o::Opt<PathBuf>) -> Result<PathBuf, ConfigError> {
    let given = option.get(ini)?;
    match given.strip_prefix("$state_path") {
        Ok(rest) => Ok(o::STATE_PATH.get(ini)?.join(rest)),
        Err(_) => Ok(given),
    }
}

fn wrong<T>(option: &o::Opt<T>, problem: &str) -> ConfigError {
    ConfigError::Inconsistent { section: option.about.section, name: option.about.name, problem: problem.to_owned() }
}

fn host_name() -> String {
    std::fs::read_to_string(Path::new("/proc/sys/kernel/hostname"))
        .map_or_else(|_| "localhost".to_owned(), |name| name.trim().to_owned())
}
