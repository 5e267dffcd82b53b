//! The driver says what the stack is, and Heat is asked for it.

use jeroboam_cloud::Kind;
use jeroboam_cloud::heat::{Creation, Heat, Outputs, StackId, StackRequest, Update};
use jeroboam_model::driver::{SecretName, SecretValues, StackDefinition, StackScope};
use jeroboam_model::{Authority, ClusterId, ClusterView, External, Fault, OperationKind, Secret};
use jeroboam_plugins::Defined;
use jeroboam_store::Recording;

use crate::cause::Actor;
use crate::discovery;
use crate::drivers::Driver;
use crate::error::{By, StepError};
use crate::now::now;
use crate::operations;
use crate::policy::Failure;
use crate::secrets;
use crate::sessions::Need;
use crate::sources;
use crate::steps::Outcome;
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let (session, actor) = work.session(need(&work.operation.kind)).await?;
    if let Some(url) = discovery::elsewhere(&work.shared, &work.cluster, work.groups.iter().map(|group| &group.value)).await? {
        return Ok(Outcome::intend(move |draft| draft.cluster.discovery_url = Some(url.clone())));
    }
    let view = work.view()?;
    let scope = scope(work)?;
    let driver = work.shared.driver_of(&work.cluster)?;
    let defined = driver.define_stack(&view, scope, sources::for_work(work, &view, session.clone())).await?;
    let recording = recording(work, &*driver, scope, &defined)?;
    let values = values(work, &view, &defined.definition).await?;
    let mut request = secrets::fill(defined.definition, &values)?;
    request.timeout_mins = Some(operations::timeout_minutes(&work.cluster, &work.shared.config));
    request.tags = vec![tag(work.cluster.uuid)];

    let heat = session.heat();
    match &work.operation.kind {
        OperationKind::Resize { group, rollback, .. } => {
            request.disable_rollback = Some(!rollback);
            let stack = stack_of(work, work.group(*group)?.stack_id.as_deref())?;
            update(&heat, actor, stack, &request, recording).await
        }
        OperationKind::Create | OperationKind::Delete => {
            // What failed stays to be looked at, as with Magnum.
            request.disable_rollback = Some(true);
            create(work, &heat, actor, &request, recording).await
        }
    }
}

/// Heat stores credentials of its own for the person who creates a stack. Afterwards it is the owner, by the trust, who changes it, whoever asked for
/// that: other members of the project do not have the owner's keypair, and are not to become the ones whom Heat acts for.
fn need(kind: &OperationKind) -> Need {
    match kind {
        OperationKind::Create => Need::PersonFirst,
        OperationKind::Resize { .. } | OperationKind::Delete => Need::TrustFirst,
    }
}

/// What the driver defined, and from what answers: for asking another version the same.
fn recording(work: &Work, driver: &dyn Driver, scope: StackScope, defined: &Defined) -> Result<Recording, Failure> {
    let unwritable =
        |error: serde_json::Error| Failure::lasting(Fault::Host, format!("The driver's reads cannot be recorded: {error}"));
    let description = driver.description();
    Ok(Recording {
        cluster: work.cluster.uuid,
        scope,
        driver: description.name.clone(),
        driver_version: description.version.clone(),
        driver_digest: driver.digest().to_owned(),
        definition: defined.definition.clone(),
        reads: serde_json::to_value(&defined.reads).map_err(unwritable)?,
        recorded_at: now(),
    })
}

/// What the cluster's stacks are tagged with.
pub(super) fn tag(cluster: ClusterId) -> String {
    format!("jeroboam:{cluster}")
}

/// The stack that the operation changes.
pub(super) fn scope(work: &Work) -> Result<StackScope, StepError> {
    match work.operation.kind {
        OperationKind::Resize { group, .. } if !work.group(group)?.is_default => Ok(StackScope::NodeGroup(group)),
        _ => Ok(StackScope::Cluster),
    }
}

/// A stack of the cluster by its id; its name is that of the ledger.
pub(super) fn stack_of(work: &Work, id: Option<&str>) -> Result<StackId, Failure> {
    let id = id.or(work.cluster.stack_id.as_deref());
    let named = work.ledger.iter().find_map(|entry| match &entry.object {
        External::Stack { name } if entry.id.as_deref() == id => Some(name.clone()),
        _ => None,
    });
    match (named, id) {
        (Some(name), Some(id)) => Ok(StackId { name, id: id.to_owned() }),
        _ => Err(Failure::lasting(Fault::Host, "The cluster has no stack")),
    }
}

