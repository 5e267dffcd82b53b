//! What Heat says that an update of a cluster's stack would do: for plans, which change nothing.

use async_trait::async_trait;
use jeroboam_cloud::Identity;
use jeroboam_cloud::heat::{ChangedResource, StackId, Update};
use jeroboam_model::driver::{StackDefinition, StackScope};
use jeroboam_model::{Cluster, ClusterView, External, RequestId};
use jeroboam_planner::{Preview, PreviewError, Previewed, PreviewedResource};

use crate::cause;
use crate::operations;
use crate::secrets;
use crate::shared::Shared;
use crate::steps::definition;

/// Acts by the clusters' trusts. Cheap to clone.
#[derive(Clone)]
pub struct Previews(Shared);

impl Previews {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(shared)
    }

    /// The stack's name, and Heat's id for it.
    async fn stack(&self, view: &ClusterView, scope: StackScope) -> Result<StackId, PreviewError> {
        let name = match scope {
            StackScope::Cluster => Some(&view.cluster.stack_name),
            StackScope::NodeGroup(group) => {
                view.groups.iter().find(|own| own.uuid == group).and_then(|own| own.stack_name.as_ref())
            }
        };
        let name = name.ok_or_else(|| PreviewError("the node group has no stack of its own".to_owned()))?.as_str();
        let ledger = self.0.store.ledger().of_cluster(view.cluster.uuid).await.map_err(|error| failed(&error))?;
        let entry = ledger.iter().find(|entry| matches!(&entry.object, External::Stack { name: own } if own == name));
        let id = entry.and_then(|entry| entry.id.clone());
        let id = id.ok_or_else(|| PreviewError(format!("the stack {name} was never made")))?;
        Ok(StackId { name: name.to_owned(), id })
    }

    fn identity(&self, cluster: &Cluster) -> Result<Identity, PreviewError> {
        let none = || PreviewError("the cluster has no trust to act by".to_owned());
        let trustee = cluster.trustee.as_ref().ok_or_else(none)?;
        Ok(Identity::Trust {
            trustee_user_id: trustee.user_id.clone().ok_or_else(none)?.0,
            password: self.0.trustee_password(cluster.uuid, trustee).map_err(|error| failed(&error))?,
            trust_id: trustee.trust_id.clone().ok_or_else(none)?,
        })
    }
}

#[async_trait]
impl Preview for Previews {
    async fn preview(
        &self,
        view: &ClusterView,
        scope: StackScope,
        definition: &StackDefinition,
    ) -> Result<Previewed, PreviewError> {
        let cluster = &view.cluster;
        let stack = self.stack(view, scope).await?;
        let request_id = RequestId::random();
        let values = definition::values(&self.0, cluster, &request_id, definition).await.map_err(|error| failed(&error))?;
        let mut request = secrets::fill(definition.clone(), &values).map_err(|failure| PreviewError(failure.message))?;
        request.timeout_mins = Some(operations::timeout_minutes(cluster, &self.0.config));
        let session = self.0.cloud.session(self.identity(cluster)?).with_request_id(request_id.as_str());
        let changes = session.heat().preview_update(&stack, Update::Full, &request).await.map_err(|error| failed(&error))?;
        let resource = |ChangedResource { name, kind, stack_name, .. }| PreviewedResource { stack: stack_name, name, kind };
        Ok(Previewed {
            replaced: changes.replaced.into_iter().map(resource).collect(),
            deleted: changes.deleted.into_iter().map(resource).collect(),
        })
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> PreviewError {
    PreviewError(cause::chain(error))
}
