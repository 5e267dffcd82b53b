//! The Magnum REST API.
//!
//! # What it is for
//!
//! It turns requests of `openstack coe …`, Horizon, Terraform and their like into rows of the store, and rows into answers. It is the edge at which text becomes
//! typed: behind it nothing is parsed again.
//!
//! # What flows through
//!
//! ```text
//! HTTP ─ edge ─ request id, one spelling of the path, token (cached), net for panics
//!      ─ router ─ call ─ microversion, body under a bound
//!      ─ resource ─ fields: the body or patch, read by the resource's table
//!                 ─ lookup: what it names, as far as the caller may see it
//!                 ─ policy: may the caller
//!                 ─ admission: can it be had (OpenStack as the user, the driver in its sandbox)
//!                 ─ store, or the conductor's intake: one transaction
//!      ─ reply ─ written to bytes by the same table
//! ```
//!
//! Reads are answered from the store alone, but for what runs on a cluster, which the cluster is asked for. The cloud is asked only to validate what is about to be created. A 202 is sent after the commit, and the next GET shows
//! the new status.
//!
//! | module | holds |
//! |---|---|
//! | [`config`] | what an operator decides |
//! | [`microversion`] | which version a request speaks |
//! | `edge` | what every request passes: ids, browsers, limits, tokens, versions; where it is counted, traced and logged |
//! | `call`, `reply` | one request on its way through a resource |
//! | [`fields`] | attribute tables: reading, patching and writing by them |
//! | [`policy`] | callers and what they ask about, for the one function that decides (`jeroboam_policy`) |
//! | `admission` | the checks before anything is stored, in Magnum's order |
//! | `lookup`, `page`, `query`, `links` | names, pages, parameters, links |
//! | `resources` | a file for each resource |
//! | [`error`] | what can go wrong, as data, and the status that it is |
//!
//! # What it must not do
//!
//! - Wait for the cloud, but to validate; or for a cluster, but where a client asks what runs on it.
//! - Store anything of a request that is refused.
//! - Keep a token, or let one into a log, an error or a `Debug` output.
//! - Know how a cluster is made: that is the driver's and the conductor's.

mod accept;
mod admission;
mod app;
mod call;
mod caller;
pub mod config;
mod edge;
pub mod error;
pub mod fields;
mod links;
mod lookup;
mod metrics;
pub mod microversion;
mod names;
mod page;
pub mod policy;
mod query;
mod reply;
mod resources;
mod router;

pub use app::ApiParts;
pub use caller::{Caller, CallerScope, Delegation, LocalOperator};
pub use config::{ApiConfig, NetworkDrivers, UnknownLabels};
pub use edge::{Backend, Cors, CorsRules, HealthPath, HealthcheckConfig, LimitsConfig, NoHealthPath, Peer, Rate};
pub use metrics::ApiMetrics;
pub use microversion::Microversion;
pub use resources::drivers as operator;
pub use resources::operations;
pub use router::{router, routes};
