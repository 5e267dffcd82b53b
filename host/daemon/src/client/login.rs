//! Who to be at which cloud, from the names that openstackclient uses: `OS_USERNAME` in the environment is `auth: {username: …}` in `clouds.yaml`.

use std::collections::BTreeMap;

use jeroboam_cloud::{
    CloudConfig, CredentialRef, DomainRef, Identity, Interface, ProjectRef, Scope, Secret, Service, ServiceConfig, UserRef,
};
use serde_yaml_ng::Value;
use url::Url;

use super::ClientError;
use crate::cli::Connection;

/// What is needed to log in.
pub struct Login {
    pub config: CloudConfig,
    pub identity: Identity,
    pub interface: Interface,
    /// In place of the catalogue's.
    pub endpoint: Option<Url>,
}

/// Names without `OS_`, in lower case. Holds passwords: it is never printed.
struct Given {
    values: BTreeMap<String, String>,
    /// Where they come from, for whoever has to mend them.
    source: String,
}

impl Login {
    /// From `OS_*`.
    pub fn from_variables(variable: &dyn Fn(&str) -> Option<String>, connection: &Connection) -> Result<Self, ClientError> {
        let named = |name: &&str| variable(&format!("OS_{}", name.to_ascii_uppercase())).map(|value| ((*name).to_owned(), value));
        Given { values: NAMES.iter().filter_map(named).collect(), source: "the OS_* variables".to_owned() }.login(connection)
    }

