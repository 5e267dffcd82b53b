//! A cluster's certificates: three authorities, the pair that this service shows to the cluster's API, the key that signs service account tokens, and the signing of
//! what others ask for.
//!
//! ```text
//! conductor ── ensure ──▶ make what is missing ──▶ vault seals the keys ──▶ one transaction
//! api, drivers ── sign ──▶ request: parse, prove possession ──▶ profile: what may stay ──▶ issue under the authority's key
//! ```
//!
//! The three authorities (Kubernetes, etcd, front proxy) are as Magnum's are: self-signed, named after the cluster, allowed to sign leaves and nothing else. The
//! profile of what they sign is fixed: the subject as it was asked for; of the extensions, key usage, extended key usage, alternative names and `CA:FALSE`; validity
//! and serial number by us.
//!
//! Different from upstream Magnum, on purpose: a request must be signed by the key that it is for; keys that are too small are refused; certificates name
//! their issuer's key (authority key identifier); a request that brings its own subject key identifier is no error; what is signed does not outlive its authority; keys are
//! ECDSA P-256 by default, where Magnum's are always RSA.
//!
//! Work that takes the processor long happens on threads that may block. PEM texts have no newline at their end, as clients of Magnum expect.
//!
//! It must not: decide who may have something signed (the API's policy does), keep a private key in the clear longer than it takes to use it, or hand one to a driver.

mod authority;
mod backends;
mod certificates;
mod config;
mod der;
mod error;
mod issue;
mod keys;
mod leaves;
mod profile;
mod request;
mod rotate;
mod validity;

pub use certificates::{Certificates, ClientPair};
pub use config::{Backend, CertificatesConfig};
pub use error::{CertificateError, SignError};
pub use request::CSR_MAX;
