//! Operations: work that has been accepted. Whoever got a 202 has one of these in the store.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::driver::StackScope;
use crate::{Action, Cause, ClusterId, NodeGroupId, OperationId, ProjectId, RequestId, Sealed, TemplateId, TraceParent, UserId};

/// One piece of work on one cluster. Those of a cluster run one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub id: OperationId,
    pub cluster: ClusterId,
    pub project_id: ProjectId,
    pub kind: OperationKind,
    pub requester: Requester,
    pub state: OperationState,
    /// What is to be done next, or was being done when the host stopped. Each step can be done again.
    pub step: Step,
    /// Tries of the present step that have failed.
    pub attempts: u32,
    /// When to try again; at once if absent.
    #[serde(with = "time::serde::rfc3339::option")]
    pub not_before: Option<OffsetDateTime>,
    /// When the operation fails if it has not ended.
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    /// The latest, oldest first; at most [`Operation::EVENTS_KEPT`].
    pub events: Vec<Event>,
    /// Why it failed, or who stopped it.
    pub cause: Option<Cause>,
    /// Somebody wants it to stop: it does once nothing goes on outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abort: Option<Abort>,
    /// How often somebody asked to have it tried again after it had failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// What is to be done. The desired state itself is in the cluster and its groups; here is what cannot be seen from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OperationKind {
    Create,
    /// Bring a group to the size that it now records.
    Resize {
        group: NodeGroupId,
        /// What was asked for; absent in records of versions that only kept it in the group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node_count: Option<u32>,
        /// What to return to if the driver or Heat refuses.
        previous_count: u32,
        /// Nodes that the user named; empty: the driver picks.
        nodes_to_remove: Vec<String>,
        /// Whether Heat goes back to the state before, should the update fail.
        rollback: bool,
    },
    Delete,
    /// Make the stack of a further group.
    CreateGroup {
        group: NodeGroupId,
    },
    /// Take a further group away, with its stack.
    DeleteGroup {
        group: NodeGroupId,
    },
    /// Bring the cluster, or one further group, to a template, as the driver has planned it.
    Upgrade {
        template: TemplateId,
        /// `None`: the cluster with its default groups.
        group: Option<NodeGroupId>,
        /// At most so many nodes at a time.
        batch: u32,
        /// Whether Heat goes back to the state before the step that fails.
        rollback: bool,
        /// Whether one before it has left the stacks half changed.
        resumes: bool,
        /// The plan; empty until there is one.
        changes: Vec<StackChange>,
        /// How many of them have been made.
        done: u32,
    },
    /// Replace the cluster's authorities and all that they have signed.
    RotateCa {
        /// Counts from 1.
        generation: u32,
        /// The stacks that have to hear of it, the cluster's first.
        changes: Vec<StackChange>,
        /// How many of them have.
        done: u32,
    },
    /// Give the cluster's own user another password.
    RotateCredential {
        /// The stacks whose nodes log in with it, the cluster's first.
        changes: Vec<StackChange>,
        /// How many of them have been told.
        done: u32,
    },
}

/// One change of a stack, of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackChange {
    pub scope: StackScope,
    /// For events and failures: "Replacing workers, 2 at a time".
    pub summary: String,
}

/// Whose request it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    pub user_id: UserId,
    pub user_name: String,
    /// Of the token, which may differ from the cluster's where an administrator acts.
    pub project_id: ProjectId,
    pub roles: Vec<String>,
    pub request_id: RequestId,
    /// That of the request which somebody's other service was working on when it sent this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_request_id: Option<RequestId>,
    /// The token that came with the request, kept until it is of no more use: a trust can only be made, and Heat only be given credentials to store, by
    /// the user in person.
    pub token: Option<Sealed>,
    /// When the token ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub token_expires_at: Option<OffsetDateTime>,
    /// Where the request stands in its trace, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceParent>,
}

impl Requester {
    /// What other services are told that they work for: the global id, if there is one.
    pub fn onward_id(&self) -> &RequestId {
        self.global_request_id.as_ref().unwrap_or(&self.request_id)
    }
}

/// Who wants an operation to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abort {
    pub user_id: UserId,
    pub user_name: String,
    pub request_id: RequestId,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    /// Accepted, nothing done yet.
    Queued,
    Running,
    Done,
    Failed,
    /// A later operation made it pointless, or somebody stopped it.
    Aborted,
}

