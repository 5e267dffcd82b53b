//! Who may: what a request knows of its caller and of what it asks about, in the terms of [`jeroboam_policy`].

mod target;

pub use jeroboam_policy::Rule;
pub use target::Target;

use jeroboam_policy::{Credential, Credentials, Decision, Rules, Scope, Value};

use crate::caller::{Caller, CallerScope};
use crate::error::ApiError;

/// Whether the caller may.
pub fn decide(rules: &Rules, rule: Rule, caller: &Caller, target: Target<'_>, trustee_domain: Option<&str>) -> bool {
    if caller.is_local {
        // Whoever is root here could write the policy: no file locks that door. What is about projects is not its business.
        return Rule::DEFINITIONS.get(rule as usize).is_some_and(|definition| definition.scopes.is_empty());
    }
    let target = target::Asked { target, trustee_domain };
    rules.decide(rule, caller, caller.scope.kind(), &target) == Decision::Allowed
}

/// The same, with the error that a denial is.
pub fn enforce(
    rules: &Rules,
    rule: Rule,
    caller: &Caller,
    target: Target<'_>,
    trustee_domain: Option<&str>,
) -> Result<(), ApiError> {
    if decide(rules, rule, caller, target, trustee_domain) { Ok(()) } else { Err(ApiError::Policy(rule.name())) }
}

impl Credentials for Caller {
    fn get(&self, key: &Credential) -> Value<'_> {
        match key {
            Credential::UserId => Value::text(&self.user_id.0),
            Credential::UserName => Value::text(&self.user_name),
            Credential::UserDomainId => Value::text(&self.user_domain_id),
            Credential::ProjectId => Value::or_null(self.project_id().map(|id| id.0.as_str())),
            Credential::DomainId => match &self.scope {
                CallerScope::Domain(domain) => Value::text(domain),
                CallerScope::Project(_) | CallerScope::System | CallerScope::Unscoped => Value::text(&self.user_domain_id),
            },
            Credential::SystemScope => Value::or_null((self.scope == CallerScope::System).then_some("all")),
            Credential::IsAdmin | Credential::Roles | Credential::Other(_) => Value::Missing,
        }
    }

    fn roles(&self) -> &[String] {
        &self.roles
    }
}

impl CallerScope {
    const fn kind(&self) -> Scope {
        match self {
            Self::Project(_) | Self::Unscoped => Scope::Project,
            Self::Domain(_) => Scope::Domain,
            Self::System => Scope::System,
        }
    }
}

#[cfg(test)]
mod tests;
