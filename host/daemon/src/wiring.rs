//! Puts the crates together, bottom up, and takes them apart again.

use std::{borrow::Cow, fs, net::SocketAddr, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use jeroboam_api::{ApiConfig, ApiParts, NetworkDrivers};
use jeroboam_certificates::{Backend, Certificates, CertificatesConfig};
use jeroboam_cloud::{Cloud, CloudConfig, DomainRef, Interface, Service, Session, keystone::TokenScope};
use jeroboam_conductor::{Conductor, ConductorConfig, ConductorParts, Recorder, TrustConfig, sources::OperatorSettings};
use jeroboam_model::{Coe, driver::Platform};
use jeroboam_planner::Planner;
use jeroboam_plugins::{Bundled, DriverMetrics, Host, Limits, Plugins, PluginsConfig};
use jeroboam_policy::{Policy, watch};
use jeroboam_rollout::{FleetPlans, NewVersions, RolloutConfig, RolloutParts, Rollouts};
use jeroboam_store::{Store, StoreConfig, StoreMetrics, Vault};

use tokio::task::AbortHandle;

use crate::{
    bundled,
    metrics::{Metrics, MetricsServer},
    settings::{DriverSettings, PlatformSettings, Settings, StoreSettings},
};

/// Pauses between tries to reach Keystone at start.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// A daemon at work.
pub struct Daemon {
    conductor: Conductor,
    rollouts: Rollouts,
    router: axum::Router,
    metrics: Option<MetricsServer>,
    /// Who looks after the policy's files.
    policies: AbortHandle,
}

impl Daemon {
    /// Opens the store, loads the drivers, reads the catalogue, resumes what was under way. Waits for Keystone as long as it takes: nobody could be answered
    /// without it.
    pub async fn start(settings: Settings) -> Result<Self> {
        let metrics = Metrics::default();
        let policy = Policy::start(settings.policy.clone(), metrics.policy.clone()).context("the policy; see [oslo_policy]")?;
        let (store, vault) = open_counted_store(&settings.store, metrics.store.clone())?;
        store.check_vault(&vault).await.context("see [store] key_file")?;
        // Scraped from the start: what holds it up may be Keystone.
        let scraped = match settings.telemetry.metrics_listen {
            Some(listen) => Some(MetricsServer::start(listen, &metrics).await?),
            None => None,
        };
        let cloud = Cloud::new(CloudConfig { metrics: metrics.cloud.clone(), ..settings.cloud.clone() })?;
        let service = cloud.session(settings.service.clone());
        let plans = FleetPlans::new(Planner::new(store.clone()));
        let (rollouts, seen) = tokio::join!(
            start_rollouts(&store, &settings.drivers, metrics.drivers.clone(), &plans),
            see(&cloud, &service, &settings)
        );
        let (rollouts, Seen { platform, trustee_domain_id }) = (rollouts?, seen);
        check_barbican(&service, settings.clusters.key_backend).await;
        let certificates = Certificates::new(
            store.clone(),
            vault.clone(),
            CertificatesConfig {
                validity_days: settings.clusters.validity_days,
                key_kind: settings.clusters.key_kind,
                backend: settings.clusters.key_backend,
            },
        )
        .with_barbican(&service);
        let conductor = Conductor::start(ConductorParts {
            store: store.clone(),
            vault,
            cloud: cloud.clone(),
            plugins: rollouts.clone(),
            certificates: certificates.clone(),
            config: ConductorConfig { metrics: metrics.conductor, ..conductor_config(&settings, platform.clone()) },
        });
        plans.set_preview(Arc::new(conductor.previews()));
        let router = jeroboam_api::router(ApiParts {
            store,
            cloud,
            service: settings.service.clone(),
            rollouts: rollouts.clone(),
            planner: plans.planner().clone(),
            intake: conductor.intake(),
            certificates,
            config: ApiConfig {
                metrics: metrics.api,
                policy: policy.clone(),
                ..api_config(&settings, platform, trustee_domain_id)
            },
        });
        let policies = tokio::spawn(watch::watch(policy, watch::PACE)).abort_handle();
        Ok(Self { conductor, rollouts, router, metrics: scraped, policies })
    }

    /// Keeps calls of drivers.
    pub fn recorder(&self) -> Recorder {
        self.conductor.intake().recorder().clone()
    }

    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Where metrics are, if they are served.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|metrics| metrics.address)
    }

    /// `name version` of those that serve.
    pub fn driver_names(&self) -> Vec<String> {
        self.rollouts.active().iter().map(|driver| format!("{} {}", driver.name(), driver.version())).collect()
    }

    /// Begins nothing more, and gives what is under way until `patience` is over; the rest is gone on with at the next start.
    pub async fn end(self, patience: Duration) {
        self.policies.abort();
        self.conductor.drain(patience).await;
        if let Some(metrics) = self.metrics {
            metrics.end().await;
        }
    }
}

