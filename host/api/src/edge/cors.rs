//! CORS: which web pages may call the API from a browser, as oslo.middleware has it.
//!
//! Each origin has rules of its own. Where there are any, OPTIONS is answered here, without a token: with the permission, if there is one, and with 200 in any case.
//! (Layers of libraries know one set of rules for all origins.)

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::app::App;

/// What one section of the configuration allows its origins.
#[derive(Clone, Debug)]
pub struct CorsRules {
    pub allow_credentials: bool,
    /// What pages may read of answers, beyond what they always may.
    pub expose_headers: Vec<HeaderName>,
    /// For how many seconds a browser may remember a permission; 0: it decides itself.
    pub max_age: u32,
    pub allow_methods: Vec<Method>,
    /// What pages may send, beyond what they always may.
    pub allow_headers: Vec<HeaderName>,
}

/// Origins with their rules. None: pages of other origins may not call the API.
#[derive(Clone, Debug, Default)]
pub struct Cors {
    /// By the text of their `Origin` header.
    origins: BTreeMap<String, Arc<CorsRules>>,
    /// Of `*`.
    others: Option<Arc<CorsRules>>,
}

/// What every page may send: as oslo.middleware, not as browsers have it.
const SIMPLE: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::CACHE_CONTROL,
    header::CONTENT_LANGUAGE,
    header::EXPIRES,
    header::LAST_MODIFIED,
    header::PRAGMA,
];

/// Around everything else, where there are origins.
pub async fn cors(State(app): State<App>, request: Request, next: Next) -> Response {
    let cors = &app.config.cors;
    if *request.method() == Method::OPTIONS {
        let mut response = Response::new(Body::empty());
        cors.permit(request.headers(), response.headers_mut());
        return response;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    cors.describe(origin.as_ref(), response.headers_mut());
    response
}

impl Cors {
    /// The first rules for an origin count. `*` stands for all that have none of their own.
    pub fn allow(&mut self, origin: &str, rules: &Arc<CorsRules>) {
        if origin == "*" {
            self.others.get_or_insert_with(|| Arc::clone(rules));
        } else {
            self.origins.entry(origin.to_owned()).or_insert_with(|| Arc::clone(rules));
        }
    }

    pub fn is_off(&self) -> bool {
        self.origins.is_empty() && self.others.is_none()
    }

    /// The rules for an origin, and what it is called in the answer.
    fn rules(&self, origin: &HeaderValue) -> Option<(&CorsRules, HeaderValue)> {
        let own = origin.to_str().ok().and_then(|origin| self.origins.get(origin)).map(|rules| (&**rules, origin.clone()));
        own.or_else(|| Some((self.others.as_deref()?, HeaderValue::from_static("*"))))
    }

    /// The answer to a browser that asks before it sends: all of what it asked for, or nothing.
    fn permit(&self, asked: &HeaderMap, answer: &mut HeaderMap) {
        let Some((rules, origin)) = asked.get(header::ORIGIN).and_then(|origin| self.rules(origin)) else { return };
        let method = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD);
        let Some(method) =
            method.filter(|method| rules.allow_methods.iter().any(|allowed| allowed.as_str().as_bytes() == method.as_bytes()))
        else {
            return;
        };
        let wanted = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
        if !wanted.is_none_or(|wanted| rules.allow_all(wanted)) {
            return;
        }
        rules.introduce(origin, answer);
        if rules.max_age > 0 {
            answer.insert(header::ACCESS_CONTROL_MAX_AGE, rules.max_age.into());
        }
        answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, method.clone());
        if let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) {
            answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
    }

    /// What a page may see of an answer.
    fn describe(&self, origin: Option<&HeaderValue>, answer: &mut HeaderMap) {
        let Some((rules, origin)) = origin.and_then(|origin| self.rules(origin)) else { return };
        rules.introduce(origin, answer);
        let exposed = rules.expose_headers.iter().map(HeaderName::as_str).collect::<Vec<_>>().join(",");
        if let Ok(exposed) = HeaderValue::try_from(exposed)
            && !exposed.is_empty()
        {
            answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

impl CorsRules {
    /// Whether all headers of the list may be sent.
    fn allow_all(&self, wanted: &HeaderValue) -> bool {
        let Ok(wanted) = wanted.to_str() else { return false };
        wanted.split(',').map(str::trim).filter(|name| !name.is_empty()).all(|name| {
            let name = HeaderName::try_from(name);
            name.is_ok_and(|name| SIMPLE.contains(&name) || self.allow_headers.contains(&name))
        })
    }

    fn introduce(&self, origin: HeaderValue, answer: &mut HeaderMap) {
        answer.append(header::VARY, HeaderValue::from_static("Origin"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.allow_credentials {
            answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}
