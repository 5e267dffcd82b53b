//! What the service said.

use http::HeaderMap;
use serde_json::Value;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The body, if the status is as it should be.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The error of an answer with that status, in Magnum's shape.
    #[track_caller]
    pub fn error(&self, status: u16) -> Value {
        let body = self.expect(status);
        let error = body["errors"][0].clone();
        assert_eq!(error["status"], status, "{self:?}");
        assert_eq!(error["request_id"], self.request_id(), "{self:?}");
        assert!(error["title"].is_string() && error["detail"].is_string() && error["links"] == Value::Array(vec![]), "{self:?}");
        error
    }

    /// The whole text of the error of an answer with that status.
    #[track_caller]
    pub fn detail(&self, status: u16) -> String {
        self.error(status)["detail"].as_str().unwrap().to_owned()
    }

    /// The whole text of an error from outside the API proper, whose answers have no request id in their headers.
    #[track_caller]
    pub fn detail_without_id(&self, status: u16) -> String {
        self.expect(status)["errors"][0]["detail"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn request_id(&self) -> &str {
        let id = self.header("x-openstack-request-id").unwrap_or_else(|| panic!("no request id: {self:?}"));
        assert!(id.starts_with("req-") && id.len() == 40, "{id}");
        id
    }
}
