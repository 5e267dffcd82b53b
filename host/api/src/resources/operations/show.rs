//! `/v1/operations/{id}`: one operation, as it stands.

use http::StatusCode;
use jeroboam_conductor::{abortable, retriable};
use jeroboam_model as model;
use jeroboam_model::{OperationId, OperationKind, OperationState, Remedy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::error::{ApiError, What, echo};
use crate::lookup::{Permit, Reach, Shared};
use crate::policy::{Rule, Target};
use crate::reply::Reply;
use crate::resources::drivers::Moment;

/// A piece of work on a cluster that was accepted.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Operation {
    pub id: String,
    /// The cluster's uuid. It may be gone.
    pub cluster: String,
    pub project_id: String,
    /// `create`, `resize`, `delete`, `create-group`, `delete-group`, `upgrade`, `rotate-ca` or `rotate-credential`.
    pub kind: String,
    /// The uuid of the one node group that it is about.
    pub node_group: Option<String>,
    /// The uuid of the template that an upgrade leads to.
    pub template: Option<String>,
    pub status: State,
    /// What is being done, or was when it ended: `certificates`, `trust`, `stack`, `wait`, …
    pub step: String,
    pub progress: Progress,
    /// Tries of this step that have failed.
    pub attempts: u32,
    /// How often somebody asked to have it tried again.
    pub retries: u32,
    /// When the step is tried again; null: it is not being waited for that.
    pub next_try_at: Option<Moment>,
    /// When it fails if it has not ended.
    pub deadline: Moment,
    /// Who asked for it, or for its latest retry.
    pub requested_by: Person,
    /// Of that request: it is found in the logs of all services under this.
    pub request_id: String,
    /// Who wants it to stop, and since when.
    pub abort: Option<Stopping>,
    /// Why it failed, or who stopped it.
    pub cause: Option<Cause>,
    pub created_at: Moment,
    pub updated_at: Moment,
    /// What can be done with it now. Not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<Action>>,
    /// What happened, the oldest first; the latest fifty. Not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
}

/// How it stands with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Accepted, and not begun.
    Queued,
    Running,
    Done,
    Failed,
    /// Somebody stopped it, or a later one made it pointless.
    Aborted,
}

/// What can be done with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Retry,
    Abort,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// Steps that are done.
    pub done: usize,
    /// Of so many.
    pub of: usize,
    /// Of operations that change one stack after the other; null before that is known, and for all others.
    pub stacks: Option<Stacks>,
}

/// Stacks that have to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stacks {
    pub done: usize,
    pub of: usize,
}

/// Whose request it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    pub user_id: String,
    pub user_name: String,
    /// Of the token: an administrator's may be another than the cluster's.
    pub project_id: String,
}

/// Who wants an operation to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stopping {
    pub user_id: String,
    pub user_name: String,
    pub request_id: String,
    pub at: Moment,
}

/// Why it failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// `quota`, `capacity`, `image`, `flavor`, `keypair`, `credential`, `timeout`, `in_use`, `refused`, `unavailable`, `stack`, `driver`, `request`,
    /// `service`, `aborted` or `other`.
    pub kind: String,
    /// Who has to change something: `user`, `cloud`, `driver` or `host` (this service).
    pub fault: String,
    pub step: String,
    /// What happened, as in the cluster's `status_reason`.
    pub message: String,
    /// The resource of the stack that it came from.
    pub resource: Option<Resource>,
    /// What to do.
    pub advice: String,
    /// Whether a retry may help as things are: else something has to be changed before.
    pub retry_as_it_is: bool,
}

/// A resource of a stack: the leaf, several nested stacks below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resource {
    pub name: String,
    /// `OS::Nova::Server`, …; null if Heat did not say.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// From the top of the stack: `kube_minions/2/kube-minion`.
    pub path: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    pub at: Moment,
    pub step: String,
    pub text: String,
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let operation = find(&call, Permit::and(Rule::OperationGet, Rule::OperationGetOneAllProjects)).await?;
    shown(&call, StatusCode::OK, &operation).await
}

/// The one in the path, if the caller may.
pub async fn find(call: &Call, permit: Permit) -> Result<Shared<model::Operation>, ApiError> {
    let missing = || ApiError::NotFound { what: What::Operation, ident: echo(&call.ident) };
    let id = call.ident.parse::<OperationId>().map_err(|_| missing())?;
    let found = call.app.store.operations().get_arc(id).await.map_err(|error| ApiError::store("read an operation", error))?;
    let reach = Reach::by(call, permit);
    let operation = found.filter(|operation| reach.owns(&operation.project_id)).ok_or_else(missing)?;
    call.enforce(permit.rule, of(&operation))?;
    Ok(operation)
}