async fn create(
    work: &Work,
    heat: &Heat,
    actor: Actor,
    request: &StackRequest,
    recording: Recording,
) -> Result<Outcome, StepError> {
    let name = work.cluster.stack_name.as_str();
    let stack = match heat.create(name, request).await.by(actor)? {
        Creation::Started(stack) => stack,
        Creation::NameTaken => adopt(work, heat, actor, name).await?,
    };
    Ok(Outcome::recorded(move |draft| {
        draft.found(&External::Stack { name: stack.name.clone() }, &stack.id);
        draft.cluster.stack_id = Some(stack.id.clone());
        for group in draft.groups.iter_mut().filter(|group| group.is_default) {
            group.stack_id = Some(stack.id.clone());
        }
        draft.recording = Some(recording.clone());
        draft.forget_token();
    }))
}

/// Takes the stack that an earlier try made.
async fn adopt(work: &Work, heat: &Heat, actor: Actor, name: &str) -> Result<StackId, StepError> {
    let vanished = || Failure::passing(Fault::Cloud, format!("Heat has a stack named {name}, and does not find it"));
    let id = heat.find(name).await.by(actor)?.ok_or_else(vanished)?;
    let stack = heat.show(&id, Outputs::Skip).await.by(actor)?.ok_or_else(vanished)?;
    if stack.tags.contains(&tag(work.cluster.uuid)) {
        Ok(id)
    } else {
        Err(Failure::lasting(Fault::User, format!("The project has a stack named {name} which is not this cluster's"))
            .advise("Rename or delete that stack, delete the cluster, and create it again.")
            .into())
    }
}

/// The definition is the whole desired state, so it is harmless to ask for it twice.
async fn update(
    heat: &Heat,
    actor: Actor,
    stack: StackId,
    request: &StackRequest,
    recording: Recording,
) -> Result<Outcome, StepError> {
    let busy = || Outcome::later(format!("Heat to end what it is doing with stack {}", stack.name));
    match heat.show(&stack, Outputs::Skip).await.by(actor)? {
        None => return Err(Failure::lasting(Fault::User, format!("Stack with id {} not found in Heat.", stack.id)).into()),
        Some(stack) if stack.status.is_in_progress() => return Ok(busy()),
        Some(_) => {}
    }
    match heat.update(&stack, Update::Full, request).await {
        Err(error) if error.kind() == Kind::Conflict => Ok(busy()),
        outcome => {
            outcome.by(actor)?;
            Ok(Outcome::recorded(move |draft| {
                draft.recording = Some(recording.clone());
                draft.forget_token();
            }))
        }
    }
}

/// The values of the secrets that the definition names. Those that are not given out are left out.
async fn values(work: &Work, view: &ClusterView, definition: &StackDefinition) -> Result<SecretValues, StepError> {
    let mut values = SecretValues::new();
    let named = secrets::named(definition);
    if let Some((trustee, password)) = work.trustee()? {
        let user_id = trustee.user_id.as_ref().map(|id| id.0.clone()).unwrap_or_default();
        let lent = work.shared.config.platform.cluster_user_trust;
        let trust_id = trustee.trust_id.clone().filter(|_| lent).unwrap_or_default();
        values.insert(SecretName::TrusteeUserId, Secret::new(user_id));
        values.insert(SecretName::TrusteeUsername, Secret::new(trustee.user_name.clone()));
        values.insert(SecretName::TrusteePassword, password);
        values.insert(SecretName::TrustId, Secret::new(trust_id));
    }
    if named.contains(&SecretName::TrusteeDomainId) {
        let admin = work.shared.domain_admin(&work.operation.requester.request_id)?;
        values.insert(SecretName::TrusteeDomainId, Secret::new(super::trustee::domain_of(&admin).await?));
    }
    let certificates = &work.shared.certificates;
    if named.contains(&SecretName::ServiceAccountPublicKey) || named.contains(&SecretName::ServiceAccountPrivateKey) {
        let (public, private) = certificates.service_account(&view.cluster.uuid).await?;
        values.insert(SecretName::ServiceAccountPublicKey, Secret::new(public));
        values.insert(SecretName::ServiceAccountPrivateKey, private);
    }
    if named.contains(&SecretName::CaPrivateKey) {
        values.insert(SecretName::CaPrivateKey, certificates.ca_private_key(&view.cluster.uuid, Authority::Kubernetes).await?);
    }
    Ok(values)
}
