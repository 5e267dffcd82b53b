//! What a rule is asked about.

use std::borrow::Cow;

use jeroboam_model::{Cluster, ClusterTemplate, ProjectId, UserId};
use jeroboam_policy::{TargetKey, Value};

use crate::caller::Caller;

/// What a rule is asked about. Nothing, where the rule looks at the caller alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target<'a> {
    pub project_id: Option<&'a ProjectId>,
    /// The owner.
    pub user_id: Option<&'a UserId>,
    pub(super) object: Option<Object<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Object<'a> {
    Cluster(&'a Cluster),
    Template(&'a ClusterTemplate),
}

impl<'a> Target<'a> {
    pub const fn project(project_id: &'a ProjectId) -> Self {
        Self { project_id: Some(project_id), user_id: None, object: None }
    }

    pub const fn cluster(cluster: &'a Cluster) -> Self {
        let object = Some(Object::Cluster(cluster));
        Self { project_id: Some(&cluster.project_id), user_id: Some(&cluster.user_id), object }
    }

    pub const fn template(template: &'a ClusterTemplate) -> Self {
        let object = Some(Object::Template(template));
        Self { project_id: Some(&template.project_id), user_id: Some(&template.user_id), object }
    }

    /// The caller itself: what is asked about where there is no object yet.
    pub fn own(caller: &'a Caller) -> Self {
        Self { project_id: caller.project_id(), user_id: Some(&caller.user_id), object: None }
    }
}

/// A target, and what is the same for all of them.
pub(super) struct Asked<'a> {
    pub target: Target<'a>,
    pub trustee_domain: Option<&'a str>,
}

impl jeroboam_policy::Target for Asked<'_> {
    fn get(&self, key: &TargetKey) -> Value<'_> {
        match (key, self.target.object) {
            (TargetKey::ProjectId, _) => self.target.project_id.map_or(Value::Missing, |id| Value::text(&id.0)),
            (TargetKey::UserId, _) => self.target.user_id.map_or(Value::Missing, |id| Value::text(&id.0)),
            (TargetKey::TrusteeDomainId, _) => self.trustee_domain.map_or(Value::Missing, Value::text),
            (key, Some(Object::Cluster(cluster))) => of_cluster(key, cluster),
            (key, Some(Object::Template(template))) => of_template(key, template),
            (_, None) => Value::Missing,
        }
    }
}

fn of_cluster<'a>(key: &TargetKey, cluster: &'a Cluster) -> Value<'a> {
    let trustee = cluster.trustee.as_ref();
    match key {
        TargetKey::TrusteeUserId => Value::or_null(trustee.and_then(|t| t.user_id.as_ref()).map(|id| id.0.as_str())),
        TargetKey::TrustId => Value::or_null(trustee.and_then(|t| t.trust_id.as_deref())),
        TargetKey::Uuid => Value::Text(Cow::Owned(cluster.uuid.to_string())),
        TargetKey::Name => Value::text(&cluster.name),
        TargetKey::ClusterTemplateId => Value::Text(Cow::Owned(cluster.cluster_template_id.to_string())),
        TargetKey::StackId => Value::or_null(cluster.stack_id.as_deref()),
        _ => Value::Missing,
    }
}

fn of_template<'a>(key: &TargetKey, template: &'a ClusterTemplate) -> Value<'a> {
    match key {
        TargetKey::Uuid => Value::Text(Cow::Owned(template.uuid.to_string())),
        TargetKey::Name => Value::text(&template.name),
        TargetKey::Coe => Value::text(template.coe.as_str()),
        TargetKey::Public => Value::flag(template.public),
        TargetKey::Hidden => Value::flag(template.hidden),
        _ => Value::Missing,
    }
}