/// What a rule is asked about.
fn of(operation: &model::Operation) -> Target<'_> {
    let mut target = Target::project(&operation.project_id);
    target.user_id = Some(&operation.requester.user_id);
    target
}

/// The operation by itself, with what can be done.
pub async fn shown(call: &Call, status: StatusCode, operation: &model::Operation) -> Result<Reply, ApiError> {
    let store = &call.app.store;
    let read = |error| ApiError::store("read an operation", error);
    let others = store.operations().of_cluster(operation.cluster).await.map_err(read)?;
    let cluster = store.clusters().get_arc(operation.cluster).await.map_err(read)?;
    let cluster = cluster.as_deref().map(|cluster| &cluster.value);
    let can_retry = retriable(operation, others.iter().map(|other| &other.value), cluster).is_ok();
    let actions = [(Action::Retry, can_retry), (Action::Abort, abortable(operation).is_ok())];
    let event = |event: &model::Event| Event { at: event.at.into(), step: event.step.to_string(), text: event.message.clone() };
    let shown = Operation {
        actions: Some(actions.into_iter().filter_map(|(action, can)| can.then_some(action)).collect()),
        events: Some(operation.events.iter().map(event).collect()),
        ..Operation::from(operation)
    };
    Ok(Reply::of(status, &shown))
}

impl From<&model::Operation> for Operation {
    /// As it stands in a list.
    fn from(operation: &model::Operation) -> Self {
        let requester = &operation.requester;
        Self {
            id: operation.id.to_string(),
            cluster: operation.cluster.to_string(),
            project_id: operation.project_id.0.clone(),
            kind: operation.kind.name().to_owned(),
            node_group: operation.kind.group().map(|group| group.to_string()),
            template: match operation.kind {
                OperationKind::Upgrade { template, .. } => Some(template.to_string()),
                _ => None,
            },
            status: operation.state.into(),
            step: operation.step.to_string(),
            progress: Progress::of(operation),
            attempts: operation.attempts,
            retries: operation.retries,
            next_try_at: operation.not_before.map(Moment::from),
            deadline: operation.deadline.into(),
            requested_by: Person {
                user_id: requester.user_id.0.clone(),
                user_name: requester.user_name.clone(),
                project_id: requester.project_id.0.clone(),
            },
            request_id: requester.request_id.0.clone(),
            abort: operation.abort.as_ref().map(Stopping::from),
            cause: operation.cause.as_ref().map(Cause::from),
            created_at: operation.created_at.into(),
            updated_at: operation.updated_at.into(),
            actions: None,
            events: None,
        }
    }
}

impl Progress {
    fn of(operation: &model::Operation) -> Self {
        let steps = operation.kind.steps();
        let done = match operation.state {
            OperationState::Done => steps.len(),
            _ => steps.iter().position(|step| *step == operation.step).unwrap_or_default(),
        };
        let changes = operation.kind.changes().len();
        let stacks = operation.kind.progress().filter(|_| changes > 0);
        let stacks = stacks.map(|(done, _)| Stacks { done: usize::try_from(done).unwrap_or(changes).min(changes), of: changes });
        Self { done, of: steps.len(), stacks }
    }
}

impl From<OperationState> for State {
    fn from(state: OperationState) -> Self {
        match state {
            OperationState::Queued => Self::Queued,
            OperationState::Running => Self::Running,
            OperationState::Done => Self::Done,
            OperationState::Failed => Self::Failed,
            OperationState::Aborted => Self::Aborted,
        }
    }
}

impl From<&model::Abort> for Stopping {
    fn from(abort: &model::Abort) -> Self {
        let model::Abort { user_id, user_name, request_id, at } = abort;
        Self { user_id: user_id.0.clone(), user_name: user_name.clone(), request_id: request_id.0.clone(), at: (*at).into() }
    }
}

impl From<&model::Cause> for Cause {
    fn from(cause: &model::Cause) -> Self {
        let remedy = cause.kind.remedy();
        let otherwise = match remedy {
            Remedy::Retry => "Retry the operation: it may succeed as it is.",
            Remedy::ChangeAndRetry => "Change what the message names, then retry the operation.",
        };
        let resource = cause.resource.as_ref().map(|path| Resource {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            kind: cause.resource_type.clone(),
            path: path.clone(),
        });
        Self {
            kind: cause.kind.name().to_owned(),
            fault: cause.fault.name().to_owned(),
            step: cause.step.to_string(),
            message: cause.message.clone(),
            resource,
            advice: cause.advice.clone().unwrap_or_else(|| otherwise.to_owned()),
            retry_as_it_is: remedy == Remedy::Retry,
        }
    }
}
