//! What operations mean for a cluster's status. Their steps are listed in `jeroboam_model::operation`.

mod create;
mod create_group;
mod delete;
mod delete_group;
mod resize;
mod rotate_ca;
mod rotate_credential;
pub(crate) mod upgrade;

use jeroboam_model::{Action, Cause, Cluster, NodeGroup, OperationKind, OperationState, Outcome, Status, Step};
use time::OffsetDateTime;

use crate::abort::{self, Left};
use crate::config::ConductorConfig;
use crate::draft::Draft;
use crate::now::now;

/// What the other steps get on top of Heat's own limit, so that Heat, which can tell what it waited for, gives up first.
const GRACE: time::Duration = time::Duration::minutes(5);

/// How long Heat may take over a stack of the cluster: as its owner said, else as the operator did.
pub(crate) fn timeout_minutes(cluster: &Cluster, config: &ConductorConfig) -> u32 {
    cluster.create_timeout.filter(|minutes| *minutes > 0).unwrap_or(config.create_timeout)
}

pub(crate) fn deadline(cluster: &Cluster, config: &ConductorConfig, from: OffsetDateTime) -> OffsetDateTime {
    from + time::Duration::minutes(timeout_minutes(cluster, config).into()) + GRACE
}

/// The operation has done what it was to do.
pub(crate) fn succeeded(draft: &mut Draft) {
    match draft.operation.kind {
        OperationKind::Create => create::succeeded(draft),
        OperationKind::Resize { .. } => resize::succeeded(draft),
        OperationKind::Delete => delete::succeeded(draft),
        OperationKind::CreateGroup { group } => create_group::succeeded(draft, group),
        OperationKind::DeleteGroup { group } => delete_group::succeeded(draft, group),
        OperationKind::Upgrade { .. } => upgrade::succeeded(draft),
        OperationKind::RotateCa { .. } => rotate_ca::succeeded(draft),
        OperationKind::RotateCredential { .. } => rotate_credential::succeeded(draft),
    }
    end(draft, OperationState::Done);
}

/// The operation has failed. Whatever it made stays in the ledger, for a deletion to remove.
pub(crate) fn failed(draft: &mut Draft, cause: &Cause) {
    end_with(draft, cause, OperationState::Failed);
}

/// The operation stops, as somebody wanted. Its cluster is as after a failure at that step.
pub(crate) fn aborted(draft: &mut Draft, left: &Left) {
    if let Some(by) = draft.operation.abort.clone() {
        let cause = abort::cause(&draft.operation, &by, left);
        end_with(draft, &cause, OperationState::Aborted);
    }
}

fn end_with(draft: &mut Draft, cause: &Cause, state: OperationState) {
    match draft.operation.kind {
        OperationKind::Create => create::failed(draft, cause),
        OperationKind::Resize { .. } => resize::failed(draft, cause),
        OperationKind::Delete => delete::failed(draft, cause),
        OperationKind::CreateGroup { group } => create_group::failed(draft, group, cause),
        OperationKind::DeleteGroup { group } => delete_group::failed(draft, group, cause),
        OperationKind::Upgrade { .. } => upgrade::failed(draft, cause),
        OperationKind::RotateCa { .. } => rotate_ca::failed(draft, cause),
        OperationKind::RotateCredential { .. } => rotate_credential::failed(draft, cause),
    }
    draft.note(cause.message.clone());
    draft.operation.cause = Some(cause.clone());
    end(draft, state);
}

/// Where an operation that failed at a step begins when it is tried again. The only place that decides it.
pub(crate) fn resume_at(kind: &OperationKind, failed_at: Step) -> Step {
    match (kind, failed_at) {
        // What is gone is passed over, and what came meanwhile goes too.
        (OperationKind::Delete | OperationKind::DeleteGroup { .. }, _) => kind.first_step(),
        // With a plan for what the stacks are by now.
        (OperationKind::Upgrade { .. }, _) => kind.first_step(),
        // What Heat has not heard of was taken back, the nodes that were to leave too.
        (OperationKind::Resize { .. }, Step::Stack) => Step::Removals,
        // Waiting for what has failed would see it fail: Heat is asked again.
        (_, Step::Wait) => Step::Stack,
        (_, step) => step,
    }
}

fn end(draft: &mut Draft, state: OperationState) {
    draft.operation.state = state;
    draft.operation.not_before = None;
    draft.operation.attempts = 0;
    draft.forget_token();
}

/// Gives the cluster the status that follows from its groups', and the reason where there is one.
fn settle(draft: &mut Draft, action: Action, reason: Option<&str>) {
    let outcome = if draft.others_wait { Outcome::InProgress } else { aggregate(draft.groups.iter().map(|group| group.status)) };
    draft.cluster.status = Status::of(action, outcome);
    draft.cluster.status_reason = reason.map(str::to_owned).or_else(|| reasons(&draft.groups));
    draft.cluster.updated_at = Some(now());
}

/// The same after an update that failed, whatever its groups say.
fn settle_as_failed(draft: &mut Draft, reason: &str) {
    settle(draft, Action::Update, Some(reason));
    if !draft.others_wait {
        draft.cluster.status = Status::of(Action::Update, Outcome::Failed);
    }
}

/// Gives a group a status.
fn set(group: &mut NodeGroup, status: Status, reason: Option<&str>) {
    group.status = status;
    group.status_reason = reason.map(str::to_owned);
    group.updated_at = Some(now());
}

/// Going on wins over failed, and failed over complete.
fn aggregate(groups: impl Iterator<Item = Status>) -> Outcome {
    let outcomes: Vec<Outcome> = groups.map(Status::outcome).collect();
    let any = |outcome| outcomes.contains(&outcome);
    if any(Outcome::InProgress) {
        Outcome::InProgress
    } else if any(Outcome::Failed) {
        Outcome::Failed
    } else {
        Outcome::Complete
    }
}

/// `<group> failed, <group> failed`.
fn reasons(groups: &[NodeGroup]) -> Option<String> {
    let failed = groups.iter().filter(|group| group.status.outcome() == Outcome::Failed);
    let reasons: Vec<String> = failed.map(|group| format!("{} failed", group.name)).collect();
    (!reasons.is_empty()).then(|| reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_group_under_way_keeps_a_cluster_under_way() {
        assert_eq!(
            aggregate([Status::UpdateFailed, Status::UpdateInProgress, Status::CreateComplete].into_iter()),
            Outcome::InProgress
        );
        assert_eq!(aggregate([Status::CreateComplete, Status::UpdateFailed].into_iter()), Outcome::Failed);
        assert_eq!(aggregate([Status::CreateComplete, Status::UpdateComplete].into_iter()), Outcome::Complete);
    }

    proptest! {
        #[test]
        fn the_order_of_groups_does_not_matter(statuses in prop::collection::vec(prop::sample::select(Status::ALL), 0..6)) {
            let reversed = statuses.iter().rev().copied();
            prop_assert_eq!(aggregate(statuses.iter().copied()), aggregate(reversed));
        }
    }
}
