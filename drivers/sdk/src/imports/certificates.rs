//! This cluster's certificate authorities; private keys stay with the host. Only in `before-delete` and `check-health`.

use crate::Error;
#[cfg(target_arch = "wasm32")]
use crate::bindings::jeroboam::coe::certificates;
pub use crate::bindings::jeroboam::coe::certificates::Authority;

/// PEM of the authority's certificate.
pub fn get_ca(authority: Authority) -> Result<String, Error> {
    import!(
        certificates::get_ca(authority),
        |world| asked!(world, "certificates" "get-ca" (authority), world.certificates(authority, "ca"))
    )
}

/// Signs a PEM certificate request.
pub fn sign(authority: Authority, request: &str) -> Result<String, Error> {
    import!(certificates::sign(authority, request), |world| {
        asked!(world, "certificates" "sign" (authority, request), world.certificates(authority, "signed"))
    })
}

/// Makes a pair that stays with the host, and answers the name it can be used by in [`coe_api`](crate::coe_api).
pub fn issue(authority: Authority, common_name: &str, organizations: &[String]) -> Result<String, Error> {
    import!(certificates::issue(authority, common_name, organizations), |world| {
        asked!(world, "certificates" "issue" (authority, common_name, organizations), world.certificates(authority, common_name))
    })
}
