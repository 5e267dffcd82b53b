//! Who may do what: Magnum's default rules, and the one function that decides by them.

mod rules;

pub use rules::Rule;

use jeroboam_model::{ProjectId, UserId};

use crate::caller::{Caller, CallerScope};
use crate::error::ApiError;

/// What a rule is asked about. Nothing, where the rule looks at the caller alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Target<'a> {
    pub project_id: Option<&'a ProjectId>,
    /// The owner.
    pub user_id: Option<&'a UserId>,
    /// The user that the cluster's own nodes are.
    pub trustee_user_id: Option<&'a UserId>,
}

/// Who passes a rule. An administrator passes all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    Admin,
    Member,
    Reader,
    /// A member, unless it is a cluster's own user.
    MemberNotTrustee,
    ReaderNotTrustee,
    /// A member who owns the object, or the cluster's own user.
    MemberOwnerOrTrustee,
    /// A member who owns the cluster, or the cluster's own user: a node without a trust has no project to be a member of.
    MemberOwnerOrNode,
    ReaderOwnerOrNode,
}

/// Which tokens a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeType {
    Project,
    Any,
}

impl<'a> Target<'a> {
    pub const fn project(project_id: &'a ProjectId) -> Self {
        Self { project_id: Some(project_id), user_id: None, trustee_user_id: None }
    }

    /// The caller itself: what is asked about where there is no object yet.
    pub fn own(caller: &'a Caller) -> Self {
        Self { project_id: caller.project_id(), user_id: Some(&caller.user_id), trustee_user_id: None }
    }
}

/// Whether the caller may.
pub fn decide(rule: Rule, caller: &Caller, target: Target<'_>, trustee_domain: Option<&str>) -> bool {
    if rule.scope_type() == ScopeType::Project && matches!(caller.scope, CallerScope::Domain | CallerScope::System) {
        return false;
    }
    if caller.is_admin {
        return true;
    }
    let in_project = target.project_id.is_some() && caller.project_id() == target.project_id;
    let member = caller.is_member && in_project;
    let reader = caller.is_reader && in_project;
    let owner = target.user_id == Some(&caller.user_id);
    let node = target.trustee_user_id == Some(&caller.user_id);
    let trustee = trustee_domain == Some(caller.user_domain_id.as_str());
    match rule.check() {
        Check::Admin => false,
        Check::Member => member,
        Check::Reader => reader,
        Check::MemberNotTrustee => member && !trustee,
        Check::ReaderNotTrustee => reader && !trustee,
        Check::MemberOwnerOrTrustee => member && (owner || node),
        Check::MemberOwnerOrNode => node || (member && owner),
        Check::ReaderOwnerOrNode => node || (reader && owner),
    }
}

/// The same, with the error that a denial is.
pub fn enforce(rule: Rule, caller: &Caller, target: Target<'_>, trustee_domain: Option<&str>) -> Result<(), ApiError> {
    if decide(rule, caller, target, trustee_domain) { Ok(()) } else { Err(ApiError::Policy(rule.name())) }
}

#[cfg(test)]
mod tests;
