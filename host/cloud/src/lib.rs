//! Typed clients for the OpenStack services that Jeroboam uses.
//!
//! # What it is for
//!
//! Everything above this crate speaks of stacks, trusts, images and flavors; everything below it is
//! HTTP. The crate turns one into the other, once: a request is built from typed arguments, an
//! answer is parsed into a closed type at the edge, and a failure becomes a [`CloudError`] that
//! says which service, doing what, under which request id, and whether trying again may help.
//!
//! # What flows through
//!
//! ```text
//! CloudConfig ─ Cloud::new ─> Cloud ─ session(Identity) ─> Session ─ heat(), keystone(), … ─> typed answers
//! ```
//!
//! - A [`Cloud`] is shared by the whole process: connection pools, endpoints, timeouts, TLS.
//! - An [`Identity`] says who to be. There is one cached token for each, fetched by one request
//!   however many callers wait for it, renewed before it expires, and replaced once when a service
//!   answers 401.
//! - A [`Session`] is an identity in use. It picks endpoints from the token's catalogue, and hands
//!   on the id of the API request so that the logs of every service can be joined, and the trace
//!   that it is part of. Each try is counted ([`CloudMetrics`]).
//!
//! Calls that may be repeated (GET, DELETE, authentication) are, with back-off, when a service
//! cannot be reached or asks for patience. Calls that create or change are sent once: the caller
//! looks for what it asked for by name before asking again.
//!
//! # What it must not do
//!
//! - Decide anything about clusters, or keep anything but tokens.
//! - Follow a redirect, read an unbounded body, or walk an endless list.
//! - Let a token, a password or a request body reach a log, an error or a `Debug` output.
//! - Use a proxy because the environment names one: tokens go where the catalogue says.

mod barbican;
mod catalog;
mod cinder;
mod cloud;
mod config;
mod credential;
mod error;
mod find;
mod glance;
pub mod heat;
mod http;
mod identity;
pub mod keystone;
mod metrics;
pub mod neutron;
pub mod nova;
mod octavia;
mod parse;
mod service;
mod session;

pub use barbican::{Barbican, StoredSecret};
pub use catalog::{Catalog, CatalogEndpoint, CatalogEntry};
pub use cinder::{Cinder, Volume, VolumeType};
pub use cloud::Cloud;
pub use config::{CloudConfig, Retries, ServiceConfig, Timeouts, TlsConfig};
pub use error::{CloudError, Kind, Refusal};
pub use glance::{Glance, Image};
pub use heat::Heat;
pub use identity::{CredentialRef, DomainRef, Identity, ProjectRef, Scope, UserRef};
pub use jeroboam_model::Secret;
pub use keystone::Keystone;
pub use metrics::CloudMetrics;
pub use neutron::Neutron;
pub use nova::Nova;
pub use octavia::{LoadBalancer, LoadBalancerFilter, Octavia};
pub use service::{Interface, Service};
pub use session::Session;