/// Opens what the configuration names, and makes its folder if there is none.
pub fn open_store(settings: &StoreSettings) -> Result<(Store, Vault)> {
    open_counted_store(settings, StoreMetrics::default())
}

fn open_counted_store(settings: &StoreSettings, metrics: StoreMetrics) -> Result<(Store, Vault)> {
    for path in [&settings.path, &settings.key_file] {
        private_folder(path.parent().unwrap_or(path))?;
    }
    let store = Store::open(StoreConfig { path: settings.path.clone(), metrics, ..StoreConfig::default() })
        .context("see [store] path")?;
    let vault = Vault::open_or_create(&settings.key_file).context("see [store] key_file")?;
    Ok((store, vault))
}

fn private_folder(path: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("making the folder {}; see [DEFAULT] state_path", path.display()))
}

/// The drivers in the binary, and nothing else.
pub async fn bundled_drivers() -> Result<Plugins> {
    Ok(Plugins::start(PluginsConfig { bundled: components(), ..PluginsConfig::default() }).await?)
}

/// Those that the configuration asks for.
pub async fn load_drivers(settings: &DriverSettings) -> Result<Plugins> {
    private_folder(&settings.cache)?;
    let config = PluginsConfig {
        bundled: components(),
        cache_dir: Some(settings.cache.clone()),
        drivers_dir: settings.directory.is_dir().then(|| settings.directory.clone()),
        disabled: settings.disabled.clone(),
        preferred: settings.preferred.clone(),
        grants: settings.grants.clone(),
        limits: limits(settings),
        metrics: DriverMetrics::default(),
    };
    Ok(Plugins::start(config).await?)
}

/// Versions of drivers as the store has them, with what is new in the binary and in the directory.
async fn start_rollouts(
    store: &Store,
    settings: &DriverSettings,
    metrics: DriverMetrics,
    plans: &FleetPlans,
) -> Result<Rollouts> {
    private_folder(&settings.cache)?;
    let rollouts = Rollouts::start(RolloutParts {
        store: store.clone(),
        plugins: Host::counting(Some(&settings.cache), limits(settings), metrics)?,
        bundled: components(),
        planner: Some(Arc::new(plans.clone())),
        config: RolloutConfig {
            drivers_dir: Some(settings.directory.clone()),
            new_versions: settings.new_versions,
            self_test: settings.self_test,
            grants: settings.grants.clone(),
            disabled: settings.disabled.clone(),
            preferred: settings.preferred.clone(),
            error_budget: settings.error_budget,
        },
    })
    .await?;
    if settings.new_versions == NewVersions::Activate {
        // What is to serve without being asked for serves from the first request on.
        rollouts.settled().await;
    }
    for driver in rollouts.active() {
        tracing::info!(driver = driver.name(), version = driver.version(), digest = %driver.digest(), "driver loaded");
    }
    Ok(rollouts)
}

fn limits(settings: &DriverSettings) -> Limits {
    Limits {
        cpu: settings.cpu,
        wall: settings.wall,
        memory: settings.memory,
        report_only: settings.report_only.clone(),
        ..Limits::default()
    }
}

