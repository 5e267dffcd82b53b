//! A cloud that says what the test tells it to, and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use jeroboam_cloud::{Cloud, CloudConfig, DomainRef, Identity, ProjectRef, Retries, Scope, Secret, Session, UserRef};
use serde_json::{Value, json};
use url::Url;

pub const PASSWORD: &str = "pa55-of-magnum";
pub const ISSUED: &str = "2026-01-01T00:00:00.000000Z";
/// Two hours after [`ISSUED`].
pub const LATER: &str = "2026-01-01T02:00:00.000000Z";

/// A request as it arrived.
#[derive(Clone)]
pub struct Seen {
    pub query: String,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// An answer to give.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Content,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    /// That many zeros, in chunks and without a Content-Length.
    Chunked(usize),
    /// No answer ever.
    Silence,
}

impl Answer {
    pub fn json(status: u16, body: Value) -> Self {
        Self::text(status, &body.to_string())
    }

    pub fn text(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: Content::Bytes(Bytes::from(body.to_owned())) }
    }

    pub fn chunked_zeros(bytes: usize) -> Self {
        Self { status: 200, headers: Vec::new(), body: Content::Chunked(bytes) }
    }

    pub fn zeros(bytes: usize) -> Self {
        Self { status: 200, headers: Vec::new(), body: Content::Bytes(Bytes::from(vec![0; bytes])) }
    }

    pub fn silence() -> Self {
        Self { status: 200, headers: Vec::new(), body: Content::Silence }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Default)]
struct Book {
    answers: Mutex<HashMap<String, Vec<Answer>>>,
    seen: Mutex<HashMap<String, Vec<Seen>>>,
}

/// The cloud. Paths begin with `/identity`, `/heat` and so on; see [`catalog`].
pub struct ScriptedCloud {
    pub url: Url,
    book: Arc<Book>,
}

impl ScriptedCloud {
    /// Starts one that issues tokens `token-1`, `token-2`, … with the usual catalogue.
    pub async fn start() -> Self {
        let cloud = Self::start_empty().await;
        let answers = (1..=9).map(|n| cloud.token_answer(&format!("token-{n}"), LATER)).collect();
        cloud.script("POST /identity/v3/auth/tokens", answers);
        cloud
    }

    pub async fn start_empty() -> Self {
        let book = Arc::new(Book::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let router = Router::new().fallback(answer).with_state(book.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, book }
    }

    /// Answers to `METHOD /path`, one after the other; the last one stays. With ` as <token>` behind
    /// it, answers to those who show that token.
    pub fn script(&self, what: &str, answers: Vec<Answer>) {
        self.book.answers.lock().unwrap().insert(what.to_owned(), answers);
    }

    pub fn on(&self, what: &str, status: u16, body: Value) {
        self.script(what, vec![Answer::json(status, body)]);
    }

    pub fn seen(&self, what: &str) -> Vec<Seen> {
        self.book.seen.lock().unwrap().get(what).cloned().unwrap_or_default()
    }

    pub fn count(&self, what: &str) -> usize {
        self.seen(what).len()
    }

    pub fn was_left_alone(&self) -> bool {
        self.book.seen.lock().unwrap().is_empty()
    }

    /// Keystone's answer to a request for a token.
    pub fn token_answer(&self, token: &str, expires_at: &str) -> Answer {
        Answer::json(201, self.token_body(expires_at)).header("x-subject-token", token)
    }

    pub fn token_body(&self, expires_at: &str) -> Value {
        json!({"token": {
            "methods": ["password"],
            "user": {"id": "u1", "name": "magnum", "domain": {"id": "default", "name": "Default"}},
            "project": {"id": "p1", "name": "service", "domain": {"id": "default", "name": "Default"}},
            "roles": [{"id": "r1", "name": "admin"}],
            "issued_at": ISSUED,
            "expires_at": expires_at,
            "audit_ids": ["a1"],
            "catalog": catalog(&self.url),
        }})
    }

    pub fn config(&self) -> CloudConfig {
        let mut config = CloudConfig::new(self.url.join("/identity").unwrap());
        config.retries = Retries { max: 3, base: Duration::from_millis(1), cap: Duration::from_millis(20) };
        config
    }

    pub fn cloud(&self) -> Cloud {
        Cloud::new(self.config()).unwrap()
    }

    pub fn session(&self) -> Session {
        self.cloud().session(service_user())
    }
}

pub fn service_user() -> Identity {
    let domain = DomainRef::Name("Default".into());
    Identity::Password {
        user: UserRef::Name { name: "magnum".into(), domain: domain.clone() },
        password: Secret::new(PASSWORD),
        scope: Scope::Project(ProjectRef::Name { name: "service".into(), domain }),
    }
}

/// Every service, public, in RegionOne; no Octavia.
pub fn catalog(url: &Url) -> Value {
    let entry = |kind: &str, path: &str| {
        let url = url.join(path).unwrap();
        json!({"type": kind, "endpoints": [{"interface": "public", "region_id": "RegionOne", "region": "RegionOne", "url": url.as_str()}]})
    };
    json!([
        entry("identity", "/identity"),
        entry("orchestration", "/heat/v1/p1"),
        entry("image", "/image"),
        entry("compute", "/compute/v2.1"),
        entry("network", "/network"),
        entry("volumev3", "/volume/v3/p1"),
    ])
}

async fn answer(State(book): State<Arc<Book>>, request: Request<Body>) -> Response<Body> {
    let what = key(request.method(), request.uri());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    let token = headers.get("x-auth-token").and_then(|token| token.to_str().ok()).unwrap_or("nobody");
    let as_token = format!("{what} as {token}");
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    book.seen.lock().unwrap().entry(what.clone()).or_default().push(Seen { query, headers, body });
    let next = {
        let mut answers = book.answers.lock().unwrap();
        let script = if answers.contains_key(&as_token) { &as_token } else { &what };
        match answers.get_mut(script) {
            Some(answers) if answers.len() > 1 => Some(answers.remove(0)),
            Some(answers) => answers.first().cloned(),
            None => None,
        }
    };
    let Answer { status, headers, body } =
        next.unwrap_or_else(|| Answer::text(418, &format!("the test has no answer to {what}")));
    let body = match body {
        Content::Bytes(bytes) => Body::from(bytes),
        Content::Chunked(bytes) => {
            let chunk = Bytes::from(vec![0; 64 * 1024]);
            let chunks = bytes.div_ceil(chunk.len());
            Body::from_stream(futures::stream::iter((0..chunks).map(move |_| Ok::<_, std::io::Error>(chunk.clone()))))
        }
        Content::Silence => std::future::pending().await,
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn key(method: &Method, uri: &Uri) -> String {
    format!("{method} {}", uri.path())
}
