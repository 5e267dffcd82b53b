//! `coe-api`: HTTP to the API of this cluster, and to nothing else.

use std::time::Duration;

use async_trait::async_trait;

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::coe_api as wit,
    phase::Rule,
    source::{HostError, Nothing, SourceError},
    state::CallState,
};

/// The longest body of an answer, in bytes. A source should not read further.
pub const BODY_MAX: usize = 4 << 20;

/// Headers that the host sets, or that would let a request say one thing and mean another.
const HOST_HEADERS: &[&str] = &[
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Who sends [`coe-api`](self) requests. A source is made for one cluster: it has the address, the client certificate and the
/// CA, and follows no redirects.
#[async_trait]
pub trait CoeApi: Send + Sync {
    async fn send(&self, request: Request) -> Result<Response, SourceError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

/// A checked request: `path` starts with one `/`, and headers hold nothing that a source would have to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// At most what is left of the call.
    pub timeout: Duration,
    /// The name of a certificate that was issued; `None`: the host's own.
    pub identity: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub(crate) const fn rule(phase: Phase) -> Rule {
    match phase {
        Phase::PickRemovals | Phase::CheckHealth => Rule::Reads,
        #[cfg(feature = "coe-0-3")]
        Phase::RepairNodes => Rule::Reads,
        Phase::BeforeDelete => Rule::Allow,
        phase if phase.is_of_resources() => Rule::Allow,
        _ => Rule::Trap,
    }
}

impl wit::Host for CallState {
    async fn send(&mut self, request: wit::Request) -> Result<wit::Response, HostError> {
        let method = Method::parse(&request.method);
        let reads = matches!(method, Some(Method::Get | Method::Head));
        let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.enter(Interface::CoeApi, reads, request.path.len() + headers + request.body.len())?;
        let request = parse(request, method, self.time_left())?;
        let response = self.sources.coe_api.clone().send(request).await?;
        if response.body.len() > BODY_MAX {
            return Err(SourceError::Unsupported(format!("the answer has more than {BODY_MAX} bytes")).into());
        }
        let headers: usize = response.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.exchanged(headers + response.body.len())?;
        Ok(wit::Response { status: response.status, headers: response.headers, body: response.body })
    }
}

fn parse(request: wit::Request, method: Option<Method>, left: Duration) -> Result<Request, SourceError> {
    let refuse = |what: &str| Err(SourceError::Unsupported(what.to_owned()));
    let Some(method) = method else { return refuse("methods are GET, HEAD, POST, PUT, PATCH and DELETE") };
    let path = request.path;
    let plain = path.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !matches!(byte, b'\\' | b'#'));
    if !path.starts_with('/') || path.starts_with("//") || !plain {
        return refuse("a path starts with one '/', and is printable ASCII without '\\' and '#'");
    }
    for (name, value) in &request.headers {
        let token =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !token || HOST_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return refuse("a header's name is not one that a driver may set");
        }
        if !value.bytes().all(|byte| byte == b'\t' || (0x20..0x7f).contains(&byte)) {
            return refuse("a header's value is not printable ASCII");
        }
    }
    let timeout = Duration::from_millis(request.timeout_ms.into()).min(left);
    Ok(Request { method, path, headers: request.headers, body: request.body, timeout, identity: request.identity })
}

impl Method {
    fn parse(name: &str) -> Option<Self> {
        const ALL: &[Method] = &[Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete];
        ALL.iter().copied().find(|method| method.as_str() == name)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

#[async_trait]
impl CoeApi for Nothing {
    async fn send(&self, _: Request) -> Result<Response, SourceError> {
        Self::denied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, header: (&str, &str)) -> wit::Request {
        wit::Request {
            method: "GET".into(),
            path: path.into(),
            headers: vec![(header.0.into(), header.1.into())],
            body: vec![],
            timeout_ms: 60_000,
            identity: None,
        }
    }

    fn parsed(path: &str, header: (&str, &str)) -> Result<Request, SourceError> {
        parse(request(path, header), Some(Method::Get), Duration::from_secs(3))
    }

    #[test]
    fn a_path_cannot_name_another_host() {
        for path in ["", "api", "//evil", "/\\evil", "http://evil/", "@evil", "/a b", "/a\r\nHost: evil", "/a#b", "/ä"] {
            assert!(matches!(parsed(path, ("accept", "*/*")), Err(SourceError::Unsupported(_))), "{path:?}");
        }
        assert_eq!(parsed("/api/v1/nodes?limit=1", ("accept", "*/*")).unwrap().path, "/api/v1/nodes?limit=1");
    }

    #[test]
    fn headers_of_the_hosts_cannot_be_set() {
        for header in [
            ("Host", "evil"),
            ("authorization", "x"),
            ("Transfer-Encoding", "chunked"),
            ("a b", "c"),
            ("", "c"),
            ("a", "b\r\nc: d"),
        ] {
            assert!(matches!(parsed("/", header), Err(SourceError::Unsupported(_))), "{header:?}");
        }
    }

    #[test]
    fn a_request_cannot_outlast_its_call() {
        assert_eq!(parsed("/", ("accept", "*/*")).unwrap().timeout, Duration::from_secs(3));
    }
}
