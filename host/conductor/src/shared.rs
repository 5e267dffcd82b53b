//! What every operation, reconciler and source works with.

use std::sync::Arc;

use jeroboam_certificates::Certificates;
use jeroboam_cloud::{Cloud, Session};
use jeroboam_model::{Cluster, ClusterId, Fault, OperationId, RequestId, Secret, Trustee, X509KeyPairId};
use jeroboam_rollout::ResolveError;
use jeroboam_store::{Store, Vault, VaultError};

use crate::config::ConductorConfig;
use crate::drivers::{Driver, Drivers};
use crate::policy::{Backoff, Failure};
use crate::recorder::Recorder;
use crate::sources::OperatorSettings;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Parts>);

pub(crate) struct Parts {
    pub store: Store,
    pub vault: Vault,
    pub cloud: Cloud,
    pub drivers: Arc<dyn Drivers>,
    pub certificates: Certificates,
    pub config: ConductorConfig,
    pub settings: OperatorSettings,
    pub recorder: Recorder,
}

impl Shared {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The version of its driver that the cluster is on.
    pub async fn driver_of(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, Failure> {
        self.drivers.for_cluster(cluster).await.map_err(|error| not_loaded(cluster, &error))
    }

    /// The version that an upgrade brings the cluster to.
    pub async fn next_driver_of(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, Failure> {
        self.drivers.for_upgrade(cluster).await.map_err(|error| not_loaded(cluster, &error))
    }

    pub fn backoff(&self) -> Backoff {
        Backoff { min: self.config.retry_min, max: self.config.retry_max }
    }

    /// The administrator of the trustee domain.
    pub fn domain_admin(&self, request_id: &RequestId) -> Result<Session, Failure> {
        let identity = self.config.trust.domain_admin.clone().ok_or_else(|| {
            Failure::lasting(Fault::Host, "There is no administrator of a trustee domain")
                .advise("Set trustee_domain_name, trustee_domain_admin_name and trustee_domain_admin_password in [trust].")
        })?;
        Ok(self.cloud.session(identity).with_request_id(request_id.as_str()))
    }

    pub fn trustee_password(&self, cluster: ClusterId, trustee: &Trustee) -> Result<Secret, VaultError> {
        self.vault.open(&password_place(cluster), &trustee.password)
    }
}

fn not_loaded(cluster: &Cluster, error: &ResolveError) -> Failure {
    Failure::lasting(Fault::Host, format!("The driver '{}' is not loaded: {error}", cluster.driver))
        .advise(format!("See `driver show {}` for why, and put the version back; then try again.", cluster.driver))
}

/// Where a cluster's trustee's password is kept: what is sealed for one place opens at no other.
pub(crate) fn password_place(cluster: ClusterId) -> String {
    format!("cluster/{cluster}/trustee-password")
}

/// Where a requester's token is kept.
pub(crate) fn token_place(operation: OperationId) -> String {
    format!("operation/{operation}/token")
}

/// Where the private key of a pair is kept that a client deposited.
pub(crate) fn deposited_key_place(pair: X509KeyPairId) -> String {
    format!("x509keypair/{pair}/private-key")
}

impl std::ops::Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
