//! One request on its way through a resource, and the frame around all resources.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jeroboam_conductor::NewRequester;
use jeroboam_model::{RequestId, Secret};
use jeroboam_policy::Rules;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::accept::accepts;
use crate::app::App;
use crate::caller::Caller;
use crate::edge::{RequestIds, token_of};
use crate::error::{ApiError, ErrorShape, echo, respond_in};
use crate::links::Base;
use crate::microversion::Microversion;
use crate::policy::{Rule, Target, decide, enforce};
use crate::reply::{JSON, Reply};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(60);
/// The same for a component.
const COMPONENT_TIME: Duration = Duration::from_secs(600);

/// What is settled about a route before its handler sees a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gate {
    /// Who may: decided before the body is read. Nothing: the handler decides, by the object that it finds.
    pub rule: Option<Rule>,
    /// Whether the body is a component, of a component's size.
    pub takes_component: bool,
    /// What the answer can be besides JSON.
    pub mimetype: Option<&'static str>,
    /// What its clients read when it fails.
    pub error_shape: ErrorShape,
}

/// What a resource gets to see of a request.
pub struct Call {
    pub app: App,
    pub caller: Arc<Caller>,
    pub request_id: RequestId,
    /// Of the request that it was sent for, if it was.
    pub global_request_id: Option<RequestId>,
    pub version: Microversion,
    /// Those that are in force from its first question to its last.
    rules: Arc<Rules>,
    /// The name or id in the path, if the route has one.
    pub ident: String,
    /// What the path has after that.
    pub second_ident: Option<String>,
    warnings: Warnings,
    parts: Parts,
    body: Bytes,
}

/// What the client is told beside the answer: accepted, yet worth a look. Header `Warning`, RFC 7234 §5.5.
#[derive(Clone, Debug, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

/// More than these are only logged: headers have to stay small.
const MOST_WARNINGS: usize = 20;

/// The whole of a resource's handler, behind its gate.
pub async fn serve_through<F, Fut>(gate: Gate, State(app): State<App>, request: Request, handler: F) -> Response
where
    F: FnOnce(Call) -> Fut,
    Fut: Future<Output = Result<Reply, ApiError>>,
{
    let ids = request.extensions().get().cloned().unwrap_or_else(|| RequestIds::of(request.headers()));
    let warnings = Warnings::default();
    let answer = match Call::read(gate, app.clone(), request, ids.clone(), warnings.clone()).await {
        Ok(call) => handler(call).await,
        Err(error) => Err(error),
    };
    let mut response = match answer {
        Ok(reply) => reply.into_response(),
        Err(error) => respond_in(gate.error_shape, &error, &ids.own, &app.www_authenticate),
    };
    warnings.describe(response.headers_mut());
    response
}

impl Warnings {
    fn add(&self, text: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }

    fn describe(&self, headers: &mut HeaderMap) {
        let texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for text in texts.iter().take(MOST_WARNINGS) {
            let quoted: String = text.chars().filter(|c| c.is_ascii() && !c.is_ascii_control()).take(500).collect();
            let quoted = quoted.replace('\\', "\\\\").replace('"', "\\\"");
            if let Ok(value) = HeaderValue::try_from(format!("299 jeroboam \"{quoted}\"")) {
                headers.append(header::WARNING, value);
            }
        }
    }
}

impl Call {
    async fn read(gate: Gate, app: App, request: Request, ids: RequestIds, warnings: Warnings) -> Result<Self, ApiError> {
        if !accepts(request.headers(), JSON) && !gate.mimetype.is_some_and(|other| accepts(request.headers(), other)) {
            return Err(ApiError::NotAcceptable);
        }
        let (mut parts, body) = request.into_parts();
        let caller = parts.extensions.get::<Arc<Caller>>().cloned().ok_or(ApiError::Unauthenticated)?;
        let version = parts.extensions.get().copied().unwrap_or(Microversion::MIN);
        let params = RawPathParams::from_request_parts(&mut parts, &()).await.map_err(|_| ApiError::Path)?;
        let mut idents = params.iter().map(|(_, value)| value.to_owned());
        let (ident, second_ident) = (idents.next().unwrap_or_default(), idents.next());
        let rules = app.config.policy.rules();
        if let Some(rule) = gate.rule {
            enforce(&rules, rule, &caller, Target::default(), app.config.trustee_domain_id.as_deref())?;
        }
        let body = match gate.takes_component {
            true => read_body(body, app.config.max_component_size, COMPONENT_TIME).await?,
            false => read_body(body, app.config.max_request_body_size, BODY_TIME).await?,
        };
        let RequestIds { own: request_id, global: global_request_id } = ids;
        Ok(Self { app, caller, request_id, global_request_id, version, rules, ident, second_ident, warnings, parts, body })
    }

