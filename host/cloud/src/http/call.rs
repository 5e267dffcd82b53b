//! One call to a service, before anybody knows where the service is.

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

use crate::error::CloudError;
use crate::parse;
use crate::service::Service;
use jeroboam_model::Secret;

/// What stays as it is in a path segment: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request to a service. Built from typed arguments by the service's module; the address and
/// the token are added when it is sent.
#[derive(Clone)]
pub(crate) struct Call {
    pub service: Service,
    /// What it does, as a verb phrase for errors and traces.
    pub operation: &'static str,
    pub method: Method,
    /// The path below the endpoint, with `{}` for each argument: safe to log.
    pub template: &'static str,
    pub query: Vec<(&'static str, String)>,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Option<Bytes>,
    /// What the answer is to be; JSON, nearly always.
    pub accept: HeaderValue,
    /// Whether sending it twice does no more than sending it once.
    pub repeatable: bool,
    /// Whether a redirection is an answer that the caller reads. It is never followed.
    pub may_redirect: bool,
    args: Vec<String>,
    secrets: Vec<Secret>,
}

impl Call {
    fn new(method: Method, service: Service, operation: &'static str, template: &'static str) -> Self {
        Self {
            service,
            operation,
            repeatable: matches!(method, Method::GET | Method::DELETE),
            method,
            template,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            accept: HeaderValue::from_static("application/json"),
            may_redirect: false,
            args: Vec::new(),
            secrets: Vec::new(),
        }
    }

    pub fn get(service: Service, operation: &'static str, template: &'static str) -> Self {
        Self::new(Method::GET, service, operation, template)
    }

    pub fn post(service: Service, operation: &'static str, template: &'static str) -> Self {
        Self::new(Method::POST, service, operation, template)
    }

    pub fn put(service: Service, operation: &'static str, template: &'static str) -> Self {
        Self::new(Method::PUT, service, operation, template)
    }

    pub fn patch(service: Service, operation: &'static str, template: &'static str) -> Self {
        Self::new(Method::PATCH, service, operation, template)
    }

    pub fn delete(service: Service, operation: &'static str, template: &'static str) -> Self {
        Self::new(Method::DELETE, service, operation, template)
    }

    /// Fills the next `{}` of the template.
    pub fn arg(mut self, segment: impl Into<String>) -> Self {
        self.args.push(segment.into());
        self
    }

    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub fn query_opt(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.body = Some(Bytes::from(body.to_string()));
        self
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Asks for an answer that is not JSON.
    pub fn accept(mut self, mimetype: HeaderValue) -> Self {
        self.accept = mimetype;
        self
    }

    /// Marks a call that may be sent again although its method does not say so.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Lets a redirection through to the caller.
    pub fn may_redirect(mut self) -> Self {
        self.may_redirect = true;
        self
    }

    /// Names a secret that the call carries, so that it is taken out of the service's answer
    /// should the answer be an error that quotes it.
    pub fn secret(mut self, secret: &Secret) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// The address of the call below an endpoint.
    pub fn url(&self, endpoint: &Url) -> Result<Url, CloudError> {
        let mut path = endpoint.path().trim_end_matches('/').to_owned();
        let mut args = self.args.iter();
        for (index, piece) in self.template.split("{}").enumerate() {
            if index > 0 {
                let arg = args.next().filter(|arg| parse::is_segment(arg)).ok_or_else(|| CloudError::Argument {
                    service: self.service,
                    operation: self.operation,
                    reason: "a name or id is empty, '.', '..', or has a '/', '\\' or '%' in it".into(),
                })?;
                path.extend(utf8_percent_encode(arg, SEGMENT));
            }
            path.push_str(piece);
        }
        let mut url = endpoint.clone();
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }

    /// A text of the service without the secrets of this call.
    pub fn redact(&self, mut text: String) -> String {
        for secret in &self.secrets {
            let secret = secret.expose();
            if !secret.is_empty() && text.contains(secret) {
                text = text.replace(secret, "[secret]");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(template: &'static str, args: &[&str]) -> Result<String, CloudError> {
        let mut call = Call::get(Service::Heat, "show stack", template);
        for arg in args {
            call = call.arg(*arg);
        }
        let endpoint = Url::parse("http://cloud/orchestration/v1/p1/").unwrap();
        call.url(&endpoint).map(String::from)
    }

    #[test]
    fn arguments_are_encoded_into_their_own_segment() {
        assert_eq!(
            url("/stacks/{}/{}", &["my stack?#", "1"]).unwrap(),
            "http://cloud/orchestration/v1/p1/stacks/my%20stack%3F%23/1"
        );
    }

    #[test]
    fn arguments_that_would_leave_their_segment_are_refused() {
        for hostile in ["..", "a/../../x", "%2e%2e", ""] {
            let error = url("/stacks/{}", &[hostile]).unwrap_err();
            assert!(matches!(error, CloudError::Argument { .. }), "{hostile:?}: {error}");
        }
    }

    #[test]
    fn secrets_are_taken_out_of_quotations() {
        let call = Call::post(Service::Heat, "create stack", "/stacks").secret(&Secret::new("s3cret")).secret(&Secret::new(""));
        assert_eq!(call.redact("value s3cret is too short".into()), "value [secret] is too short");
    }
}
