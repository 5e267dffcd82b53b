//! Logging in: by password, by token, by application credential; then the scope.

use std::time::Duration;

use serde_json::Value;

use super::{
    Keystone,
    model::{Project, User},
    policy::forbidden,
    tokens::{Identity, Token, TokenScope, unauthorized},
    views::audit_id,
};
use crate::{
    moment::Moment,
    record::{Attributes as _, Body},
    refusal::Refusal,
};

/// Who proved to be whom, before the scope is looked at.
struct Proof {
    user: User,
    methods: Vec<String>,
    app_credential: Option<String>,
    /// Of the token that was exchanged: the new one ends with it, and is audited with it.
    parent: Option<Token>,
}

impl Keystone {
    /// Answers an authentication request (the object under `auth`) with a new token.
    pub fn authenticate(&mut self, auth: &Body, now: Moment, lifetime: Duration) -> Result<(String, Identity), Refusal> {
        let identity = auth.object("identity").ok_or_else(|| malformed("identity"))?;
        let proof = self.prove(identity, now)?;
        let scope = self.scope(auth.get("scope"), &proof, now)?;
        let fresh = audit_id();
        let token = Token {
            digest: String::new(),
            audit_ids: match &proof.parent {
                Some(parent) => [Some(fresh), parent.audit_ids.last().cloned()].into_iter().flatten().collect(),
                None => vec![fresh],
            },
            methods: proof.methods,
            user_id: proof.user.id,
            generation: proof.user.generation,
            scope,
            app_credential_id: proof.app_credential,
            issued: now,
            expires: proof.parent.map_or(now.plus(lifetime), |parent| parent.expires),
        };
        // A lifetime of zero makes a token that has ended, which is worth something to a test.
        self.identity(&token, Moment(token.expires.0.saturating_sub(1)).min(now))?;
        if let TokenScope::Trust(id) = &token.scope {
            self.use_trust(id);
        }
        let (secret, token) = self.issue(token);
        let shown = self.identity(&token, Moment(token.expires.0.saturating_sub(1)).min(now))?;
        Ok((secret, shown))
    }

    fn prove(&self, identity: &Body, now: Moment) -> Result<Proof, Refusal> {
        let methods: Vec<String> = identity.list("methods").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let mut proof: Option<Proof> = None;
        for method in &methods {
            let given = identity.object(method).ok_or_else(|| malformed(method))?;
            let (user, app_credential, parent) = match method.as_str() {
                "password" => (self.by_password(given)?, None, None),
                "token" => {
                    let secret = given.text("id").ok_or_else(|| malformed("id"))?;
                    let known = self.resolve(secret, now).ok_or_else(unauthorized)?;
                    if matches!(known.token.scope, TokenScope::Trust(_)) {
                        return Err(forbidden("rescope a token of a trust"));
                    }
                    (known.user, known.token.app_credential_id.clone(), Some(known.token))
                }
                "application_credential" => {
                    let (user, id) = self.by_app_credential(given, now)?;
                    (user, Some(id), None)
                }
                _ => return Err(unauthorized()),
            };
            if proof.as_ref().is_some_and(|proof| proof.user.id != user.id) {
                return Err(unauthorized());
            }
            let methods = parent.as_ref().map_or_else(Vec::new, |parent: &Token| parent.methods.clone());
            proof = Some(Proof { user, methods, app_credential, parent });
        }
        let mut proof = proof.ok_or_else(|| malformed("methods"))?;
        for method in methods {
            if !proof.methods.contains(&method) {
                proof.methods.push(method);
            }
        }
        Ok(proof)
    }

    fn by_password(&self, given: &Body) -> Result<User, Refusal> {
        let user = given.object("user").ok_or_else(|| malformed("user"))?;
        let found = self.named_user(user).ok_or_else(unauthorized)?;
        let password = user.get("password").and_then(Value::as_str).ok_or_else(|| malformed("password"))?;
        let opens = found.password.as_ref().is_some_and(|sealed| sealed.opens_with(password));
        if opens && found.enabled { Ok(found.clone()) } else { Err(unauthorized()) }
    }