/// Steps of operations. Each is recorded before it is begun, and can be done again after a crash in the middle of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Make the cluster's authorities and pairs.
    Certificates,
    /// Make the cluster's own user.
    Trustee,
    /// Let that user act for the owner.
    Trust,
    /// Let the driver plan the upgrade, and write the plan down.
    Plan,
    /// Put new authorities and pairs in the place of the old ones.
    Rotate,
    /// Put another password in the place of the trustee's.
    Credential,
    /// Choose the nodes that leave.
    Removals,
    /// Ask the driver for the stack, and hand it to Heat: create it under the recorded name, adopt it if it is there, or update it.
    Stack,
    /// Wait for Heat.
    Wait,
    /// Read the outputs through the driver.
    Observe,
    /// Let the driver remove what the cluster made for itself.
    BeforeDelete,
    /// Ask Heat to delete the stacks.
    DeleteStack,
    /// Wait until they are gone.
    WaitGone,
    DeleteTrust,
    DeleteTrustee,
    DeleteCertificates,
    /// Forget the authorities and pairs that were replaced.
    Retire,
    /// Write the outcome into the cluster, or take its rows away; the operation ends with the same commit.
    Finish,
}

/// Something worth telling about an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub step: Step,
    pub message: String,
}

impl Operation {
    pub const EVENTS_KEPT: usize = 50;

    /// Notes an event, and lets the oldest go when there are too many.
    pub fn note(&mut self, at: OffsetDateTime, message: impl Into<String>) {
        let surplus = (self.events.len() + 1).saturating_sub(Self::EVENTS_KEPT);
        self.events.drain(..surplus);
        self.events.push(Event { at, step: self.step, message: message.into() });
    }
}

impl OperationKind {
    /// What [`OperationKind::name`] may say.
    pub const NAMES: [&str; 8] =
        ["create", "resize", "delete", "create-group", "delete-group", "upgrade", "rotate-ca", "rotate-credential"];

    /// What the cluster's status says meanwhile.
    pub const fn action(&self) -> Action {
        match self {
            Self::Create => Action::Create,
            Self::Resize { .. }
            | Self::CreateGroup { .. }
            | Self::DeleteGroup { .. }
            | Self::Upgrade { .. }
            | Self::RotateCa { .. }
            | Self::RotateCredential { .. } => Action::Update,
            Self::Delete => Action::Delete,
        }
    }

    /// As messages, logs and kill points call it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Resize { .. } => "resize",
            Self::Delete => "delete",
            Self::CreateGroup { .. } => "create-group",
            Self::DeleteGroup { .. } => "delete-group",
            Self::Upgrade { .. } => "upgrade",
            Self::RotateCa { .. } => "rotate-ca",
            Self::RotateCredential { .. } => "rotate-credential",
        }
    }

    /// The steps in their order. The single place that says so, but for [`OperationKind::after`]: [`Step::Stack`] and [`Step::Wait`] are done
    /// once for each stack that an upgrade or a rotation has to change.
    pub const fn steps(&self) -> &'static [Step] {
        match self {
            Self::Create => {
                &[Step::Certificates, Step::Trustee, Step::Trust, Step::Stack, Step::Wait, Step::Observe, Step::Finish]
            }
            Self::Resize { .. } => &[Step::Removals, Step::Stack, Step::Wait, Step::Observe, Step::Finish],
            Self::CreateGroup { .. } => &[Step::Stack, Step::Wait, Step::Observe, Step::Finish],
            Self::DeleteGroup { .. } => &[Step::DeleteStack, Step::WaitGone, Step::Finish],
            Self::Upgrade { .. } => &[Step::Plan, Step::Stack, Step::Wait, Step::Observe, Step::Finish],
            Self::RotateCa { .. } => &[Step::Rotate, Step::Stack, Step::Wait, Step::Observe, Step::Retire, Step::Finish],
            Self::RotateCredential { .. } => &[Step::Credential, Step::Stack, Step::Wait, Step::Observe, Step::Finish],
            Self::Delete => &[
                Step::BeforeDelete,
                Step::DeleteStack,
                Step::WaitGone,
                Step::DeleteTrust,
                Step::DeleteTrustee,
                Step::DeleteCertificates,
                Step::Finish,
            ],
        }
    }

    pub fn first_step(&self) -> Step {
        self.steps().first().copied().unwrap_or(Step::Finish)
    }

    /// The step after `step`; `None` after the last.
    pub fn after(&self, step: Step) -> Option<Step> {
        if let Some(left) = self.progress().map(|(_, change)| change.is_some())
            && matches!(step, Step::Plan | Step::Rotate | Step::Credential | Step::Wait)
        {
            return Some(if left { Step::Stack } else { Step::Observe });
        }
        let mut steps = self.steps().iter();
        steps.find(|s| **s == step)?;
        steps.next().copied()
    }
}

