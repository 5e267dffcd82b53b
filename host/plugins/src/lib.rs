//! The WebAssembly side: drivers as components, each call in a sandbox of its own.
//!
//! ```text
//! Candidate     bytes, and what they are granted
//!    │  Host::load: world check → grants → compile (or cache) → link → describe
//! Driver        a typed handle; one method for each export of the contract
//!    │  call: new store → limits → instantiate → export → drop
//! guest         decides; asks through the imports it was granted
//!    │  interfaces: phase rule → budget → recorded answer or source
//! Sources       what the caller lets this call see of the cloud: one trait for each WIT interface
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`config`], [`limits`] | what an operator decides: directories, grants, budgets |
//! | `contract`, `component` | the versions of the contract that are served, and which one a component was built for |
//! | [`Host`], `engine`, `cache`, `load`, `registry` | from bytes to a driver that can be called |
//! | `flights` | a driver's calls: under way, how the latest ended, until when a handle may begin one |
//! | `bindings` | what is generated from `wit/`, nothing else |
//! | [`phase`], [`purpose`] | the exports, and which import each may use; what calls are made for |
//! | [`interfaces`] | one module for each WIT interface: source trait, phase rule, host side |
//! | `state`, `meter`, `account`, `turns`, [`record`] | one call: budgets spent, what is counted of it, whose turn it is to compute, reads recorded |
//! | [`metrics`], [`audit`], `watch` | what drivers do: counted, written down, traced |
//! | `text`, `redact`, `notices` | what guests write for people: harmless, bounded, without secrets; and what the host says of a call |
//! | [`recorder`] | whole calls, kept so that they can be made again |
//! | `call`, [`driver`] | making a call, and the handle to do it with |
//! | [`coe_resources`] | what a driver may offer besides: to speak for what runs on a cluster |
//! | `convert` | answers, parsed once into the model's closed types |
//! | [`check`] | refuses stack definitions that name URLs or would show a secret |
//! | [`error`] | how a call can end, and whose fault it is |
//!
//! It must not: talk to the cloud or the store itself (sources do), hold a secret (drivers name them), or let anything that a
//! guest sent travel on unparsed. No other crate sees the engine.

mod account;
#[cfg(feature = "coe-0-3")]
pub mod advice;
pub mod audit;
mod bindings;
mod cache;
mod call;
pub mod check;
mod clock;
pub mod coe_resources;
mod component;
pub mod config;
mod contract;
mod convert;
pub mod driver;
mod engine;
pub mod error;
mod flights;
mod host;
pub mod interfaces;
pub mod limits;
mod load;
mod meter;
pub mod metrics;
mod notices;
pub mod phase;
mod plugins;
pub mod purpose;
pub mod record;
pub mod recorder;
mod redact;
mod registry;
pub mod source;
mod state;
mod text;
mod turns;
mod watch;

pub use audit::{AuditSink, AuditTrail, NotKept};
pub use check::{DefinitionError, check_definition};
pub use coe_resources::ResourceError;
pub use component::{ComponentError, Surface, imports, surface, whole};
pub use config::{Bundled, Grant, Grants, PluginsConfig};
pub use driver::{Defined, Driver, UpgradePlan, UpgradeStep};
pub use error::{CallError, DriverError, EngineError, ResolveError, StopReason};
pub use flights::{Tally, UnderWay};
pub use host::Host;
pub use interfaces::{
    Interface,
    certificates::Certificates,
    coe_api::CoeApi,
    floating_ips::{FloatingIp, FloatingIps},
    load_balancers::{LoadBalancer, LoadBalancers},
    lookup::{Flavor, Image, Keypair, Lookup, Network, Subnet, VolumeType},
    settings::Settings,
    stacks::{StackResource, Stacks},
    volumes::{Volume, Volumes},
};
pub use limits::{Enforcement, Limit, Limits, NotReportable};
pub use load::{Candidate, LoadError, Loading};
pub use metrics::DriverMetrics;
pub use phase::Phase;
pub use plugins::Plugins;
pub use purpose::Purpose;
pub use record::{Recalled, RecordedRead, Replay};
pub use recorder::{RecorderSink, ReplayError, Unanswered, replay};
pub use redact::Redactor;
pub use registry::{DriverRecord, DriverState};
pub use source::{CallContext, SourceError, Sources};
