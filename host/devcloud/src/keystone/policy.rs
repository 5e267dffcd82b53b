//! Who may do what in Keystone: one function decides.

use super::{model::DEFAULT_DOMAIN, tokens::Identity};
use crate::refusal::Refusal;

/// What a request is about.
#[derive(Clone, Copy, Debug)]
pub enum Concern<'a> {
    /// The cloud as a whole: roles, services, other people's assignments.
    Cloud,
    /// What is in a domain.
    Domain(&'a str),
    /// One user, whom the request reads or who acts.
    User { id: &'a str, domain_id: &'a str },
    /// A token of this user.
    Token { user_id: &'a str },
    /// A trust between these.
    Trust { trustor: &'a str, trustee: &'a str },
}

/// Administrators may do everything: those of a domain in their domain, all others everywhere. Everybody may see to
/// themselves. Services may validate tokens.
pub fn decide(caller: &Identity, action: &str, concern: Concern<'_>) -> Result<(), Refusal> {
    let admin = caller.has_role("admin");
    let own_domain = caller.domain_id();
    let everywhere = admin && own_domain.is_none();
    let within = |domain: &str| admin && own_domain == Some(domain) && domain != DEFAULT_DOMAIN;
    let allowed = everywhere
        || match concern {
            Concern::Cloud => false,
            Concern::Domain(id) => within(id),
            Concern::User { id, domain_id } => within(domain_id) || id == caller.user.id,
            Concern::Token { user_id } => caller.has_role("service") || admin || user_id == caller.user.id,
            Concern::Trust { trustor, trustee } => [trustor, trustee].contains(&caller.user.id.as_str()),
        };
    if allowed { Ok(()) } else { Err(forbidden(action)) }
}

pub fn forbidden(action: &str) -> Refusal {
    Refusal::forbidden(format!("You are not authorized to perform the requested action: {action}."))
}
