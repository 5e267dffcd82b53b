//! What a stack is to be: asked of the driver, or planned by it before; with the secrets that it names.

use jeroboam_cloud::Session;
use jeroboam_cloud::heat::StackRequest;
use jeroboam_model::driver::{SecretName, SecretValues, StackDefinition, StackScope};
use jeroboam_model::{Authority, Cluster, Fault, OperationKind, RequestId, Secret};
use jeroboam_plugins::{Defined, RecordedRead};
use jeroboam_store::Recording;

use crate::drivers::Driver;
use crate::error::StepError;
use crate::now::now;
use crate::operations;
use crate::policy::Failure;
use crate::secrets;
use crate::shared::Shared;
use crate::sources;
use crate::steps::target;
use crate::work::Work;

/// What Heat is to be asked, and what is kept of it.
pub(super) struct Desired {
    pub request: StackRequest,
    pub recording: Recording,
}

pub(super) async fn desired(work: &Work, scope: StackScope, session: Session) -> Result<Desired, StepError> {
    let driver = work.shared.driver_of(&work.cluster).await?;
    let view = work.view()?;
    let recording = match &work.operation.kind {
        OperationKind::Upgrade { done, .. } => planned(work, &*driver, *done).await?,
        _ => {
            let context = sources::recalling(work, &view, session, recalled(work, scope).await?, Vec::new()).await;
            let Defined { definition, reads } = driver.define_stack(&view, scope, context).await?;
            recording(work, &*driver, scope, definition, as_json(&reads)?)
        }
    };
    let values = values(&work.shared, &work.cluster, work.operation.requester.onward_id(), &recording.definition).await?;
    let mut request = secrets::fill(recording.definition.clone(), &values)?;
    request.timeout_mins = Some(operations::timeout_minutes(&work.cluster, &work.shared.config));
    request.tags = vec![target::tag(work.cluster.uuid)];
    Ok(Desired { request, recording })
}

/// What was answered when the stack was last defined.
pub(super) async fn recalled(work: &Work, scope: StackScope) -> Result<Vec<RecordedRead>, StepError> {
    let recording = work.shared.store.recordings().of_scope(work.cluster.uuid, scope).await?;
    let damaged = |error| Failure::lasting(Fault::Host, format!("What was read for the stack cannot be read again: {error}"));
    Ok(recording.map(|recording| serde_json::from_value(recording.value.reads).map_err(damaged)).transpose()?.unwrap_or_default())
}

pub(super) fn as_json(reads: &[RecordedRead]) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(reads)
        .map_err(|error| Failure::lasting(Fault::Host, format!("The driver's reads cannot be recorded: {error}")))
}

/// A step of the plan that the upgrade has written down.
async fn planned(work: &Work, driver: &dyn Driver, number: u32) -> Result<Recording, StepError> {
    let step = work.shared.store.plans().step(work.cluster.uuid, number).await?;
    let step = step.ok_or_else(|| Failure::lasting(Fault::Host, "The plan of the upgrade has vanished"))?.value;
    Ok(recording(work, driver, step.scope, step.definition, step.reads))
}

/// What the driver defined, and from what answers: for asking another version the same.
fn recording(
    work: &Work,
    driver: &dyn Driver,
    scope: StackScope,
    definition: StackDefinition,
    reads: serde_json::Value,
) -> Recording {
    let description = driver.description();
    Recording {
        cluster: work.cluster.uuid,
        scope,
        driver: description.name.clone(),
        driver_version: description.version.clone(),
        driver_digest: *driver.digest(),
        definition,
        reads,
        recorded_at: now(),
    }
}

/// The values of the secrets that the definition names. Those that are not given out are left out.
pub(crate) async fn values(
    shared: &Shared,
    cluster: &Cluster,
    request_id: &RequestId,
    definition: &StackDefinition,
) -> Result<SecretValues, StepError> {
    let mut values = SecretValues::new();
    let named = secrets::named(definition);
    if let Some(trustee) = &cluster.trustee {
        let password = shared.trustee_password(cluster.uuid, trustee)?;
        let user_id = trustee.user_id.as_ref().map(|id| id.0.clone()).unwrap_or_default();
        let lent = shared.config.platform.cluster_user_trust;
        let trust_id = trustee.trust_id.clone().filter(|_| lent).unwrap_or_default();
        values.insert(SecretName::TrusteeUserId, Secret::new(user_id));
        values.insert(SecretName::TrusteeUsername, Secret::new(trustee.user_name.clone()));
        values.insert(SecretName::TrusteePassword, password);
        values.insert(SecretName::TrustId, Secret::new(trust_id));
    }
    if named.contains(&SecretName::TrusteeDomainId) {
        let admin = shared.domain_admin(request_id)?;
        values.insert(SecretName::TrusteeDomainId, Secret::new(super::trustee::domain_of(&admin).await?));
    }
    let certificates = &shared.certificates;
    if named.contains(&SecretName::ServiceAccountPublicKey) || named.contains(&SecretName::ServiceAccountPrivateKey) {
        let (public, private) = certificates.service_account(&cluster.uuid).await?;
        values.insert(SecretName::ServiceAccountPublicKey, Secret::new(public));
        values.insert(SecretName::ServiceAccountPrivateKey, private);
    }
    if named.contains(&SecretName::CaPrivateKey) {
        values.insert(SecretName::CaPrivateKey, certificates.ca_private_key(&cluster.uuid, Authority::Kubernetes).await?);
    }
    Ok(values)
}
