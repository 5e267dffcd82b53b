//! What a Rust driver depends on: the contract of `wit/` as plain Rust, so that a driver is ordinary code with ordinary tests.
//!
//! ```
//! use jeroboam_driver_sdk::{ClusterTemplate, Cluster, ClusterType, Description, Driver, Error, Features, StackDefinition,
//! StackScope, Warning, labels};
//!
//! labels! {
//!     KUBE_TAG = "kube_tag": text, default "v1.33.5", since "0.1.0", "The version of Kubernetes, as a tag of its images.";
//! }
//!
//! struct Small;
//!
//! impl Driver for Small {
//!     fn describe() -> Description {
//!         Description {
//!             name: "small".to_owned(),
//!             version: "0.1.0".to_owned(),
//!             summary: "Nodes that do nothing.".to_owned(),
//!             cluster_types: vec![ClusterType { server_type: "vm".into(), os_distro: "small".into(), coe: "kubernetes".into() }],
//!             labels: label_specs(),
//!             features: Features::empty(),
//!             capabilities: vec![],
//!             extras: vec![],
//!         }
//!     }
//!     fn validate_template(_: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
//!         Ok(vec![])
//!     }
//!     fn validate_cluster(_: &Cluster) -> Result<Vec<Warning>, Error> {
//!         Ok(vec![])
//!     }
//!     fn define_stack(cluster: &Cluster, _: &StackScope) -> Result<StackDefinition, Error> {
//!         let tag = KUBE_TAG.get(&cluster.labels)?;
//!         Ok(StackDefinition {
//!             template: format!("heat_template_version: 2018-08-31\ndescription: {tag}\n"),
//!             files: vec![],
//!             environment: String::new(),
//!             parameters: vec![],
//!         })
//!     }
//! }
//!
//! jeroboam_driver_sdk::export_driver!(Small);
//! # fn main() {}
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`driver`] | the trait to implement, and [`export_driver!`] |
//! | [`coe_resources`] | the trait of drivers that also speak for what runs on a cluster |
//! | [`types`] | the contract's records under their own names, also re-exported here |
//! | [`log`], [`settings`], [`lookup`], [`stacks`], [`load_balancers`], [`volumes`], [`floating_ips`], [`certificates`], [`coe_api`] | what the host can be asked |
//! | [`labels`] | a table of the labels a driver reads: the only way to read one is through its line |
//! | [`errors`] | short ways to say what is wrong |
//! | [`cidr`] | IPv4 networks |
//! | `testing` | natively only: a world that answers the imports, and clusters to try |
//!
//! A component imports only what its driver calls. In a native build nothing here needs WebAssembly: imports are answered by
//! `testing::World`, and `export_driver!` only checks types.
//!
//! It must not: keep anything between calls (each call has an instance of its own), read a clock or a random number (there are
//! none), or hold a secret.

#[doc(hidden)]
pub mod bindings;
pub mod cidr;
pub mod coe_resources;
pub mod driver;
pub mod errors;
mod imports;
pub mod labels;
mod panics;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod types;

pub use cidr::Ipv4Cidr;
pub use coe_resources::CoeResources;
pub use driver::Driver;
pub use errors::{internal, invalid, unsupported};
pub use imports::{certificates, coe_api, floating_ips, load_balancers, log, lookup, settings, stacks, volumes};
pub use types::*;

/// What the macros expand to. Not for use by hand.
#[doc(hidden)]
pub mod private {
    #[cfg(target_arch = "wasm32")]
    pub use crate::bindings::{self, export_coe_driver, v0_2::export_coe_resources};
    pub use crate::coe_resources::assert_coe_resources;
    pub use crate::driver::{Exported, assert_driver};
}
