//! Who asks, and about what, as a command line tells it.

use std::{borrow::Cow, fs};

use anyhow::{Context, Result};
use jeroboam_policy::{Credential, Credentials, Scope, Target, TargetKey, Value};
use serde_json::Value as Json;

use crate::cli::Caller;

/// A file that holds a token is not longer than this, in bytes.
const MAX_ACCESS: usize = 1 << 20;

/// Whoever asks.
#[derive(Default)]
pub struct Asker {
    user: Option<String>,
    user_name: Option<String>,
    user_domain: Option<String>,
    project: Option<String>,
    domain: Option<String>,
    is_system: bool,
    roles: Vec<String>,
}

impl Asker {
    /// Nobody, if the arguments name none.
    pub fn of(caller: &Caller) -> Result<Option<Self>> {
        let Caller { access, roles, project, user, user_domain, system } = caller;
        if let Some(path) = access {
            let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            anyhow::ensure!(text.len() <= MAX_ACCESS, "{} is too long for a token", path.display());
            let access: Json = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
            let token = access.get("token").filter(|token| token.is_object());
            return Ok(Some(Self::of_token(token.with_context(|| format!("{} has no object 'token'", path.display()))?)));
        }
        let is_nobody = roles.is_empty() && project.is_none() && user.is_none() && user_domain.is_none() && !system;
        Ok((!is_nobody).then(|| Self {
            user: user.clone(),
            user_domain: user_domain.clone(),
            project: project.clone(),
            is_system: *system,
            roles: roles.clone(),
            ..Self::default()
        }))
    }

    fn of_token(token: &Json) -> Self {
        let text = |pointer: &str| token.pointer(pointer).and_then(Json::as_str).map(str::to_owned);
        let roles = token["roles"].as_array().into_iter().flatten();
        Self {
            user: text("/user/id"),
            user_name: text("/user/name"),
            user_domain: text("/user/domain/id"),
            project: text("/project/id"),
            domain: text("/domain/id"),
            is_system: token.get("system").is_some(),
            roles: roles.filter_map(|role| role["name"].as_str()).map(str::to_owned).collect(),
        }
    }

    pub fn scope(&self) -> Scope {
        match (self.is_system, &self.domain) {
            (true, _) => Scope::System,
            (false, Some(_)) => Scope::Domain,
            (false, None) => Scope::Project,
        }
    }
}

impl Credentials for Asker {
    fn get(&self, key: &Credential) -> Value<'_> {
        match key {
            Credential::UserId => Value::or_null(self.user.as_deref()),
            Credential::UserName => Value::or_null(self.user_name.as_deref()),
            Credential::UserDomainId => Value::or_null(self.user_domain.as_deref()),
            Credential::ProjectId => Value::or_null(self.project.as_deref()),
            Credential::DomainId => Value::or_null(self.domain.as_deref().or(self.user_domain.as_deref())),
            Credential::SystemScope => Value::or_null(self.is_system.then_some("all")),
            Credential::IsAdmin | Credential::Roles | Credential::Other(_) => Value::Missing,
        }
    }

    fn roles(&self) -> &[String] {
        &self.roles
    }
}

/// What is asked about.
pub struct Asked<'a> {
    given: Vec<(TargetKey, &'a str)>,
}

impl<'a> Asked<'a> {
    /// What is the asker's own, if nothing is given.
    pub fn new(asker: &'a Asker, target: &'a [(String, String)]) -> Self {
        let own = [(TargetKey::ProjectId, &asker.project), (TargetKey::UserId, &asker.user)];
        let own = own.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
        let given = target.iter().map(|(name, value)| (TargetKey::of(name), value.as_str()));
        Self { given: if target.is_empty() { own.collect() } else { given.collect() } }
    }
}

impl Target for Asked<'_> {
    fn get(&self, key: &TargetKey) -> Value<'_> {
        let found = self.given.iter().rev().find(|(given, _)| given == key);
        found.map_or(Value::Missing, |(_, value)| Value::Text(Cow::Borrowed(value)))
    }
}
