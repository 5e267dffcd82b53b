//! What more than one bundled driver uses, so that each thing is decided in one place.
//!
//! A cluster comes in, and a driver turns it into parameters, node settings and user data with what is here:
//!
//! | module | holds |
//! |---|---|
//! | [`request`] | what a template and a cluster have in common; the two default groups |
//! | [`operating_system`] | the operating systems of nodes, and all that follows from them outside scripts |
//! | [`network`], [`load_balancer`], [`volumes`], [`machine`], [`images`], [`proxies`] | one concern each: its labels, its checks, its parameters |
//! | [`rexray`] | the volume plugin of Docker |
//! | [`node_settings`] | what the shared scripts read on every node |
//! | [`parameters`], [`outputs`] | of a stack, typed |
//! | [`user_data`] | what a server starts with, for Ignition 3, Ignition 2 and cloud-init |
//! | [`budget`] | Heat's limit on resources |
//! | [`cleanup`] | load balancers, floating IPs and volumes that a cluster's own controllers made |
//! | [`coe`] | the cluster's own API, for what runs on it |
//! | [`containers`] | containers of Docker, for `coe-resources` |
//! | [`findings`] | collects all that is wrong with a request |
//! | [`health`] | an API that does not answer |
//! | [`files`] | shared templates and the script of the node deployment |
//! | `testing` | feature `testing`, for tests: a reader of HOT, checks that every driver's templates have to pass, a look into archives |
//!
//! **Labels.** A module that reads labels has a table of them and a function `label_specs`; a driver that uses the module adds these to its own. No driver can read a
//! label that is missing from its schema, as long as it does so.
//!
//! **Nodes.** `node/` has the scripts and units that drivers share by name; a driver's build script packs the ones it wants with `jeroboam-driver-pack`, beside its own.
//! User data installs the archive and starts `jeroboam-agent.service`, which runs the server's software deployments: their script is [`files::CONFIGURE_NODE`], which
//! writes the deployment's parameters to `/etc/sysconfig/heat-params` and calls `configure.sh`, the driver's list of steps. User data holds no secret: those come
//! with the deployment.
//!
//! It must not: know one container orchestration engine, or depend on what only one driver does.

pub mod budget;
pub mod cleanup;
pub mod coe;
pub mod containers;
pub mod docker;
pub mod files;
pub mod findings;
pub mod health;
pub mod images;
pub mod load_balancer;
pub mod machine;
pub mod network;
pub mod node_settings;
pub mod operating_system;
pub mod outputs;
pub mod parameters;
pub mod proxies;
pub mod request;
pub mod rexray;
#[cfg(all(feature = "testing", not(target_arch = "wasm32")))]
pub mod testing;
pub mod user_data;
pub mod volumes;

pub use findings::Findings;
pub use node_settings::NodeSettings;
pub use operating_system::OperatingSystem;
pub use outputs::Outputs;
pub use parameters::Parameters;
pub use request::{DefaultGroups, Request, given};
