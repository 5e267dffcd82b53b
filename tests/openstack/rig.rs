//! Where the real services are, and being one of their users.

use std::{collections::BTreeMap, env, fs, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

/// What `rig/up.sh` wrote down.
pub struct Rig {
    pub folder: PathBuf,
    settings: BTreeMap<String, String>,
}

/// Who to log in as, where.
pub enum Login<'a> {
    Password { user: &'a str, project: &'a str },
    ApplicationCredential { id: &'a str, secret: &'a str },
}

/// A token, and the endpoints that came with it.
#[derive(Clone)]
pub struct Session {
    http: Client,
    pub token: String,
    pub user_id: String,
    pub project_id: String,
    endpoints: Arc<BTreeMap<String, String>>,
}

impl Rig {
    pub fn find() -> Result<Self> {
        let folder = env::var_os("RIG_STATE")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/openstack"), PathBuf::from);
        let text = fs::read_to_string(folder.join("rig.env")).context("run `cargo xtask openstack up` first")?;
        let settings =
            text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(Self { folder, settings: settings.collect() })
    }

    pub fn setting(&self, name: &str) -> Result<&str> {
        self.settings.get(name).map(String::as_str).with_context(|| format!("rig.env says nothing of {name}"))
    }

    /// All services are in one region, but of `container-infra` there is one in each.
    pub async fn log_in(&self, login: Login<'_>, region: &str) -> Result<Session> {
        let domain = json!({"id": "default"});
        let auth = match login {
            Login::Password { user, project } => json!({
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": user, "password": self.setting("PASSWORD")?, "domain": domain}}},
                "scope": {"project": {"name": project, "domain": domain}}}),
            Login::ApplicationCredential { id, secret } => json!({
                "identity": {"methods": ["application_credential"], "application_credential": {"id": id, "secret": secret}}}),
        };
        let http = Client::builder().timeout(Duration::from_secs(180)).build()?;
        let answer = http.post(format!("{}/auth/tokens", self.setting("AUTH_URL")?)).json(&json!({"auth": auth})).send().await?;
        ensure!(answer.status() == StatusCode::CREATED, "login: {}", answer.text().await?);
        let token = answer.headers().get("x-subject-token").context("a token")?.to_str()?.to_owned();
        let body: Value = answer.json().await?;
        let id = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned).context("an id in the token");
        let mut endpoints = BTreeMap::new();
        for service in list(&body["token"]["catalog"]) {
            let region = if service["type"] == "container-infra" { region } else { self.setting("REGION")? };
            for endpoint in list(&service["endpoints"]) {
                if endpoint["interface"] == "public" && endpoint["region"] == region {
                    endpoints.insert(text(service, "type"), text(endpoint, "url"));
                }
            }
        }
        Ok(Session {
            http,
            token,
            user_id: id("/token/user/id")?,
            project_id: id("/token/project/id")?,
            endpoints: Arc::new(endpoints),
        })
    }
}

impl Session {
    /// Status and body of an answer.
    pub async fn ask(&self, service: &str, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let endpoint = self.endpoints.get(service).with_context(|| format!("no endpoint of {service}"))?;
        let mut request = self
            .http
            .request(method.clone(), format!("{endpoint}{path}"))
            .header("x-auth-token", &self.token)
            // Without it, Barbican answers what it does not understand with text.
            .header("accept", "application/json");
        if service == "container-infra" {
            request = request.header("openstack-api-version", "container-infra latest");
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.with_context(|| format!("{method} {service}{path}"))?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// The body of an answer that is a success.
    pub async fn done(&self, service: &str, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        match self.ask(service, method.clone(), path, body).await? {
            (200..=299, answer) => Ok(answer),
            (status, answer) => bail!("{method} {service}{path}: {status} {answer}"),
        }
    }

    pub async fn get(&self, service: &str, path: &str) -> Result<Value> {
        self.done(service, Method::GET, path, None).await
    }

    pub async fn post(&self, service: &str, path: &str, body: &Value) -> Result<Value> {
        self.done(service, Method::POST, path, Some(body)).await
    }
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
