//! The resource that a stack failed for. Heat says of the stack that something in it failed; the reason is at a leaf, several nested stacks below.

use std::collections::HashMap;

use jeroboam_cloud::heat::{Event, Resource};
use jeroboam_model::{CauseKind, Fault};

use super::{advice, tidy};
use crate::policy::Failure;

/// How many stacks are looked into, one below the other.
const DEPTH_MAX: usize = 8;
const DEPLOYMENT: &str = "OS::Heat::SoftwareDeployment";

/// A resource that failed, within its stack. What resources and events have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Names from the top to the leaf.
    path: Vec<String>,
    /// Heat's.
    kind: String,
    reason: String,
}

/// Why a stack failed: as the leaf says, else as the stack itself does.
pub(crate) fn of_stack(stack_name: &str, stack_reason: &str, resources: &[Resource], events: &[Event]) -> Failure {
    let mut pieces = from_resources(resources);
    if pieces.is_empty() {
        pieces = from_events(stack_name, resources, events);
    }
    of_pieces(pieces, stack_reason)
}

/// The deployment that a stack failed for, if it did. What its node said of it, Heat keeps to itself until asked.
pub(crate) fn failed_deployment<'a>(failure: &Failure, resources: &'a [Resource]) -> Option<&'a Resource> {
    let holders = holders(resources);
    let mut deployments = resources.iter().filter(|resource| resource.kind == DEPLOYMENT && resource.status.is_failed());
    deployments.find(|resource| failure.resource.as_deref() == Some(path(resource, &holders).join("/").as_str()))
}

/// The failure with what the node said, which tells more than its exit status.
pub(crate) fn as_the_node_says(mut failure: Failure, deployment: &Resource) -> Failure {
    let outputs = deployment.attributes.get("output_values");
    let said = outputs.and_then(|outputs| outputs.get("deploy_stderr")?.as_str()).map(tidy).unwrap_or_default();
    if let (false, Some(path)) = (said.is_empty(), &failure.resource) {
        failure.message = format!("{path}: {said}");
    }
    failure
}

/// The deepest piece that failed by itself.
fn of_pieces(pieces: Vec<Piece>, stack_reason: &str) -> Failure {
    let leaf = pieces
        .into_iter()
        .filter(|piece| !piece.reason.is_empty())
        .max_by_key(|piece| (!was_stopped(&piece.reason), piece.path.len()));
    let (message, resource, resource_type) = match leaf {
        Some(leaf) => {
            let path = leaf.path.join("/");
            (format!("{path}: {}", tidy(&leaf.reason)), Some(path), Some(tidy(&leaf.kind)))
        }
        None if stack_reason.is_empty() => ("The stack failed, and Heat does not say why".to_owned(), None, None),
        None => (tidy(stack_reason), None, None),
    };
    let (kind, fault, advice) = match advice::read(&message) {
        Some((kind, fault, advice)) => (kind, fault, Some(advice.to_owned())),
        None => (CauseKind::Stack, Fault::Cloud, None),
    };
    let resource_type = resource_type.filter(|kind| !kind.is_empty());
    Failure { kind, fault, message, resource, resource_type, advice, retry: None }
}

/// Whether Heat stopped the resource because another had failed.
fn was_stopped(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    ["aborted", "cancelled", "canceled", "stopped"].iter().any(|word| reason.contains(word))
}

fn from_resources(resources: &[Resource]) -> Vec<Piece> {
    let holders = holders(resources);
    let failed = resources.iter().filter(|resource| resource.status.is_failed());
    let piece = |resource: &Resource| Piece {
        path: path(resource, &holders),
        kind: resource.kind.clone(),
        reason: resource.status_reason.clone(),
    };
    failed.map(piece).collect()
}

/// Events of stacks themselves repeat what their resources' say.
fn from_events(stack_name: &str, resources: &[Resource], events: &[Event]) -> Vec<Piece> {
    let holders = holders(resources);
    let failed = events.iter().filter(|event| event.status.is_failed());
    let own = failed.filter(|event| {
        event.resource_name != stack_name && event.stack.as_ref().is_none_or(|stack| stack.name != event.resource_name)
    });
    own.map(|event| {
        let mut path = vec![event.resource_name.clone()];
        let holder = event.stack.as_ref().and_then(|stack| holders.get(stack.id.as_str()));
        if let Some(holder) = holder {
            path.splice(0..0, self::path(holder, &holders));
        }
        // Heat does not say of what type the resource of an event is; it may still be there.
        let of_event = |resource: &&Resource| resource.name == event.resource_name && resource.stack == event.stack;
        let kind = resources.iter().find(of_event).map(|resource| resource.kind.clone()).unwrap_or_default();
        Piece { path, kind, reason: event.status_reason.clone() }
    })
    .collect()
}

