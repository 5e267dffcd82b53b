//! Values of `settings` and `coe-api` as they stand in a record, there and back.

use base64::{Engine, engine::general_purpose::STANDARD};
use jeroboam_model::driver::Platform;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::names::{self, NameError};
use crate::{
    bindings::jeroboam::coe::settings::Platform as WitPlatform,
    interfaces::coe_api::{Request, Response},
};

/// The longest body that is kept, in bytes.
const BODY_MAX: usize = 64 << 10;

/// An answer with a body.
pub(super) enum Told {
    Whole(Value),
    /// So many bytes.
    TooLarge(usize),
}

/// A body: as text if it is one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Text(String),
    Bytes { base64: String },
}

#[derive(Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

pub(super) fn platform(platform: &Platform) -> Value {
    names::to_value(&WitPlatform::from(platform.clone())).unwrap_or_default()
}

/// The arguments of `send`. How long it may take depends on the moment, and is not among them.
pub(super) fn request(request: &Request) -> Map<String, Value> {
    let told = json!({"method": request.method.as_str(), "path": request.path, "headers": request.headers, "body": body(&request.body),
        "identity": request.identity});
    Map::from_iter([("request".to_owned(), told)])
}

pub(super) fn response(response: &Response) -> Told {
    if response.body.len() > BODY_MAX {
        return Told::TooLarge(response.body.len());
    }
    Told::Whole(json!({"status": response.status, "headers": response.headers, "body": body(&response.body)}))
}

pub(super) fn response_of(told: Value) -> Result<Response, NameError> {
    let Answer { status, headers, body } = names::from_value(told)?;
    let body = match body {
        Body::Text(text) => text.into_bytes(),
        Body::Bytes { base64 } => {
            STANDARD.decode(base64).map_err(|error| serde::de::Error::custom(format_args!("body: {error}")))?
        }
    };
    Ok(Response { status, headers, body })
}

fn body(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!(text),
        Err(_) => json!({"base64": STANDARD.encode(bytes)}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_as_it_was_whether_it_is_text_or_not() {
        for body in [b"{\"items\": []}".to_vec(), vec![0xff, 0, 1], Vec::new()] {
            let sent = Response { status: 200, headers: vec![("a".into(), "b".into())], body };
            let Told::Whole(told) = response(&sent) else { panic!("it is small") };
            assert_eq!(response_of(told).unwrap(), sent);
        }
    }

    #[test]
    fn a_large_body_is_not_kept() {
        let large = Response { status: 200, headers: vec![], body: vec![b'x'; BODY_MAX + 1] };
        assert!(matches!(response(&large), Told::TooLarge(bytes) if bytes == BODY_MAX + 1));
    }
}