    /// From an entry of `clouds.yaml`.
    pub fn from_cloud(name: &str, entry: Value, connection: &Connection) -> Result<Self, ClientError> {
        let mut values = BTreeMap::new();
        let members = |value: &Value| value.as_mapping().cloned().unwrap_or_default();
        for (key, value) in members(&entry).into_iter().chain(members(entry.get("auth").unwrap_or(&Value::Null))) {
            if let (Some(key), Some(value)) = (key.as_str(), scalar(&value)) {
                values.insert(key.to_owned(), value);
            }
        }
        if values.contains_key("profile") && !values.contains_key("auth_url") {
            return Err(ClientError::Login(format!("the cloud {name} has a profile, and those are not read: give its auth_url")));
        }
        Given { values, source: format!("the cloud {name}") }.login(connection)
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The variables that are read.
const NAMES: &[&str] = &[
    "auth_type",
    "auth_url",
    "username",
    "user_id",
    "user_domain_name",
    "user_domain_id",
    "default_domain",
    "password",
    "project_name",
    "project_id",
    "tenant_name",
    "tenant_id",
    "project_domain_name",
    "project_domain_id",
    "domain_name",
    "domain_id",
    "system_scope",
    "token",
    "application_credential_id",
    "application_credential_name",
    "application_credential_secret",
    "region_name",
    "interface",
    "endpoint_type",
    "endpoint_override",
    "container_infra_endpoint_override",
    "cacert",
    "cert",
    "key",
    "insecure",
    "verify",
];

impl Given {
    fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.values.get(*name)).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn need(&self, names: &[&str]) -> Result<&str, ClientError> {
        self.get(names).ok_or_else(|| self.wrong(format!("without {}", names.join(" or "))))
    }

    fn secret(&self, name: &str) -> Result<Secret, ClientError> {
        self.need(&[name]).map(Secret::new)
    }

    fn wrong(&self, what: String) -> ClientError {
        ClientError::Login(format!("cannot log in with {}: {what}", self.source))
    }

    fn login(self, flags: &Connection) -> Result<Login, ClientError> {
        let mut config = CloudConfig::new(self.url(self.need(&["auth_url"])?)?);
        config.region = flags.os_region_name.clone().or_else(|| self.get(&["region_name"]).map(str::to_owned));
        config.tls.ca_file = flags.os_cacert.clone().or_else(|| self.get(&["cacert"]).map(Into::into));
        config.tls.cert_file = self.get(&["cert"]).map(Into::into);
        config.tls.key_file = self.get(&["key"]).map(Into::into);
        config.tls.insecure = self.flag("insecure")?.unwrap_or(false) || !self.flag("verify")?.unwrap_or(true);
        let interface = flags.os_interface.as_deref().or_else(|| self.get(&["interface", "endpoint_type"])).unwrap_or("public");
        let interface = Interface::parse(interface)
            .ok_or_else(|| self.wrong(format!("the interface {interface} is none of public, internal, admin")))?;
        let endpoint = flags.os_endpoint_override.as_deref();
        let endpoint = endpoint.or_else(|| self.get(&["container_infra_endpoint_override", "endpoint_override"]));
        let endpoint = endpoint.map(|text| self.url(text)).transpose()?;
        config
            .services
            .insert(Service::Magnum, ServiceConfig { endpoint_override: endpoint.clone(), ..ServiceConfig::default() });
        Ok(Login { identity: self.identity()?, config, interface, endpoint })
    }

    fn identity(&self) -> Result<Identity, ClientError> {
        let usual = match (self.get(&["token"]), self.get(&["application_credential_id", "application_credential_name"])) {
            (Some(_), _) if self.get(&["password"]).is_none() => "token",
            (_, Some(_)) => "v3applicationcredential",
            _ => "password",
        };
        match self.get(&["auth_type"]).unwrap_or(usual) {
            "password" | "v3password" => {
                Ok(Identity::Password { user: self.user()?, password: self.secret("password")?, scope: self.scope() })
            }
            "token" | "v3token" => Ok(Identity::Token(self.secret("token")?)),
            "v3applicationcredential" => {
                let secret = self.secret("application_credential_secret")?;
                let credential = match self.get(&["application_credential_id"]) {
                    Some(id) => CredentialRef::Id(id.to_owned()),
                    None => CredentialRef::Name {
                        name: self.need(&["application_credential_id", "application_credential_name"])?.to_owned(),
                        user: self.user()?,
                    },
                };
                Ok(Identity::ApplicationCredential { credential, secret })
            }
            other => {
                let known = "password, token and v3applicationcredential";
                Err(self.wrong(format!("the auth_type {other} is not known here, only {known}")))
            }
        }
    }

    fn user(&self) -> Result<UserRef, ClientError> {
        if let Some(id) = self.get(&["user_id"]) {
            return Ok(UserRef::Id(id.to_owned()));
        }
        let name = self.need(&["username", "user_id"])?.to_owned();
        Ok(UserRef::Name { name, domain: self.domain_of("user") })
    }

    /// An unscoped token would find no catalogue, and so no daemon.
    fn scope(&self) -> Scope {
        if let Some(id) = self.get(&["project_id", "tenant_id"]) {
            return Scope::Project(ProjectRef::Id(id.to_owned()));
        }
        if let Some(name) = self.get(&["project_name", "tenant_name"]) {
            return Scope::Project(ProjectRef::Name { name: name.to_owned(), domain: self.domain_of("project") });
        }
        if self.get(&["system_scope"]).is_some() {
            return Scope::System;
        }
        match (self.get(&["domain_id"]), self.get(&["domain_name"])) {
            (Some(id), _) => Scope::Domain(DomainRef::Id(id.to_owned())),
            (None, Some(name)) => Scope::Domain(DomainRef::Name(name.to_owned())),
            (None, None) => Scope::Unscoped,
        }
    }

    fn domain_of(&self, whose: &str) -> DomainRef {
        let (id, name) = (format!("{whose}_domain_id"), format!("{whose}_domain_name"));
        match (self.get(&[&id]), self.get(&[&name])) {
            (Some(id), _) => DomainRef::Id(id.to_owned()),
            (None, Some(name)) => DomainRef::Name(name.to_owned()),
            (None, None) => DomainRef::Id(self.get(&["default_domain"]).unwrap_or("default").to_owned()),
        }
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, ClientError> {
        self.get(&[name])
            .map(|text| match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(self.wrong(format!("{name} is neither true nor false"))),
            })
            .transpose()
    }

    fn url(&self, text: &str) -> Result<Url, ClientError> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.ok_or_else(|| self.wrong(format!("{text} is no address; they begin with http:// or https://")))
    }
}

#[cfg(test)]
mod tests;