impl OperationKind {
    /// How many stacks have been changed, and what comes next, of an operation that goes from one to the next.
    pub fn progress(&self) -> Option<(u32, Option<&StackChange>)> {
        let (Self::Upgrade { changes, done, .. }
        | Self::RotateCa { changes, done, .. }
        | Self::RotateCredential { changes, done }) = self
        else {
            return None;
        };
        Some((*done, usize::try_from(*done).ok().and_then(|done| changes.get(done))))
    }

    /// The stacks that it goes from one to the next of.
    pub fn changes(&self) -> &[StackChange] {
        match self {
            Self::Upgrade { changes, .. } | Self::RotateCa { changes, .. } | Self::RotateCredential { changes, .. } => changes,
            _ => &[],
        }
    }

    /// One stack more has been changed.
    pub fn count_stack(&mut self) {
        if let Self::Upgrade { done, .. } | Self::RotateCa { done, .. } | Self::RotateCredential { done, .. } = self {
            *done = done.saturating_add(1);
        }
    }

    /// The one group that it is about.
    pub fn group(&self) -> Option<NodeGroupId> {
        match self {
            Self::Resize { group, .. } | Self::CreateGroup { group } | Self::DeleteGroup { group } => Some(*group),
            Self::Upgrade { group, .. } => *group,
            Self::Create | Self::Delete | Self::RotateCa { .. } | Self::RotateCredential { .. } => None,
        }
    }
}

impl OperationState {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Aborted];

    /// As the API, messages and commands call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
        }
    }

    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Aborted)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificates => "certificates",
            Self::Trustee => "trustee",
            Self::Trust => "trust",
            Self::Plan => "plan",
            Self::Rotate => "rotate",
            Self::Credential => "credential",
            Self::Removals => "removals",
            Self::Stack => "stack",
            Self::Wait => "wait",
            Self::Observe => "observe",
            Self::BeforeDelete => "before-delete",
            Self::DeleteStack => "delete-stack",
            Self::WaitGone => "wait-gone",
            Self::DeleteTrust => "delete-trust",
            Self::DeleteTrustee => "delete-trustee",
            Self::DeleteCertificates => "delete-certificates",
            Self::Retire => "retire",
            Self::Finish => "finish",
        })
    }
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps that an operation goes through, if each stack is counted as it has been waited for.
    fn walk(mut kind: OperationKind) -> Vec<Step> {
        let mut steps = vec![kind.first_step()];
        while let Some(step) = steps.last().copied().filter(|_| steps.len() < 50) {
            if step == Step::Wait {
                kind.count_stack();
            }
            match kind.after(step) {
                Some(next) => steps.push(next),
                None => break,
            }
        }
        steps
    }

    #[test]
    fn an_upgrade_changes_one_stack_after_the_other() {
        let template = TemplateId::random();
        let upgrade = |planned| {
            let changes = vec![StackChange { scope: StackScope::Cluster, summary: String::new() }; planned];
            OperationKind::Upgrade { template, group: None, batch: 1, rollback: false, resumes: false, changes, done: 0 }
        };
        assert_eq!(walk(upgrade(2)), [Step::Plan, Step::Stack, Step::Wait, Step::Stack, Step::Wait, Step::Observe, Step::Finish]);
        assert_eq!(walk(upgrade(0)), [Step::Plan, Step::Observe, Step::Finish]);
    }

    #[test]
    fn an_operation_on_one_stack_does_each_step_once() {
        for kind in [OperationKind::Create, OperationKind::Delete, OperationKind::CreateGroup { group: NodeGroupId::random() }] {
            let steps = kind.steps().to_vec();
            assert_eq!(walk(kind), steps);
        }
    }
}
