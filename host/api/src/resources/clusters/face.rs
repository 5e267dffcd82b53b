//! The names that clusters are served under: `clusters`, and the `bays` of older clients. Handlers are the same for both.

use super::fields::{COLLECTION, ClusterResource, Draft, Shown};
use crate::fields::Resource;
use crate::lookup::Permit;
use crate::microversion::Microversion;
use crate::policy::Rule;

/// A table of clusters' attributes, with what else differs.
pub trait Face: Resource<Shown = Shown, Draft = Draft> {
    const COLLECTION: &'static str;
    /// What generated names end in.
    const KIND: &'static str;
    const RULES: Rules;
    /// From where on an unknown template is 404 rather than a bad request.
    const TEMPLATE_NOT_FOUND: Option<Microversion>;
}

/// By which rules it is decided.
pub struct Rules {
    pub get: Permit,
    pub get_all: Permit,
    pub detail: Permit,
    pub create: Rule,
    pub update: Permit,
    pub delete: Permit,
    /// Besides `update`: asked about the caller.
    pub update_health_status: Option<Rule>,
}

impl Face for ClusterResource {
    const COLLECTION: &'static str = COLLECTION;
    const KIND: &'static str = "cluster";
    const RULES: Rules = Rules {
        get: Permit::and(Rule::ClusterGet, Rule::ClusterGetOneAllProjects),
        get_all: Permit::and(Rule::ClusterGetAll, Rule::ClusterGetAllAllProjects),
        detail: Permit::and(Rule::ClusterDetail, Rule::ClusterDetailAllProjects),
        create: Rule::ClusterCreate,
        update: Permit::and(Rule::ClusterUpdate, Rule::ClusterUpdateAllProjects),
        delete: Permit::and(Rule::ClusterDelete, Rule::ClusterDeleteAllProjects),
        update_health_status: Some(Rule::ClusterUpdateHealthStatus),
    };
    const TEMPLATE_NOT_FOUND: Option<Microversion> = Some(Microversion::ZERO_NODES);
}
