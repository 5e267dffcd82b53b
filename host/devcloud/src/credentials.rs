//! The identities that every cloud starts with.

use std::fmt;

/// One of the seeded identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The cloud administrator, in project `admin`.
    Admin,
    /// An ordinary user, in project `demo`.
    Demo,
    /// The user `magnum` that the daemon validates tokens with, in project `service`.
    Service,
    /// The administrator of the trustee domain `magnum`; its tokens are scoped to that domain.
    TrusteeDomainAdmin,
}

/// What to log in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub auth_url: String,
    pub username: String,
    pub password: String,
    pub user_domain_name: String,
    /// The project of the scope; `None` when the scope is a domain.
    pub project_name: Option<String>,
    /// The domain of the project, or the domain that is the scope.
    pub domain_name: String,
}

/// The password of every seeded user. It guards nothing: the cloud is simulated and listens on loopback.
pub(crate) const PASSWORD: &str = "devcloud";

impl Who {
    pub(crate) fn credentials(self, auth_url: String) -> Credentials {
        let (username, project, domain) = match self {
            Self::Admin => ("admin", Some("admin"), "Default"),
            Self::Demo => ("demo", Some("demo"), "Default"),
            Self::Service => ("magnum", Some("service"), "Default"),
            Self::TrusteeDomainAdmin => ("trustee_domain_admin", None, "magnum"),
        };
        Credentials {
            auth_url,
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            user_domain_name: domain.to_owned(),
            project_name: project.map(str::to_owned),
            domain_name: domain.to_owned(),
        }
    }
}

impl Credentials {
    /// Lines to `source` before the `openstack` command.
    pub fn openrc(&self) -> String {
        let scope = match &self.project_name {
            Some(project) => format!("export OS_PROJECT_NAME={project}\nexport OS_PROJECT_DOMAIN_NAME={}\n", self.domain_name),
            None => format!("unset OS_PROJECT_NAME OS_PROJECT_DOMAIN_NAME\nexport OS_DOMAIN_NAME={}\n", self.domain_name),
        };
        format!(
            "export OS_AUTH_TYPE=password\nexport OS_AUTH_URL={}\nexport OS_IDENTITY_API_VERSION=3\nexport OS_REGION_NAME=RegionOne\n\
             export OS_INTERFACE=public\nexport OS_USERNAME={}\nexport OS_PASSWORD={}\nexport OS_USER_DOMAIN_NAME={}\n{scope}",
            self.auth_url, self.username, self.password, self.user_domain_name
        )
    }
}

/// Leaves the password out.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("auth_url", &self.auth_url)
            .field("username", &self.username)
            .field("user_domain_name", &self.user_domain_name)
            .field("project_name", &self.project_name)
            .field("domain_name", &self.domain_name)
            .finish_non_exhaustive()
    }
}
