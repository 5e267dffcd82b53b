//! Accepting work: each call is one transaction, after which the work will be done whatever happens to this process.

mod abort;
mod create;
mod create_group;
mod delete;
mod delete_group;
mod resize;
mod retry;
mod rotate_ca;
mod rotate_credential;
mod update_group;
mod update_health;
mod upgrade;

pub use abort::{Abort, abortable};
pub use create::NewCluster;
pub use create_group::NewGroup;
pub use delete::Delete;
pub use delete_group::DeleteGroup;
pub use resize::{Resize, ResizeVia};
pub use retry::{Retry, retriable};
pub use rotate_ca::RotateCa;
pub use rotate_credential::RotateCredential;
pub use update_group::GroupUpdate;
pub use update_health::HealthUpdate;
pub use upgrade::Upgrade;

use jeroboam_cloud::Identity;
use jeroboam_model::{
    Cluster, ClusterId, ClusterView, Operation, OperationId, OperationKind, OperationState, ProjectId, RequestId, Requester,
    Sealed, Secret, Status, UserId, X509KeyPairId,
};
use jeroboam_plugins::CallContext;
use jeroboam_store::{CommitError, Record, StoreError, Stored, Transaction, Usage, VaultError};
use jeroboam_telemetry::traces;
use time::OffsetDateTime;

use crate::now::now;
use crate::operations;
use crate::recorder::Recorder;
use crate::shared::{Shared, deposited_key_place, token_place};
use crate::sources;

/// How often a transaction is tried against others who write the same records.
const TRIES: usize = 200;

/// Accepts work. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    shared: Shared,
}

/// Who asks, with the token of the request. It is kept, sealed, until it is of no more use.
#[derive(Clone, Debug)]
pub struct NewRequester {
    pub user_id: UserId,
    pub user_name: String,
    /// The token's.
    pub project_id: ProjectId,
    pub roles: Vec<String>,
    pub request_id: RequestId,
    pub global_request_id: Option<RequestId>,
    pub token: Secret,
    pub token_expires_at: OffsetDateTime,
}

/// Why work is not accepted. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("the project may have {limit} clusters and has them")]
    QuotaExceeded { limit: u32 },
    #[error("there is no such cluster")]
    NotFound,
    #[error("the cluster's template is no more")]
    TemplateNotFound,
    #[error("the cluster has no such node group")]
    GroupNotFound,
    #[error("not while the cluster's status is {status}")]
    NotAllowed { status: Status },
    /// Only another upgrade, or the end, can come of it.
    #[error("an upgrade has left the cluster half upgraded")]
    HalfUpgraded,
    #[error(transparent)]
    Operation(#[from] OperationError),
    #[error("the cluster has a node group of that name")]
    GroupExists,
    #[error("there is a cluster, or something of one, with the same id already")]
    Exists,
    #[error("others keep changing the same records: try again")]
    Contended,
    #[error("the token cannot be sealed")]
    Vault(#[from] VaultError),
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[source] CommitError),
}

/// Why an operation is not retried, or not aborted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    #[error("There is no such operation any more.")]
    Gone,
    #[error("The operation is {}: wait until it has ended. Only one that failed, or was aborted, can be retried.", .0.name())]
    UnderWay(OperationState),
    #[error("The operation is done: there is nothing to retry.")]
    Done,
    #[error("The operation is {}: only one that is queued or running can be aborted.", .0.name())]
    Over(OperationState),
    #[error("The operation has done all that it was to do outside, and ends by itself.")]
    TooLate,
    #[error(
        "A later operation on the cluster, {kind} {by}, has superseded it: look at that one, and retry that one if it has failed."
    )]
    Superseded { by: OperationId, kind: &'static str },
    #[error("The cluster of the operation is gone: there is nothing to retry it on. Create a cluster anew.")]
    ClusterGone,
    #[error("The cluster's status is {0}, which this operation does not belong to any more: make the request anew.")]
    OtherStatus(Status),
    #[error("The cluster has no trust yet, and only its owner can give it one: its owner has to retry the operation.")]
    OwnerOnly,
}

/// What became of one try of a transaction.
enum Try<T> {
    Done(T),
    /// Somebody else wrote what it had read.
    Again,
}

