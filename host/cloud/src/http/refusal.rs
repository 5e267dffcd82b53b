//! Error bodies. Each service has its own shape, and some have two.

use serde_json::{Map, Value};

use crate::parse;

/// What an error body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    pub code: Option<String>,
    pub message: Option<String>,
}

/// Reads an error body of any of the services; nothing when it has no known shape.
pub(super) fn read(body: &[u8]) -> Option<Complaint> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let body = body.as_object()?;
    heat(body)
        .or_else(|| keystone(body))
        .or_else(|| neutron(body))
        .or_else(|| octavia(body))
        .or_else(|| error_list(body))
        .or_else(|| glance_or_barbican(body))
        .or_else(|| nova_or_cinder(body))
}

/// `{"code": 409, "title": "Conflict", "explanation": "…", "error": {"type": "StackExists", "message": "…"}}`
fn heat(body: &Map<String, Value>) -> Option<Complaint> {
    let error = body.get("error")?.as_object()?;
    let code = text(error, "type")?;
    let message = text(error, "message").or_else(|| text(body, "explanation"));
    Some(Complaint { code: Some(code), message })
}

/// `{"error": {"code": 404, "title": "Not Found", "message": "…"}}`
fn keystone(body: &Map<String, Value>) -> Option<Complaint> {
    let error = body.get("error")?.as_object()?;
    let message = text(error, "message")?;
    Some(Complaint { code: text(error, "title"), message: Some(message) })
}

/// `{"NeutronError": {"type": "OverQuota", "message": "…", "detail": ""}}`, or text in place of the object.
fn neutron(body: &Map<String, Value>) -> Option<Complaint> {
    match body.get("NeutronError")? {
        Value::String(message) => Some(Complaint { code: None, message: Some(parse::clean(message)) }),
        Value::Object(error) => Some(Complaint { code: text(error, "type"), message: text(error, "message") }),
        _ => None,
    }
}

/// `{"faultcode": "Client", "faultstring": "…", "debuginfo": null}`
fn octavia(body: &Map<String, Value>) -> Option<Complaint> {
    let message = text(body, "faultstring")?;
    Some(Complaint { code: text(body, "faultcode"), message: Some(message) })
}

/// `{"errors": [{"code": "…", "title": "…", "detail": "…"}]}`, the API working group's form.
fn error_list(body: &Map<String, Value>) -> Option<Complaint> {
    let error = body.get("errors")?.as_array()?.first()?.as_object()?;
    let message = text(error, "detail").or_else(|| text(error, "title"))?;
    Some(Complaint { code: text(error, "code"), message: Some(message) })
}

/// Glance: `{"message": "…", "code": "404 Not Found", "title": "Not Found"}`;
/// Barbican: `{"code": 404, "title": "Not Found", "description": "…"}`.
fn glance_or_barbican(body: &Map<String, Value>) -> Option<Complaint> {
    let title = text(body, "title")?;
    let message = text(body, "description").or_else(|| text(body, "message"));
    Some(Complaint { message: message.or_else(|| Some(title.clone())), code: Some(title) })
}

/// `{"itemNotFound": {"code": 404, "message": "…"}}`: the only member names the error.
fn nova_or_cinder(body: &Map<String, Value>) -> Option<Complaint> {
    let mut members = body.iter();
    let (code, error) = members.next()?;
    let message = text(error.as_object()?, "message")?;
    members.next().is_none().then(|| Complaint { code: Some(parse::clean(code)), message: Some(message) })
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(parse::clean).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_understood() {
        let cases = [
            (
                r#"{"error":{"code":404,"title":"Not Found","message":"Could not find trust: t."}}"#,
                "Not Found",
                "Could not find trust: t.",
            ),
            (
                r#"{"code":409,"title":"Conflict","explanation":"There was a conflict.",
                    "error":{"type":"StackExists","message":"The Stack (x) already exists.","traceback":null}}"#,
                "StackExists",
                "The Stack (x) already exists.",
            ),
            (r#"{"itemNotFound":{"code":404,"message":"No flavor."}}"#, "itemNotFound", "No flavor."),
            (r#"{"overLimit":{"code":413,"message":"Too much.","retryAfter":"0"}}"#, "overLimit", "Too much."),
            (
                r#"{"NeutronError":{"type":"NetworkNotFound","message":"No network.","detail":""}}"#,
                "NetworkNotFound",
                "No network.",
            ),
            (r#"{"faultcode":"Client","faultstring":"Immutable.","debuginfo":null}"#, "Client", "Immutable."),
            (
                r#"{"message":"No image found.<br /><br />\n","code":"404 Not Found","title":"Not Found"}"#,
                "Not Found",
                "No image found.<br /><br />",
            ),
            (r#"{"code":404,"title":"Not Found","description":"No secret."}"#, "Not Found", "No secret."),
            (r#"{"errors":[{"code":"a.b","title":"T","detail":"D"}]}"#, "a.b", "D"),
        ];
        for (body, code, message) in cases {
            let read = read(body.as_bytes()).unwrap_or_else(|| panic!("not understood: {body}"));
            assert_eq!(read.code.as_deref(), Some(code), "{body}");
            assert_eq!(read.message.as_deref(), Some(message), "{body}");
        }
    }

    #[test]
    fn what_no_service_writes_is_not_taken_for_an_error_of_a_service() {
        for body in ["", "null", "[]", "{}", "<html>404</html>", r#"{"status":404}"#, r#"{"a":{"message":"x"},"b":1}"#] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
    }
}
