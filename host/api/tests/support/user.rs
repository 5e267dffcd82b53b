//! Requests, as somebody.

use axum::body::Body;
use http::{Extensions, Method, Request};
use http_body_util::BodyExt;
use jeroboam_api::{LocalOperator, Peer};
use serde_json::Value;
use tower::ServiceExt;

use super::{Answer, Api};

#[derive(Clone)]
pub struct User<'a> {
    api: &'a Api,
    token: Option<String>,
    headers: Vec<(String, String)>,
    extensions: Extensions,
}

impl<'a> User<'a> {
    pub fn new(api: &'a Api, token: Option<String>) -> Self {
        Self { api, token, headers: vec![("host".to_owned(), "magnum.example:9511".to_owned())], extensions: Extensions::new() }
    }

    /// The token that requests have.
    pub fn token(&self) -> String {
        self.token.clone().unwrap_or_default()
    }

    /// Speaks a version of the API: `1.9`, `latest`.
    pub fn speaking(self, version: &str) -> Self {
        self.header("openstack-api-version", &format!("container-infra {version}"))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(present, _)| present != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// At the other end of a connection from there.
    pub fn from(mut self, peer: Peer) -> Self {
        self.extensions.insert(peer);
        self
    }

    /// On the operator's socket.
    pub fn local(mut self, operator: LocalOperator) -> Self {
        self.extensions.insert(operator);
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, &body.to_string()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.clone().header("content-type", "application/octet-stream").send(Method::DELETE, path, "").await
    }

    /// A request without a body.
    pub async fn send_to(self, method: Method, path: String) -> Answer {
        self.send(method, &path, "").await
    }

    pub async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !self.headers.iter().any(|(name, _)| name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(token) = &self.token {
            request = request.header("x-auth-token", token);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().extend(self.extensions.clone());
        self.api.send(request).await
    }
}

impl Api {
    /// Any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }
}