impl Intake {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared }
    }

    /// Keeps calls of drivers: those of requests that are being checked, too.
    pub fn recorder(&self) -> &Recorder {
        &self.shared.recorder
    }

    /// For a call about what runs on the cluster, by the one whose token it is. Its own API is asked with the cluster's certificates, as ever.
    pub async fn context_of(
        &self,
        view: &ClusterView,
        token: Secret,
        request_id: &RequestId,
        global: Option<&RequestId>,
    ) -> CallContext {
        let session = self.shared.cloud.session(Identity::Token(token)).with_request_id(global.unwrap_or(request_id).as_str());
        let sources = sources::for_cluster(&self.shared, session, view, global.cloned()).await;
        CallContext { request_id: request_id.clone(), sources }
    }

    /// Seals the private key of a pair that a client deposits.
    pub fn seal_key(&self, pair: X509KeyPairId, private_key: &Secret) -> Result<Sealed, VaultError> {
        self.shared.vault.seal(&deposited_key_place(pair), private_key)
    }

    /// The same, opened for its depositor.
    pub fn open_key(&self, pair: X509KeyPairId, sealed: &Sealed) -> Result<Secret, VaultError> {
        self.shared.vault.open(&deposited_key_place(pair), sealed)
    }

    async fn cluster(&self, id: ClusterId) -> Result<Stored<Cluster>, IntakeError> {
        self.shared.store.clusters().get(id).await?.ok_or(IntakeError::NotFound)
    }

    /// The cluster's operations that have not ended, the oldest first.
    async fn unfinished(&self, cluster: ClusterId) -> Result<Vec<Stored<Operation>>, IntakeError> {
        let mut operations = self.shared.store.operations().of_cluster(cluster).await?;
        operations.retain(|operation| !operation.state.is_over());
        operations.sort_by_key(|operation| operation.created_at);
        Ok(operations)
    }

    /// An operation as it is accepted.
    fn operation(&self, cluster: &Cluster, kind: OperationKind, requester: &NewRequester) -> Result<Operation, IntakeError> {
        let (id, now) = (OperationId::random(), now());
        let step = kind.first_step();
        Ok(Operation {
            id,
            cluster: cluster.uuid,
            project_id: cluster.project_id.clone(),
            kind,
            requester: self.requester(id, requester)?,
            state: OperationState::Queued,
            step,
            attempts: 0,
            not_before: None,
            deadline: operations::deadline(cluster, &self.shared.config, now),
            events: Vec::new(),
            cause: None,
            abort: None,
            retries: 0,
            created_at: now,
            updated_at: now,
        })
    }

    /// Who asks, as it is kept with an operation.
    fn requester(&self, operation: OperationId, requester: &NewRequester) -> Result<Requester, VaultError> {
        let token = self.shared.vault.seal(&token_place(operation), &requester.token)?;
        Ok(Requester {
            user_id: requester.user_id.clone(),
            user_name: requester.user_name.clone(),
            project_id: requester.project_id.clone(),
            roles: requester.roles.clone(),
            request_id: requester.request_id.clone(),
            global_request_id: requester.global_request_id.clone(),
            token: Some(token),
            token_expires_at: Some(requester.token_expires_at),
            trace: traces::current(),
        })
    }
}

/// Whether a cluster can be upgraded, or get new authorities: it is whole, or a change before has failed that this one may mend. Magnum leaves the second out, and
/// with it no way but a resize.
fn may_change(status: Status) -> bool {
    status.is_stable() || status == Status::UpdateFailed
}

/// Ends an operation that a later one makes pointless. Its worker notices at its next write.
fn supersede(tx: &mut Transaction, operation: Stored<Operation>, why: &str) {
    let mut aborted = operation;
    let now = now();
    aborted.value.note(now, why);
    aborted.value.state = OperationState::Aborted;
    aborted.value.not_before = None;
    aborted.value.requester.token = None;
    aborted.value.updated_at = now;
    tx.update(&aborted);
}

async fn commit<T>(tx: Transaction, done: T) -> Result<Try<T>, IntakeError> {
    match tx.commit().await {
        Ok(_) => Ok(Try::Done(done)),
        Err(CommitError::Conflict { .. }) => Ok(Try::Again),
        // Another request counted the project's first cluster: no conflict with this one.
        Err(CommitError::Exists { table: Usage::TABLE, .. }) => Ok(Try::Again),
        Err(CommitError::Exists { .. }) => Err(IntakeError::Exists),
        Err(error) => Err(IntakeError::Write(error)),
    }
}

/// Tries a transaction until nobody else got in between.
async fn until_done<T, F: Future<Output = Result<Try<T>, IntakeError>>>(mut once: impl FnMut() -> F) -> Result<T, IntakeError> {
    for _ in 0..TRIES {
        if let Try::Done(done) = once().await? {
            return Ok(done);
        }
    }
    Err(IntakeError::Contended)
}
