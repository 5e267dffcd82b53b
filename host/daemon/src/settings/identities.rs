//! Who the service is: its own user, and the administrator of clusters' users.

use jeroboam_cloud::{DomainRef, Identity, ProjectRef, Scope, Secret, UserRef};

use super::{TrusteeAdmin, wrong};
use crate::config::{ConfigError, Ini, options as o};

/// `[keystone_auth]`, filled up from `[keystone_authtoken]`.
pub fn service(ini: &Ini) -> Result<Identity, ConfigError> {
    let either = |own: &o::Opt<String>, other: &o::Opt<String>| -> Result<Option<String>, ConfigError> {
        Ok(match own.find(ini)? {
            Some(value) => Some(value),
            None => other.find(ini)?,
        })
    };
    let needed = |value: Option<String>, option: &o::Opt<String>| {
        value.ok_or_else(|| wrong(option, "needed here or in [keystone_authtoken]: the service has to log in to Keystone"))
    };
    let name = needed(either(&o::AUTH_USERNAME, &o::TOKEN_USERNAME)?, &o::AUTH_USERNAME)?;
    let password = needed(either(&o::AUTH_PASSWORD, &o::TOKEN_PASSWORD)?, &o::AUTH_PASSWORD)?;
    let project = needed(either(&o::AUTH_PROJECT_NAME, &o::TOKEN_PROJECT_NAME)?, &o::AUTH_PROJECT_NAME)?;
    let user_domain = domain(
        either(&o::AUTH_USER_DOMAIN_NAME, &o::TOKEN_USER_DOMAIN_NAME)?,
        either(&o::AUTH_USER_DOMAIN_ID, &o::TOKEN_USER_DOMAIN_ID)?,
    );
    let project_domain = domain(
        either(&o::AUTH_PROJECT_DOMAIN_NAME, &o::TOKEN_PROJECT_DOMAIN_NAME)?,
        either(&o::AUTH_PROJECT_DOMAIN_ID, &o::TOKEN_PROJECT_DOMAIN_ID)?,
    );
    Ok(Identity::Password {
        user: UserRef::Name { name, domain: user_domain },
        password: Secret::new(password),
        scope: Scope::Project(ProjectRef::Name { name: project, domain: project_domain }),
    })
}

/// `[trust]`; `None` if no trustee domain is named.
pub fn trustee_admin(ini: &Ini) -> Result<Option<TrusteeAdmin>, ConfigError> {
    let Some(trustee_domain) = named(o::TRUSTEE_DOMAIN_NAME.find(ini)?, o::TRUSTEE_DOMAIN_ID.find(ini)?) else {
        return Ok(None);
    };
    let user = match (o::TRUSTEE_ADMIN_ID.find(ini)?, o::TRUSTEE_ADMIN_NAME.find(ini)?) {
        (Some(id), _) => UserRef::Id(id),
        (None, Some(name)) => {
            let own = named(o::TRUSTEE_ADMIN_DOMAIN_NAME.find(ini)?, o::TRUSTEE_ADMIN_DOMAIN_ID.find(ini)?);
            UserRef::Name { name, domain: own.unwrap_or_else(|| trustee_domain.clone()) }
        }
        (None, None) => return Err(wrong(&o::TRUSTEE_ADMIN_NAME, "a trustee domain needs an administrator, by name or id")),
    };
    let password = o::TRUSTEE_ADMIN_PASSWORD
        .find(ini)?
        .ok_or_else(|| wrong(&o::TRUSTEE_ADMIN_PASSWORD, "needed for the administrator of the trustee domain"))?;
    Ok(Some(TrusteeAdmin {
        identity: Identity::Password { user, password: Secret::new(password), scope: Scope::Domain(trustee_domain.clone()) },
        domain: trustee_domain,
        roles: o::TRUST_ROLES.find(ini)?.unwrap_or_default(),
    }))
}

fn named(name: Option<String>, id: Option<String>) -> Option<DomainRef> {
    name.map(DomainRef::Name).or(id.map(DomainRef::Id))
}

fn domain(name: Option<String>, id: Option<String>) -> DomainRef {
    named(name, id).unwrap_or_else(|| DomainRef::Id("default".to_owned()))
}
