//! Answers as etcd writes them, good and bad.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use jeroboam_model::discovery::{Discovery, Event, Member};
use serde_json::{Value, json};

const INDEX: HeaderName = HeaderName::from_static("x-etcd-index");

/// What a request to a key gets.
pub struct Answer {
    status: StatusCode,
    index: u64,
    /// Nothing where nothing happened in time: etcd asks again.
    body: Option<Value>,
}

/// An error by etcd's codes: the one that members act upon is [`Self::Exists`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    Missing,
    Exists,
    ReadOnly,
    Value,
    Field,
    /// To be asked again later.
    Busy,
    /// The store's.
    Internal,
}

/// A refusal: what, about which key, and at what index.
#[derive(Debug)]
pub struct Refused {
    pub error: KeyError,
    pub cause: String,
    pub index: u64,
}

impl Answer {
    pub fn size(discovery: &Discovery) -> Self {
        let first = Discovery::FIRST_INDEX;
        let key = format!("{}/_config/size", path(discovery));
        let node = json!({"key": key, "value": discovery.size.to_string(), "modifiedIndex": first, "createdIndex": first});
        Self::read(discovery, node)
    }

    /// Hidden keys, such as the size, are not listed.
    pub fn directory(discovery: &Discovery) -> Self {
        let first = Discovery::FIRST_INDEX;
        let nodes: Vec<Value> = discovery.members().into_iter().map(|member| node(discovery, member)).collect();
        let mut directory = json!({"key": path(discovery), "dir": true, "modifiedIndex": first, "createdIndex": first});
        if let (Some(directory), false) = (directory.as_object_mut(), nodes.is_empty()) {
            directory.insert("nodes".to_owned(), Value::Array(nodes));
        }
        Self::read(discovery, directory)
    }

    pub fn member(discovery: &Discovery, member: Member<'_>) -> Self {
        Self::read(discovery, node(discovery, member))
    }

    /// What was done, or what was waited for.
    pub fn event(discovery: &Discovery, event: Event<'_>) -> Self {
        let (action, status) = match (event.before, event.after) {
            (None, _) => ("create", StatusCode::CREATED),
            (Some(_), Some(_)) => ("set", StatusCode::OK),
            (Some(_), None) => ("delete", StatusCode::OK),
        };
        let left = || {
            let created = event.before.map_or(event.index, |before| before.created);
            json!({"key": key(discovery, event.id), "modifiedIndex": event.index, "createdIndex": created})
        };
        let mut body = json!({"action": action, "node": event.after.map_or_else(left, |after| node(discovery, after))});
        if let (Some(body), Some(before)) = (body.as_object_mut(), event.before) {
            body.insert("prevNode".to_owned(), node(discovery, before));
        }
        Self { status, index: discovery.index(), body: Some(body) }
    }

    pub fn nothing(discovery: &Discovery) -> Self {
        Self { status: StatusCode::OK, index: discovery.index(), body: None }
    }

    /// The same for one who did not do it, but was told.
    pub fn told(self) -> Self {
        Self { status: StatusCode::OK, ..self }
    }

    fn read(discovery: &Discovery, node: Value) -> Self {
        Self { status: StatusCode::OK, index: discovery.index(), body: Some(json!({"action": "get", "node": node})) }
    }
}

impl KeyError {
    /// etcd's code and text, and the status that goes with them.
    const fn parts(self) -> (u32, &'static str, StatusCode) {
        match self {
            Self::Missing => (100, "Key not found", StatusCode::NOT_FOUND),
            Self::Exists => (105, "Key already exists", StatusCode::PRECONDITION_FAILED),
            Self::ReadOnly => (107, "Root is read only", StatusCode::FORBIDDEN),
            Self::Value => (200, "Value is Required in POST form", StatusCode::BAD_REQUEST),
            Self::Field => (209, "Invalid field", StatusCode::BAD_REQUEST),
            Self::Busy => (300, "Raft Internal Error", StatusCode::SERVICE_UNAVAILABLE),
            Self::Internal => (300, "Raft Internal Error", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    pub fn of(self, cause: impl Into<String>, index: u64) -> Refused {
        Refused { error: self, cause: cause.into(), index }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        write(self.status, self.index, self.body)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (code, message, status) = self.error.parts();
        let body = json!({"errorCode": code, "message": message, "cause": self.cause, "index": self.index});
        write(status, self.index, Some(body))
    }
}

fn write(status: StatusCode, index: u64, body: Option<Value>) -> Response {
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(INDEX, HeaderValue::from(index));
    response
}

fn path(discovery: &Discovery) -> String {
    format!("/discovery/{}", discovery.token)
}

pub fn key(discovery: &Discovery, id: &str) -> String {
    format!("{}/{id}", path(discovery))
}

fn node(discovery: &Discovery, member: Member<'_>) -> Value {
    json!({
        "key": key(discovery, member.id),
        "value": member.value,
        "modifiedIndex": member.modified,
        "createdIndex": member.created,
    })
}
