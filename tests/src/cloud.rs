//! The simulated cloud in this process, and an HTTP client that is one of its users.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::{Devcloud, Options, Who};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// A simulated cloud whose changes take no time.
pub struct Cloud {
    pub devcloud: Devcloud,
}

/// A user with a token.
#[derive(Clone)]
pub struct User {
    http: Client,
    token: String,
    pub user_id: String,
    pub project_id: String,
    api: Url,
}

impl Cloud {
    /// `api` is where the daemon will listen.
    pub async fn start(api: &Url, pace: Duration) -> Result<Self> {
        let options = Options { container_infra: Some(api.clone()), pace, ..Options::default() };
        Ok(Self { devcloud: Devcloud::start(options).await? })
    }

    /// The `magnum.conf` of a daemon for this cloud.
    pub fn configuration(&self, port: u16, state: &std::path::Path) -> String {
        let service = self.devcloud.credentials(Who::Service);
        let trustee = self.devcloud.credentials(Who::TrusteeDomainAdmin);
        format!(
            "[DEFAULT]\nstate_path = {state}\ndebug = true\n[api]\nport = {port}\n[jeroboam]\npoll_min = 0.05\npoll_max = 0.2\n\
             [drivers]\nnew_versions = activate\nself_test = report\ncache_directory = {cache}\n[keystone_authtoken]\nwww_authenticate_uri = {auth}\nauth_url = {auth}\nusername = {user}\npassword = {password}\n\
             project_name = service\nregion_name = RegionOne\n\
             [trust]\ncluster_user_trust = true\ntrustee_domain_name = {domain}\ntrustee_domain_admin_name = {admin}\n\
             trustee_domain_admin_password = {admin_password}\n[kubernetes]\nhealth_polling_interval = -1\n",
            state = state.display(),
            // Compiling the bundled drivers is most of a start; once is enough for all daemons of a run.
            cache = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tmp/compiled-for-daemons"),
            auth = service.auth_url,
            user = service.username,
            password = service.password,
            domain = trustee.domain_name,
            admin = trustee.username,
            admin_password = trustee.password,
        )
    }

    /// Variables for the `openstack` command.
    pub fn variables(&self, who: Who) -> BTreeMap<String, String> {
        let openrc = self.devcloud.credentials(who).openrc();
        let exports = openrc.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        exports.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Logs in.
    pub async fn user(&self, who: Who, api: &Url) -> Result<User> {
        let credentials = self.devcloud.credentials(who);
        let project = credentials.project_name.as_deref().context("a user with a project")?;
        self.user_named(&credentials.username, project, api).await
    }

    /// Logs in as one of the seeded users of the default domain.
    pub async fn user_named(&self, name: &str, project: &str, api: &Url) -> Result<User> {
        let password = self.devcloud.credentials(Who::Demo).password;
        let user = json!({"name": name, "password": password, "domain": {"name": "Default"}});
        self.log_in(user, json!({"project": {"name": project, "domain": {"name": "Default"}}}), api).await
    }

    /// Logs in with a password, as Keystone's API says it; the scope is a project, a trust, or null for none.
    pub async fn log_in(&self, user: Value, scope: Value, api: &Url) -> Result<User> {
        let http = Client::new();
        let auth_url = self.devcloud.credentials(Who::Demo).auth_url;
        let mut body = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}});
        if !scope.is_null() {
            body["auth"]["scope"] = scope;
        }
        let answer = http.post(format!("{auth_url}/auth/tokens")).json(&body).send().await?;
        ensure!(answer.status() == StatusCode::CREATED, "{}", answer.text().await?);
        let token = answer.headers().get("x-subject-token").context("a token")?.to_str()?.to_owned();
        let body: Value = answer.json().await?;
        let id = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned).context("an id in the token");
        Ok(User {
            http,
            token,
            user_id: id("/token/user/id")?,
            project_id: id("/token/project/id").unwrap_or_default(),
            api: api.clone(),
        })
    }

    /// What exists because of clusters: objects that nobody seeded, as `service/type name`; of stacks only those that are in no other.
    pub fn made(&self) -> Vec<String> {
        let inventory = self.devcloud.inventory();
        let objects = inventory["objects"].as_array().cloned().unwrap_or_default();
        objects
            .iter()
            .filter(|object| object["seeded"] != true && object["nested"] != true)
            .map(|object| format!("{}/{} {}", text(object, "service"), text(object, "type"), text(object, "name")))
            .collect()
    }

    /// How many of a kind there are, such as `identity/trust`.
    pub fn count(&self, kind: &str) -> usize {
        self.made().iter().filter(|line| line.split(' ').next() == Some(kind)).count()
    }
}

impl User {
    /// A request to the daemon, with the newest microversion.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Response> {
        self.ask_with(method, path, body, &[]).await
    }

    /// The same with further headers.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&'static str, &str)],
    ) -> Result<Response> {
        let url = format!("{}{path}", self.api.as_str().trim_end_matches('/'));
        let mut request = self
            .http
            .request(method, url)
            .header("x-auth-token", &self.token)
            .header("openstack-api-version", "container-infra latest");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Ok(request.send().await?)
    }

    /// A GET of another service.
    pub async fn get_json(&self, url: &str) -> Result<Value> {
        Ok(self.http.get(url).header("x-auth-token", &self.token).send().await?.error_for_status()?.json().await?)
    }

    /// A POST to another service.
    pub async fn post_json(&self, url: &str, body: &Value) -> Result<Value> {
        let request = self.http.post(url).header("x-auth-token", &self.token).json(body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// A POST of a component to the daemon.
    pub async fn send_component(&self, path: &str, component: Vec<u8>) -> Result<Response> {
        let url = format!("{}{path}", self.api.as_str().trim_end_matches('/'));
        let request = self.http.post(url).header("x-auth-token", &self.token).header("content-type", "application/wasm");
        Ok(request.body(component).send().await?)
    }

    /// A PUT of bytes to another service.
    pub async fn put_bytes(&self, url: &str, bytes: &'static [u8]) -> Result<()> {
        let request = self.http.put(url).header("x-auth-token", &self.token).header("content-type", "application/octet-stream");
        request.body(bytes).send().await?.error_for_status()?;
        Ok(())
    }

    /// For requests that are not made by this.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request as bytes, for a load generator.
    pub fn request(&self, method: &Method, path: &str, body: Option<&Value>) -> Vec<u8> {
        let host = format!("{}:{}", self.api.host_str().unwrap_or_default(), self.api.port().unwrap_or_default());
        let prefix = self.api.path().trim_end_matches('/');
        let body = body.map(Value::to_string).unwrap_or_default();
        format!(
            "{method} {prefix}{path} HTTP/1.1\r\nhost: {host}\r\naccept: application/json\r\nx-auth-token: {}\r\n\
             openstack-api-version: container-infra latest\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len(),
        )
        .into_bytes()
    }

    /// The body of an answer that must have this status.
    pub async fn expect(&self, method: Method, path: &str, body: Option<&Value>, status: u16) -> Result<Value> {
        let answer = self.ask(method.clone(), path, body).await?;
        let (got, text) = (answer.status().as_u16(), answer.text().await?);
        ensure!(got == status, "{method} {path}: {got} in place of {status}: {text}");
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or("-")
}
