//! A cloud for a test, and somebody logged in to it.

use std::time::Duration;

use jeroboam_devcloud::{Credentials, Devcloud, Options, Who};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

pub async fn cloud() -> Devcloud {
    Devcloud::start(Options::default()).await.unwrap()
}

/// A cloud in which nothing comes to an end unless the clock is moved.
pub async fn slow_cloud() -> Devcloud {
    let options = Options { pace: Duration::from_secs(3600), ..Options::default() };
    Devcloud::start(options).await.unwrap()
}

pub async fn advance(cloud: &Devcloud, seconds: u64) {
    let url = format!("http://{}/devcloud/clock", cloud.address());
    let answer = Client::new().post(url).json(&json!({"seconds": seconds})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
}

/// Somebody with a token.
#[derive(Clone)]
pub struct Session {
    client: Client,
    root: String,
    pub token: String,
    /// What the login answered.
    pub shown: Value,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub text: String,
    pub headers: reqwest::header::HeaderMap,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self { status, body: serde_json::from_str(&text).unwrap_or(Value::Null), text, headers }
    }

    /// The body, of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }
}

pub fn password(credentials: &Credentials) -> Value {
    json!({"methods": ["password"], "password": {"user": {
        "name": credentials.username, "password": credentials.password, "domain": {"name": credentials.user_domain_name}}}})
}

pub fn scope(credentials: &Credentials) -> Value {
    match &credentials.project_name {
        Some(project) => json!({"project": {"name": project, "domain": {"name": credentials.domain_name}}}),
        None => json!({"domain": {"name": credentials.domain_name}}),
    }
}

/// Asks for a token; the answer may be a refusal.
pub async fn authenticate(cloud: &Devcloud, identity: Value, scope: Option<Value>) -> Answer {
    let mut auth = json!({ "identity": identity });
    if let Some(scope) = scope {
        auth["scope"] = scope;
    }
    let url = format!("{}/auth/tokens", cloud.identity_url());
    Answer::of(Client::new().post(url).json(&json!({ "auth": auth })).send().await.unwrap()).await
}

impl Session {
    pub async fn of(cloud: &Devcloud, who: Who) -> Self {
        let credentials = cloud.credentials(who);
        Self::with(cloud, password(&credentials), Some(scope(&credentials))).await
    }

    /// A seeded user by name, in the project of the same name or another one.
    pub async fn named(cloud: &Devcloud, user: &str, project: &str) -> Self {
        let credentials =
            Credentials { username: user.to_owned(), project_name: Some(project.to_owned()), ..cloud.credentials(Who::Demo) };
        Self::with(cloud, password(&credentials), Some(scope(&credentials))).await
    }

    #[track_caller]
    pub fn with(cloud: &Devcloud, identity: Value, scope: Option<Value>) -> impl Future<Output = Self> {
        let root = format!("http://{}", cloud.address());
        async move {
            let answer = authenticate(cloud, identity, scope).await;
            let token = answer.headers.get("x-subject-token").map(|token| token.to_str().unwrap().to_owned());
            let shown = answer.expect(201);
            Self { client: Client::new(), root, token: token.unwrap(), shown }
        }
    }

    /// The same caller with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub fn project(&self) -> &str {
        self.shown["token"]["project"]["id"].as_str().unwrap()
    }

    pub fn user(&self) -> &str {
        self.shown["token"]["user"]["id"].as_str().unwrap()
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.root)).header("X-Auth-Token", &self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body), &[]).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None, &[]).await
    }

    /// Validates a token as this caller.
    pub async fn validate(&self, token: &str) -> Answer {
        self.call(Method::GET, "/identity/v3/auth/tokens", None, &[("X-Subject-Token", token)]).await
    }

    /// A network with one subnet: their ids.
    pub async fn network(&self, name: &str, cidr: &str) -> (String, String) {
        let network = self.post("/network/v2.0/networks", json!({"network": {"name": name}})).await.expect(201);
        let network = id(&network["network"]);
        let subnet = json!({"subnet": {"network_id": network, "cidr": cidr, "ip_version": 4}});
        let subnet = self.post("/network/v2.0/subnets", subnet).await.expect(201);
        (network, id(&subnet["subnet"]))
    }

    pub async fn port(&self, network: &str) -> Value {
        self.post("/network/v2.0/ports", json!({"port": {"network_id": network}})).await.expect(201)["port"].clone()
    }

    pub async fn external_network(&self) -> String {
        id(&self.get("/network/v2.0/networks?router%3Aexternal=true").await.expect(200)["networks"][0])
    }

    pub async fn image(&self, name: &str) -> String {
        id(&self.get(&format!("/image/v2/images?name={name}")).await.expect(200)["images"][0])
    }
}

#[track_caller]
pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id in {object}")).to_owned()
}
