//! Keystone: tokens, domains, users, trusts, and what the cloud consists of.

mod domains;
mod projects;
mod regions;
mod services;
pub(crate) mod tokens;
mod trusts;
mod users;

pub use domains::Domain;
pub use projects::Project;
pub use regions::Region;
pub use services::ServiceRecord;
pub use tokens::{AccessRule, ApplicationCredential, DomainId, ProjectId, Role, TokenInfo, TokenScope, TokenTrust, UserId};
pub use trusts::{NewTrust, Trust};
pub use users::{NewUser, User};

use crate::session::Session;

/// Keystone, as the identity of a session.
#[derive(Clone)]
pub struct Keystone {
    session: Session,
}

impl Keystone {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }
}
