//! Heat's own word on an update.

use async_trait::async_trait;
use jeroboam_model::{
    ClusterView,
    driver::{StackDefinition, StackScope, Verdict},
};

use crate::heat;

/// Asks Heat what an update would do. Whoever implements it acts for the cluster, puts secrets in, and changes nothing.
#[async_trait]
pub trait Preview: Send + Sync {
    async fn preview(
        &self,
        view: &ClusterView,
        scope: StackScope,
        definition: &StackDefinition,
    ) -> Result<Previewed, PreviewError>;
}

/// What Heat says that it would do, to nested stacks too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Previewed {
    /// Would be deleted and made again.
    pub replaced: Vec<PreviewedResource>,
    /// Would be deleted.
    pub deleted: Vec<PreviewedResource>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedResource {
    /// The name of the stack, nested or not, that has it.
    pub stack: String,
    pub name: String,
    /// Its type.
    pub kind: String,
}

/// Resources that are named.
const NAMED: usize = 100;

/// Heat could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PreviewError(pub String);

/// Heat's word in place of ours, on what is lost. What changes is as it was compared.
pub(super) fn judged(verdict: Verdict, previewed: Result<Previewed, PreviewError>) -> Verdict {
    let changes = match verdict {
        Verdict::Same => return Verdict::Same,
        // It would not come to an update.
        Verdict::Fails { error } => return Verdict::Fails { error },
        Verdict::InPlace { changes } | Verdict::Replaces { changes, .. } => changes,
    };
    match previewed {
        Ok(Previewed { replaced, deleted }) => {
            let lost = |resource: PreviewedResource, how: &str| {
                let PreviewedResource { stack, name, kind } = resource;
                (!heat::is_expendable(&kind)).then(|| format!("{stack}/{name}: {kind}: Heat {how} it"))
            };
            let replaced = replaced.into_iter().filter_map(|resource| lost(resource, "replaces"));
            let deleted = deleted.into_iter().filter_map(|resource| lost(resource, "deletes"));
            let resources: Vec<String> = replaced.chain(deleted).take(NAMED).collect();
            if resources.is_empty() { Verdict::InPlace { changes } } else { Verdict::Replaces { resources, changes } }
        }
        Err(error) => Verdict::Fails { error: format!("Heat does not say what it would do: {error}") },
    }
}
