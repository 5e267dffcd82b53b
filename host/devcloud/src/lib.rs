//! A small OpenStack on loopback: simulated, written for `jeroboam dev` and for tests.
//!
//! One listener serves every service under a prefix of its own: `/identity/v3`, `/image/v2`, `/compute/v2.1`,
//! `/network/v2.0`, `/volume/v3/{project}`, `/load-balancer/v2`, `/key-manager/v1` and `/orchestration/v1/{project}`.
//! It is real where clients look: tokens expire and are revoked, trusts delegate, projects do not see each other,
//! addresses come out of subnets, quotas run out, load balancers are immutable while they change. Nothing is booted and
//! no packet is forwarded.
//!
//! What flows through: a request passes the [`faults`] (asked for by tests), gets a request id, is authenticated by
//! [`keystone`], and reaches a service. A service is a set of [`resource::Resource`]s over one [`state::State`] behind one
//! lock; Heat comes in by the side door, [`services::Services`], and meets the same checks. Changes that take time in a
//! real cloud (a server that builds, a load balancer that is provisioned) come due after [`Options::pace`] and are
//! applied when next somebody looks.
//!
//! Beside OpenStack there is `/devcloud`: faults, inventory, quotas and the clock, for tests of other processes.
//!
//! It must not share code with the OpenStack clients of this project, listen anywhere but where it is told, or log a
//! token, a password or a payload.

mod barbican;
mod cinder;
mod cloud;
mod collections;
mod control;
mod credentials;
mod devcloud;
pub mod faults;
mod fields;
mod glance;
pub mod heat;
mod http;
mod inventory;
mod keystone;
mod local;
mod moment;
mod neutron;
mod nova;
mod octavia;
mod ops;
mod options;
mod pending;
mod persist;
mod quota;
mod record;
mod refusal;
mod resource;
mod seed;
mod service;
pub mod services;
mod state;

pub use credentials::{Credentials, Who};
pub use devcloud::Devcloud;
pub use options::{Options, StartError};
