//! What a plan says without a cloud, and what Heat says of the same change.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_model::driver::{StackDefinition, StackScope, Verdict};
use jeroboam_planner::{Preview, Previewed, compare};
use support::World;

const NODE: &str = "kube-minion: { type: OS::Neutron::Net }";

/// The definition with something else in place of the node.
fn with(definition: &StackDefinition, node: &str) -> StackDefinition {
    let mut other = definition.clone();
    other.files.iter_mut().for_each(|(_, text)| *text = text.replace(NODE, node).into());
    assert_ne!(other.files, definition.files);
    other
}

#[tokio::test]
async fn heat_and_a_comparison_agree_on_what_is_lost() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    let view = world.store.view(id).await.unwrap().unwrap();
    let recording = world.store.recordings().of_scope(id, StackScope::Cluster).await.unwrap().unwrap();
    let (conductor, there) = (world.conductor(), &recording.definition);
    let previews = conductor.previews();
    let heat = async |to: &StackDefinition| previews.preview(&view, StackScope::Cluster, to).await.unwrap();

    assert_eq!(heat(there).await, Previewed::default());
    assert_eq!(compare(there, there), Verdict::Same);

    let named = with(there, "kube-minion: { type: OS::Neutron::Net, properties: { name: other } }");
    assert_eq!(heat(&named).await, Previewed::default());
    assert!(matches!(compare(there, &named), Verdict::InPlace { .. }));

    let elsewhere = with(there, "kube-minion: { type: OS::Neutron::Net, properties: { tenant_id: other } }");
    let lost = heat(&elsewhere).await;
    assert!(!lost.replaced.is_empty() && lost.deleted.is_empty());
    assert!(
        lost.replaced.iter().all(|resource| resource.name == "kube-minion" && resource.kind == "OS::Neutron::Net"),
        "{lost:?}"
    );
    let Verdict::Replaces { resources, .. } = compare(there, &elsewhere) else { panic!() };
    assert!(resources.len() == 1 && resources[0].starts_with("kube_minions/*/kube-minion: "), "{resources:?}");

    let renamed =
        with(there, "lan: { type: OS::Neutron::Net }\n  kube-minion: { type: OS::Heat::Value, properties: { value: x } }");
    assert!(!heat(&renamed).await.replaced.is_empty());
    assert!(matches!(compare(there, &renamed), Verdict::Replaces { .. }));
}

#[tokio::test]
async fn a_preview_without_a_stack_or_a_trust_says_so() {
    let mut world = World::new().await;
    let id = world.created("web").await;
    let mut view = world.store.view(id).await.unwrap().unwrap();
    let recording = world.store.recordings().of_scope(id, StackScope::Cluster).await.unwrap().unwrap();
    let previews = world.conductor().previews();
    let group = StackScope::NodeGroup(view.groups[0].uuid);
    let error = previews.preview(&view, group, &recording.definition).await.unwrap_err();
    assert_eq!(error.0, "the node group has no stack of its own");
    view.cluster.trustee.as_mut().unwrap().trust_id = None;
    let error = previews.preview(&view, StackScope::Cluster, &recording.definition).await.unwrap_err();
    assert_eq!(error.0, "the cluster has no trust to act by");
}
