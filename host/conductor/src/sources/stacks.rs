//! `stacks`: reads of the cluster's own stacks.

use async_trait::async_trait;
use jeroboam_cloud::Session;
use jeroboam_cloud::heat::StackId;
use jeroboam_model::driver::StackScope;
use jeroboam_model::{ClusterView, NodeGroupId};
use jeroboam_plugins::{SourceError, StackResource, Stacks};

use super::refusal::told;

/// The cluster's stack and those of its further groups, by their ids.
pub(super) struct Source {
    session: Session,
    own: Option<String>,
    groups: Vec<(NodeGroupId, Option<String>)>,
}

impl Source {
    pub fn new(session: Session, view: &ClusterView) -> Self {
        let groups = view.groups.iter().map(|group| (group.uuid, group.stack_id.clone())).collect();
        Self { session, own: view.cluster.stack_id.clone(), groups }
    }

    async fn stack(&self, scope: StackScope) -> Result<StackId, SourceError> {
        let none = || SourceError::NotFound("there is no such stack yet".to_owned());
        let id = match scope {
            StackScope::Cluster => self.own.clone(),
            StackScope::NodeGroup(id) => self.groups.iter().find(|(group, _)| *group == id).and_then(|(_, stack)| stack.clone()),
        };
        let id = id.ok_or_else(none)?;
        self.session.heat().find(&id).await.map_err(told)?.filter(|found| found.id == id).ok_or_else(none)
    }
}

#[async_trait]
impl Stacks for Source {
    async fn list_outputs(&self, scope: StackScope) -> Result<Vec<(String, serde_json::Value)>, SourceError> {
        let stack = self.stack(scope).await?;
        let outputs = self.session.heat().outputs(&stack).await.map_err(told)?.unwrap_or_default();
        Ok(outputs.into_iter().map(|output| (output.key, output.value)).collect())
    }

    async fn list_resources(&self, scope: StackScope, depth: u32) -> Result<Vec<StackResource>, SourceError> {
        let stack = self.stack(scope).await?;
        let depth = u8::try_from(depth).unwrap_or(u8::MAX);
        let resources = self.session.heat().resources(&stack, depth).await.map_err(told)?;
        let told = resources.into_iter().map(|resource| StackResource {
            name: resource.name,
            resource_type: resource.kind,
            status: resource.status.to_string(),
            status_reason: resource.status_reason,
            physical_id: resource.physical_id.unwrap_or_default(),
            parent: resource.parent,
        });
        Ok(told.collect())
    }
}