    fn by_app_credential(&self, given: &Body, now: Moment) -> Result<(User, String), Refusal> {
        let credential = match (given.text("id"), given.text("name"), given.object("user")) {
            (Some(id), ..) => self.app_credentials.get(id),
            (None, Some(name), Some(user)) => self.named_user(user).and_then(|user| {
                let mut all = self.app_credentials.values();
                all.find(|credential| credential.user_id == user.id && credential.name == name)
            }),
            _ => return Err(malformed("id")),
        };
        let secret = given.text("secret").ok_or_else(|| malformed("secret"))?;
        let credential = credential
            .filter(|credential| credential.lives(now) && credential.secret.opens_with(secret))
            .ok_or_else(unauthorized)?;
        let user = self.users.get(&credential.user_id).ok_or_else(unauthorized)?;
        Ok((user.clone(), credential.id.clone()))
    }

    fn named_user(&self, user: &Body) -> Option<&User> {
        match user.text("id") {
            Some(id) => self.users.get(id),
            None => self.user_named(&self.named_domain(user.object("domain")?)?, user.text("name")?),
        }
    }

    fn named_domain(&self, domain: &Body) -> Option<String> {
        match domain.text("id") {
            Some(id) => self.domains.get(id).map(|domain| domain.id.clone()),
            None => self.domain_named(domain.text("name")?).map(|domain| domain.id.clone()),
        }
    }

    fn named_project(&self, project: &Body) -> Option<&Project> {
        match project.text("id") {
            Some(id) => self.projects.get(id),
            None => self.project_named(&self.named_domain(project.object("domain")?)?, project.text("name")?),
        }
    }

    fn scope(&self, asked: Option<&Value>, proof: &Proof, now: Moment) -> Result<TokenScope, Refusal> {
        if let Some(credential) = proof.app_credential.as_ref().and_then(|id| self.app_credentials.get(id)) {
            let own = TokenScope::Project(credential.project_id.clone());
            let same = match asked {
                None | Some(Value::Null) => true,
                Some(asked) => self.asked_scope(asked, proof, now)? == own,
            };
            return if same { Ok(own) } else { Err(unauthorized()) };
        }
        match asked {
            Some(Value::String(text)) if text == "unscoped" => Ok(TokenScope::Unscoped),
            Some(Value::Object(scope)) if scope.contains_key("unscoped") => Ok(TokenScope::Unscoped),
            Some(asked) if !asked.is_null() => self.asked_scope(asked, proof, now),
            _ => Ok(proof.user.default_project_id.clone().map_or(TokenScope::Unscoped, TokenScope::Project)),
        }
    }

    fn asked_scope(&self, asked: &Value, proof: &Proof, now: Moment) -> Result<TokenScope, Refusal> {
        let asked = asked.as_object().ok_or_else(|| malformed("scope"))?;
        if let Some(project) = asked.object("project") {
            let found = self.named_project(project).ok_or_else(unauthorized)?;
            return Ok(TokenScope::Project(found.id.clone()));
        }
        if let Some(domain) = asked.object("domain") {
            return self.named_domain(domain).map(TokenScope::Domain).ok_or_else(unauthorized);
        }
        if asked.contains_key("system") {
            return Ok(TokenScope::System);
        }
        let trust = asked.object("OS-TRUST:trust").and_then(|trust| trust.text("id")).ok_or_else(|| malformed("scope"))?;
        let trust = self.trusts.get(trust).filter(|trust| trust.lives(now)).ok_or_else(unauthorized)?;
        if trust.trustee_user_id != proof.user.id {
            return Err(forbidden("User is not a trustee"));
        }
        if trust.remaining_uses == Some(0) {
            return Err(unauthorized());
        }
        Ok(TokenScope::Trust(trust.id.clone()))
    }
}

fn malformed(what: &str) -> Refusal {
    Refusal::bad(format!(
        "Expecting to find {what} in identity. The server could not comply with the request since it is either malformed or \
         otherwise incorrect. The client is assumed to be in error."
    ))
}