fn components() -> Vec<Bundled> {
    let bundled = |(name, bytes): &(&str, &'static [u8])| Bundled { file_name: (*name).to_owned(), bytes: Cow::Borrowed(*bytes) };
    bundled::COMPONENTS.iter().map(bundled).collect()
}

/// An operator learns at the start, and not from the first cluster, that there is no place for its keys.
async fn check_barbican(service: &Session, backend: Backend) {
    if backend == Backend::Barbican && matches!(service.has_service(Service::Barbican).await, Ok(false)) {
        tracing::error!(
            "[certificates] cert_manager_type is barbican, and Keystone's catalogue has no key-manager in this region: no cluster can be made; see [barbican_client]"
        );
    }
}

/// What only Keystone knows.
struct Seen {
    platform: Platform,
    trustee_domain_id: Option<String>,
}

/// Asks until Keystone answers.
async fn see(cloud: &Cloud, service: &Session, settings: &Settings) -> Seen {
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match look(cloud, service, settings).await {
            Ok(seen) => return seen,
            Err(error) => error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "),
        };
        tracing::warn!(error, pause = pause.as_secs_f64(), "cannot read Keystone's catalogue: trying again; see [keystone_auth]");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn look(cloud: &Cloud, service: &Session, settings: &Settings) -> Result<Seen> {
    let trustee_domain_id = match settings.trustee_admin.as_ref().map(|admin| (&admin.domain, &admin.identity)) {
        None => None,
        Some((DomainRef::Id(id), _)) => Some(id.clone()),
        // The service itself need not be allowed to look at domains; the administrator's own token names it.
        Some((DomainRef::Name(_), identity)) => match cloud.session(identity.clone()).token_info().await?.scope {
            TokenScope::Domain(domain) => Some(domain.id),
            _ => None,
        },
    };
    Ok(Seen { platform: platform(service, &settings.platform).await?, trustee_domain_id })
}

/// What nodes are told about the cloud: the configuration's half, and the catalogue's.
async fn platform(service: &Session, settings: &PlatformSettings) -> Result<Platform> {
    let identity_url = endpoint(service, Service::Keystone, settings.identity_interface, "v3").await?;
    let container_infra_url = endpoint(service, Service::Magnum, settings.container_infra_interface, "v1").await?;
    let region = match &settings.region {
        Some(region) => region.clone(),
        None => service.keystone().list_regions().await?.into_iter().next().map(|region| region.id).unwrap_or_default(),
    };
    Ok(Platform {
        identity_url,
        container_infra_url,
        region,
        load_balancers: service.has_service(Service::Octavia).await?,
        verify_ca: settings.verify_ca,
        openstack_ca: settings.openstack_ca.clone(),
        cluster_user_trust: settings.cluster_user_trust,
        affinity_policy: settings.affinity_policy.clone(),
        docker_volume_type: settings.docker_volume_type.clone(),
        etcd_volume_type: settings.etcd_volume_type.clone(),
        boot_volume_type: settings.boot_volume_type.clone(),
        boot_volume_size: settings.boot_volume_size,
    })
}

/// The catalogue's address, with the version that nodes expect at its end.
async fn endpoint(service: &Session, of: Service, interface: Interface, version: &str) -> Result<String> {
    let url = service.endpoint(of, interface).await?;
    let text = url.as_str().trim_end_matches('/');
    Ok(if text.ends_with(&format!("/{version}")) { text.to_owned() } else { format!("{text}/{version}") })
}

fn conductor_config(settings: &Settings, platform: Platform) -> ConductorConfig {
    let clusters = &settings.clusters;
    let trustee = settings.trustee_admin.as_ref();
    ConductorConfig {
        host_name: settings.host_name.clone(),
        workers: clusters.workers,
        poll_min: clusters.poll_min,
        poll_max: clusters.poll_max,
        operations_kept: clusters.operations_kept,
        operations_kept_after_deletion: clusters.operations_kept_after_deletion,
        audit_kept: settings.telemetry.audit_kept,
        audit_records_kept: settings.telemetry.audit_records_kept,
        create_timeout: clusters.create_timeout,
        pre_delete_lb_timeout: clusters.pre_delete_timeout,
        health_polling_interval: clusters.health_interval,
        records: settings.drivers.records,
        platform,
        trust: TrustConfig {
            domain_admin: trustee.map(|admin| admin.identity.clone()),
            roles: trustee.map(|admin| admin.roles.clone()).unwrap_or_default(),
        },
        driver_settings: settings.drivers.own.clone(),
        discovery: clusters.discovery.clone(),
        ..ConductorConfig::default()
    }
}

fn api_config(settings: &Settings, platform: Platform, trustee_domain_id: Option<String>) -> ApiConfig {
    let (api, edge) = (&settings.api, &settings.edge);
    let kubernetes = NetworkDrivers { allowed: api.allowed_network_drivers.clone(), default: api.default_network_driver.clone() };
    let mut config = ApiConfig {
        max_limit: api.max_limit,
        max_request_body_size: edge.max_body,
        enable_proxy_headers_parsing: edge.proxy_headers,
        www_authenticate_uri: api.www_authenticate_uri.clone(),
        token_cache_time: api.token_cache_time,
        lookup_cache_time: api.lookup_cache_time,
        max_clusters_per_project: api.max_clusters,
        trustee_domain_id,
        default_driver: api.default_driver.clone(),
        unknown_labels: api.unknown_labels,
        default_boot_volume_size: platform.boot_volume_size,
        service_down_time: api.service_down_time,
        healthcheck: edge.healthcheck.clone(),
        cors: edge.cors.clone(),
        limits: edge.limits,
        access_log: edge.access_log,
        driver_settings: OperatorSettings::new(platform, settings.drivers.own.clone()),
        ..ApiConfig::default()
    };
    config.network_drivers.insert(Coe::Kubernetes, kubernetes);
    config
}
