//! A cluster, or a group of it, comes to another template.

use jeroboam_model::{Action, Cause, ClusterTemplate, NodeGroup, OperationKind, Status, Step};

use super::{set, settle, settle_as_failed};
use crate::draft::Draft;

/// From here on the cluster, or the group, is what the template says of software and image; everything else stays its own.
pub(crate) fn adopt(draft: &mut Draft, template: &ClusterTemplate) {
    let is_concerned = concerned(&draft.operation.kind);
    if draft.operation.kind.group().is_none() {
        draft.cluster.cluster_template_id = template.uuid;
        draft.cluster.labels.take_software(&template.labels);
    }
    for group in draft.groups.iter_mut().filter(|group| is_concerned(group)) {
        group.labels.take_software(&template.labels);
        group.image_id.clone_from(&template.image_id);
    }
}

pub(super) fn succeeded(draft: &mut Draft) {
    let is_concerned = concerned(&draft.operation.kind);
    draft.groups.iter_mut().filter(|group| is_concerned(group)).for_each(|group| set(group, Status::UpdateComplete, None));
    draft.cluster.upgrading_to = None;
    draft.plan = Some(Vec::new());
    settle(draft, Action::Update, None);
}

/// Unless nothing has been changed, the stacks are now neither what they were nor what they were to be: only another upgrade can tell.
pub(super) fn failed(draft: &mut Draft, cause: &Cause) {
    let is_concerned = concerned(&draft.operation.kind);
    let message = describe(&draft.operation.kind, cause);
    draft
        .groups
        .iter_mut()
        .filter(|group| is_concerned(group))
        .for_each(|group| set(group, Status::UpdateFailed, Some(&message)));
    if let OperationKind::Upgrade { resumes, rollback, done, .. } = draft.operation.kind {
        let unheard = matches!(cause.step, Step::Plan | Step::Stack);
        if !resumes && done == 0 && (unheard || rollback) {
            draft.cluster.upgrading_to = None;
        }
    }
    draft.plan = Some(Vec::new());
    settle_as_failed(draft, &message);
}

/// With the change that was being made, of those that were planned.
fn describe(kind: &OperationKind, cause: &Cause) -> String {
    match kind.progress() {
        Some((done, Some(change))) => {
            let (this, all) = (done.saturating_add(1), kind.changes().len());
            format!("Step {this} of {all} of the upgrade ({}) failed: {}", change.summary, cause.message)
        }
        _ => cause.message.clone(),
    }
}

/// Which groups it is about: the one, or those that came with the cluster.
fn concerned(kind: &OperationKind) -> impl Fn(&NodeGroup) -> bool + use<> {
    let only = kind.group();
    move |group| only.map_or(group.is_default, |only| group.uuid == only)
}