    /// Tells the client, and the operator's log, of something that was accepted.
    pub fn warn(&self, text: String) {
        tracing::warn!(request = %self.request_id, "{text}");
        self.warnings.add(text);
    }

    /// What other services are told that they work for.
    pub fn onward_id(&self) -> &RequestId {
        self.global_request_id.as_ref().unwrap_or(&self.request_id)
    }

    pub fn query(&self) -> Option<&str> {
        self.parts.uri.query()
    }

    /// For resources without parameters.
    pub fn no_query(&self) -> Result<(), ApiError> {
        crate::query::Query::read(self.query(), []).map(drop)
    }

    pub fn base(&self) -> Base {
        Base::of(&self.parts.uri, &self.parts.headers, self.app.config.enable_proxy_headers_parsing)
    }

    /// The caller's own token, for asking services in its name.
    pub fn token(&self) -> Secret {
        Secret::new(token_of(&self.parts.headers).unwrap_or_default())
    }

    /// Who will have asked for an operation. Without a project nothing is accepted, so that its absence never gets there.
    pub fn requester(&self) -> NewRequester {
        NewRequester {
            user_id: self.caller.user_id.clone(),
            user_name: self.caller.user_name.clone(),
            project_id: self.caller.project_id().cloned().unwrap_or_else(|| "".into()),
            roles: self.caller.roles.clone(),
            request_id: self.request_id.clone(),
            global_request_id: self.global_request_id.clone(),
            token: self.token(),
            token_expires_at: self.caller.expires_at,
        }
    }

    /// The body's object.
    pub fn object(&self, argument: &'static str) -> Result<Map<String, Value>, ApiError> {
        match self.json(argument)? {
            Value::Object(object) => Ok(object),
            _ => Err(ApiError::NotAnObject),
        }
    }

    /// The body's value, whatever it is.
    pub fn json(&self, argument: &'static str) -> Result<Value, ApiError> {
        if self.body.is_empty() {
            return Err(ApiError::MissingArgument(argument));
        }
        let mimetype = self.parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match mimetype.split(';').next().unwrap_or_default().trim() {
            "" | "application/json" => serde_json::from_slice(&self.body).map_err(|_| ApiError::NotJson),
            "application/x-www-form-urlencoded" => {
                let name = form_urlencoded::parse(&self.body).next().map(|(name, _)| echo(&name));
                Err(ApiError::UnknownArgument(name.unwrap_or_default()))
            }
            other => Err(ApiError::Mimetype(echo(other))),
        }
    }

    /// The body, by its type's own rules; `argument` is what is missing if there is none.
    pub fn read_as<T: DeserializeOwned>(&self, argument: &'static str) -> Result<T, ApiError> {
        serde_json::from_value(self.json(argument)?).map_err(|error| ApiError::Body(echo(&error.to_string())))
    }

    /// The body of a request that sends a component.
    pub fn component(&self) -> Result<Vec<u8>, ApiError> {
        if self.body.is_empty() {
            return Err(ApiError::NoComponent);
        }
        Ok(self.body.to_vec())
    }

    /// Whether the client would rather have something else than JSON.
    pub fn prefers(&self, mimetype: &str) -> bool {
        accepts(&self.parts.headers, mimetype) && !accepts(&self.parts.headers, JSON)
    }

    pub fn may(&self, rule: Rule, target: Target<'_>) -> bool {
        decide(&self.rules, rule, &self.caller, target, self.app.config.trustee_domain_id.as_deref())
    }

    pub fn enforce(&self, rule: Rule, target: Target<'_>) -> Result<(), ApiError> {
        enforce(&self.rules, rule, &self.caller, target, self.app.config.trustee_domain_id.as_deref())
    }

    /// Whether the caller is an administrator of the deployment.
    pub fn is_admin(&self) -> bool {
        self.caller.is_local || self.rules.is_admin(&*self.caller)
    }

    /// For what is only there from some version on.
    pub fn since(&self, version: Microversion, action: &'static str) -> Result<(), ApiError> {
        if self.version < version { Err(ApiError::NotInVersion { version: self.version, action }) } else { Ok(()) }
    }
}

async fn read_body(body: Body, limit: usize, time: Duration) -> Result<Bytes, ApiError> {
    use axum::body::HttpBody;
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    match tokio::time::timeout(time, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ApiError::BodyTooLong { limit }),
        Ok(Err(_)) | Err(_) => Err(ApiError::BodyUnfinished),
    }
}
