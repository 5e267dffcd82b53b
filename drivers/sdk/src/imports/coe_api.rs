//! HTTP to the API of this cluster. GET and HEAD in `pick-removals` and `check-health`, every method in `before-delete` and in
//! those of `coe-resources`.

use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::coe_api;
pub use crate::bindings::jeroboam::coe::coe_api::{Request, Response};

pub fn send(request: &Request) -> Result<Response, Error> {
    import!(coe_api::send(request), |world| world.send(request))
}

/// A GET under the host's own identity.
pub fn get(path: &str, timeout_ms: u32) -> Result<Response, Error> {
    send(&Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms,
        identity: None,
    })
}
