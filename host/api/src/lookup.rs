//! Finding what a request names, as far as the caller may see it. What may not be seen is not there: 404, never 403.

use std::sync::Arc;

use jeroboam_model::{Cluster, ClusterId, ClusterTemplate, ProjectId, TemplateId};
use jeroboam_store::{SharedView, Stored};

use crate::call::Call;
use crate::error::{ApiError, What, echo};
use crate::policy::{Rule, Target};

/// A record as the store shares it.
pub type Shared<T> = Arc<Stored<T>>;

/// Whose objects a lookup finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach<'a> {
    Everybody,
    Project(&'a ProjectId),
    /// The token has no project.
    Nobody,
}

/// Who may do something to what is the project's own; and by which rule to everybody's, if by any.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    pub rule: Rule,
    pub everywhere: Option<Rule>,
}

impl Permit {
    pub const fn own(rule: Rule) -> Self {
        Self { rule, everywhere: None }
    }

    pub const fn and(rule: Rule, everywhere: Rule) -> Self {
        Self { rule, everywhere: Some(everywhere) }
    }
}

impl<'a> Reach<'a> {
    pub fn by(call: &'a Call, permit: Permit) -> Self {
        permit.everywhere.map_or_else(|| Self::own(call), |everywhere| Self::of(call, everywhere))
    }

    /// Everybody's, for who passes the rule.
    pub fn of(call: &'a Call, everybody: Rule) -> Self {
        if call.may(everybody, Target::default()) { Self::Everybody } else { Self::own(call) }
    }

    pub fn own(call: &'a Call) -> Self {
        call.caller.project_id().map_or(Self::Nobody, Self::Project)
    }

    pub fn owns(self, project: &ProjectId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Project(own) => own == project,
            Self::Nobody => false,
        }
    }
}

/// The only cluster of that uuid or name.
pub async fn cluster(call: &Call, ident: &str, reach: Reach<'_>) -> Result<Shared<Cluster>, ApiError> {
    only(What::Cluster, ident, clusters(call, ident).await?, |cluster| reach.owns(&cluster.project_id))
}

/// The same, if it is the project's, or the caller is the cluster's own user: a node, whose token has a project only if it has a trust.
pub async fn cluster_of_node(call: &Call, ident: &str) -> Result<Shared<Cluster>, ApiError> {
    let reach = Reach::own(call);
    let is_node_of = |cluster: &Cluster| {
        let trustee = cluster.trustee.as_ref().and_then(|trustee| trustee.user_id.as_ref());
        trustee == Some(&call.caller.user_id)
    };
    let found = clusters(call, ident).await?;
    only(What::Cluster, ident, found, |cluster| reach.owns(&cluster.project_id) || is_node_of(cluster))
}

async fn clusters(call: &Call, ident: &str) -> Result<Vec<Shared<Cluster>>, ApiError> {
    let clusters = call.app.store.clusters();
    let found = match ident.parse::<ClusterId>() {
        Ok(id) => clusters.get_arc(id).await.map(|found| found.into_iter().collect()),
        Err(_) => clusters.by_name(ident).await,
    };
    found.map_err(|error| ApiError::store("read clusters", error))
}

/// The same with its template and groups, as of one instant.
pub async fn view(call: &Call, ident: &str, reach: Reach<'_>) -> Result<SharedView, ApiError> {
    let gone = || ApiError::NotFound { what: What::Cluster, ident: echo(ident) };
    let id = match ident.parse::<ClusterId>() {
        Ok(id) => id,
        Err(_) => cluster(call, ident, reach).await?.uuid,
    };
    let view = call.app.store.view_shared(id).await.map_err(|error| ApiError::store("read a cluster", error))?;
    view.filter(|view| reach.owns(&view.cluster.project_id)).ok_or_else(gone)
}

/// The only template of that uuid or name: the project's own, or a public one.
pub async fn template(call: &Call, ident: &str, reach: Reach<'_>) -> Result<Shared<ClusterTemplate>, ApiError> {
    let templates = call.app.store.templates();
    let found = match ident.parse::<TemplateId>() {
        Ok(id) => templates.get_arc(id).await.map(|found| found.into_iter().collect()),
        Err(_) => templates.by_name(ident).await,
    };
    let found = found.map_err(|error| ApiError::store("read templates", error))?;
    let is_seen = |template: &ClusterTemplate| reach.owns(&template.project_id) || (template.public && !template.hidden);
    only(What::ClusterTemplate, ident, found, is_seen)
}

/// The only one of those found that the caller sees.
pub fn only<T>(what: What, ident: &str, found: Vec<Shared<T>>, is_seen: impl Fn(&T) -> bool) -> Result<Shared<T>, ApiError> {
    let mut seen = found.into_iter().filter(|record| is_seen(&record.value));
    match (seen.next(), seen.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(ApiError::NotFound { what, ident: echo(ident) }),
        (Some(_), Some(_)) => Err(ApiError::Ambiguous { what }),
    }
}