/// Nested stacks by id, each with the resource that it stands for.
fn holders(resources: &[Resource]) -> HashMap<&str, &Resource> {
    resources.iter().filter_map(|resource| Some((resource.nested.as_ref()?.id.as_str(), resource))).collect()
}

fn path(resource: &Resource, holders: &HashMap<&str, &Resource>) -> Vec<String> {
    let mut path = vec![resource.name.clone()];
    let mut stack = resource.stack.as_ref();
    while let Some(holder) = stack.and_then(|stack| holders.get(stack.id.as_str())) {
        path.push(holder.name.clone());
        if path.len() >= DEPTH_MAX {
            break;
        }
        stack = holder.stack.as_ref();
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_cloud::heat::{StackId, StackStatus};

    fn stack(id: &str) -> StackId {
        StackId { name: format!("name-of-{id}"), id: id.into() }
    }

    fn resource(name: &str, status: &str, reason: &str, within: &str, nested: Option<&str>) -> Resource {
        Resource {
            name: name.into(),
            kind: "OS::Nova::Server".into(),
            physical_id: None,
            status: StackStatus::parse(status),
            status_reason: reason.into(),
            parent: None,
            stack: Some(stack(within)),
            nested: nested.map(stack),
            attributes: serde_json::Map::new(),
            updated_time: None,
        }
    }

    fn minions(reason: &str) -> Vec<Resource> {
        vec![
            resource("network", "CREATE_COMPLETE", "state changed", "top", Some("net")),
            resource("kube_minions", "CREATE_FAILED", "Error: resources.kube_minions failed", "top", Some("group")),
            resource("1", "CREATE_FAILED", "CREATE aborted (Task create from TemplateResource)", "group", Some("m1")),
            resource("a", "CREATE_FAILED", "CREATE aborted", "m1", None),
            resource("2", "CREATE_FAILED", "Error: resources.kube-minion failed", "group", Some("m2")),
            resource("kube-minion", "CREATE_FAILED", reason, "m2", None),
        ]
    }

    #[test]
    fn a_failure_is_that_of_the_leaf_with_its_path() {
        let failure = of_stack("top", "Resource CREATE failed", &minions("ResourceInError: No valid host was found"), &[]);
        assert_eq!(failure.resource.as_deref(), Some("kube_minions/2/kube-minion"));
        assert_eq!(failure.message, "kube_minions/2/kube-minion: ResourceInError: No valid host was found");
        assert!(failure.advice.unwrap().contains("capacity"));
    }

    #[test]
    fn a_resource_that_heat_stopped_is_not_the_cause() {
        let failure = of_stack("top", "", &minions("Quota exceeded"), &[]);
        assert_eq!((failure.resource.as_deref(), failure.fault), (Some("kube_minions/2/kube-minion"), Fault::User));
    }

    #[test]
    fn a_failed_deployment_says_what_its_node_said() {
        let mut resources = minions("Deployment exited with non-zero status code: 1");
        resources.last_mut().unwrap().kind = DEPLOYMENT.into();
        let failure = of_stack("top", "Resource CREATE failed", &resources, &[]);
        let mut deployment = failed_deployment(&failure, &resources).unwrap().clone();
        let outputs = serde_json::json!({"deploy_stderr": "node w2: step certificates failed\ncannot log in"});
        deployment.attributes.insert("output_values".into(), outputs);
        assert_eq!(
            as_the_node_says(failure, &deployment).message,
            "kube_minions/2/kube-minion: node w2: step certificates failed cannot log in"
        );
    }

    #[test]
    fn after_a_rollback_events_tell_what_resources_no_longer_do() {
        let event = |name: &str, within: &str, reason: &str| Event {
            id: "e".into(),
            resource_name: name.into(),
            physical_id: None,
            status: StackStatus::parse("CREATE_FAILED"),
            status_reason: reason.into(),
            at: None,
            stack: Some(stack(within)),
        };
        let events =
            [event("kube-minion", "gone", "Image 'x' could not be found"), event("top", "top", "Resource CREATE failed")];
        let failure = of_stack("top", "Resource CREATE failed", &[], &events);
        assert_eq!(failure.resource.as_deref(), Some("kube-minion"));
    }

    #[test]
    fn without_a_leaf_the_stack_speaks_for_itself() {
        let failure = of_stack("top", "Stack CREATE timed out", &[], &[]);
        assert_eq!((failure.message.as_str(), failure.resource), ("Stack CREATE timed out", None));
        assert!(failure.advice.is_some());
    }

    #[test]
    fn stacks_nested_in_a_circle_end() {
        let circle =
            [resource("a", "CREATE_FAILED", "x", "s1", Some("s2")), resource("b", "CREATE_FAILED", "y", "s2", Some("s1"))];
        assert!(of_stack("top", "", &circle, &[]).resource.unwrap().split('/').count() <= DEPTH_MAX);
    }
}
