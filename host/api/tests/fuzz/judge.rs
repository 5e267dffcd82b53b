//! Whether an answer is one that clients can read, whatever was asked.

use serde_json::Value;

use super::requests::Shot;
use super::support::Answer;

/// The longest error: it repeats no more than a little of what was sent.
const LONGEST_ERROR: usize = 8192;

pub fn answer(shot: &Shot, answer: &Answer) -> Result<(), String> {
    if answer.status >= 500 && !is_the_clusters_fault(answer) {
        return Err("the service is at fault".to_owned());
    }
    if shot.is_plain() {
        return Ok(());
    }
    if !answer.header("x-openstack-request-id").is_some_and(|id| id.starts_with("req-")) {
        return Err("the answer has no request id".to_owned());
    }
    if answer.text.is_empty() {
        let may_be_empty = answer.status == 204 || answer.status == 304 || shot.method == "HEAD";
        return if may_be_empty { Ok(()) } else { Err("the answer is empty".to_owned()) };
    }
    let body: Value = serde_json::from_str(&answer.text).map_err(|error| format!("the answer is no JSON: {error}"))?;
    if answer.status < 400 {
        return Ok(());
    }
    if answer.text.len() > LONGEST_ERROR {
        return Err(format!("the error is {} bytes long", answer.text.len()));
    }
    shape(answer, &body)
}

/// Behind Liberty's resources is a cluster's own API, and a request that rotates the cluster's authority leaves it with a certificate that nobody believes.
fn is_the_clusters_fault(answer: &Answer) -> bool {
    answer.status == 503 && answer.text.contains("the cluster's API does not answer")
}

/// Magnum's, that of Keystone's middleware, or that of microversions.
fn shape(answer: &Answer, body: &Value) -> Result<(), String> {
    let keys = |value: &Value| value.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    if answer.status == 401 {
        return same(&keys(&body["error"]), &["code", "title", "message"]);
    }
    let error = &body["errors"][0];
    if error["code"] == "magnum.microversion-unsupported" {
        return same(&keys(error), &["request_id", "max_version", "min_version", "code", "links", "title", "description"]);
    }
    same(&keys(error), &["request_id", "code", "status", "title", "detail", "links"])?;
    let is_right = error["status"] == answer.status && error["title"].is_string() && error["links"] == Value::Array(Vec::new());
    if is_right { Ok(()) } else { Err("the error is not of Magnum's shape".to_owned()) }
}

fn same(keys: &[String], expected: &[&str]) -> Result<(), String> {
    if keys == expected { Ok(()) } else { Err(format!("the error has {keys:?}")) }
}
