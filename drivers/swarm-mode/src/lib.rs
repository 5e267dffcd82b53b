//! The bundled driver for Docker clusters in swarm mode: (vm, fedora-atomic | fedora-coreos | ubuntu, swarm-mode).
//!
//! What flows through: a cluster comes in, a Heat stack goes out. The stack is made of the HOT templates in `templates/` and of the node configuration in `node/`;
//! the Rust code checks requests, fills in parameters and reads outputs. What it shares with other drivers is in `jeroboam-driver-common`.
//!
//! ```text
//! labels, fields ─► request, addresses ─► parameters, node_settings ─┐
//! node/  ─► build.rs ─► user data ───────────────────────────────────┼─► definition
//! templates/ ────────────────────────────────────────────────────────┘
//! ```
//!
//! **How a node comes up.** Its user data installs scripts and an agent, and holds no secret. The software deployment `node_config_deployment` brings the parameters
//! and runs the steps of `configure.sh`: Docker is installed and set up, the node's key is made and signed by Magnum's API, then the node enters the swarm.
//!
//! **Join tokens** are nowhere but in the swarm. The primary master starts the swarm; every other node asks a master for the token over Docker's own API, with TLS and
//! the certificate that Magnum has just signed, and hands it to its own Docker. It is no parameter, output, signal, file or argument. With `tls_disabled` the
//! same happens in the clear on the nodes' network.
//!
//! **The API** is Docker's, on masters only: port 2376 with TLS, `apiserver_port` if given (2375 was Magnum's), 2375 without TLS.
//!
//! **Masters** know each other's addresses before they exist: their ports are made first, and a master that is replaced comes back under its address. A replaced one,
//! the primary too, removes the place that its predecessor held in the swarm and joins the others; if they answer but have no majority it refuses, for a second swarm
//! would be worse than none. Only a primary that hears nobody starts a swarm. The number of masters is fixed.
//!
//! **Workers that leave.** Before Heat removes their servers the deployment of `leavers.yaml` runs on the primary master and drains those that were named, by the user
//! or by `pick-removals`. After every change of the group that of `members.yaml` removes from the swarm the nodes whose servers have gone, and waits until the others are
//! ready. A node is never removed while it is not down. Those that Heat chose itself leave without being drained: the swarm moves their tasks once it misses them.
//!
//! **Further groups** of workers are stacks of their own. What they have to know of the cluster's stack comes from its outputs (`memory`).
//!
//! **Resources.** A node takes 4 resources of Heat's limit of 1,000: its nested stack, server, port and deployment. A floating IP and the membership in the API's load
//! balancer add 1 each, a volume 2; so a master has at most 8, and a worker at most 7. A cluster has 20 besides, and up to 6 for the load balancer: with floating
//! IPs and no volumes, 3 masters leave room for 191 workers. `size` counts, and refuses more before anything is made.
//!
//! It must not: read a label that is not in `labels`, hold a secret (those are named, and the host fills them in), or replace a server that nobody asked to replace.

mod addresses;
mod definition;
mod describe;
mod engine;
mod group_stack;
mod health;
pub mod labels;
mod memory;
mod node_settings;
mod outputs;
mod parameters;
mod removals;
mod request;
mod size;
mod upgrade;
mod validate;

use jeroboam_driver_common::containers;
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, CoeResources, Description, Driver, Error, Health, Observation, Output, StackDefinition, StackScope,
    UpgradePlan, Warning,
    coe_resources::{Action, ClusterBrief, CoeResource, Failure, Kind, Manifest},
};

pub use size::resources;

/// The driver.
pub struct SwarmMode;

impl Driver for SwarmMode {
    fn describe() -> Description {
        describe::description()
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        validate::template(template)
    }

    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
        validate::cluster(cluster)
    }

    fn define_stack(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
        definition::define(cluster, scope, 1)
    }

    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        upgrade::plan(cluster, target, group, batch)
    }

    fn pick_removals(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
        removals::pick(cluster, group, count)
    }

    fn read_stack(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        outputs::read(cluster, scope, outputs)
    }

    fn check_health(cluster: &Cluster) -> Result<Health, Error> {
        health::check(cluster)
    }
}

/// Containers.
impl CoeResources for SwarmMode {
    fn list_resources(_: &ClusterBrief, kind: Kind) -> Result<Vec<CoeResource>, Failure> {
        containers::list(kind)
    }

    fn show_resource(_: &ClusterBrief, kind: Kind, ident: &str) -> Result<CoeResource, Failure> {
        containers::show(kind, ident)
    }

    fn create_resource(_: &ClusterBrief, manifest: &Manifest) -> Result<CoeResource, Failure> {
        containers::create(manifest)
    }

    fn delete_resource(_: &ClusterBrief, kind: Kind, ident: &str) -> Result<(), Failure> {
        containers::delete(kind, ident)
    }

    fn act_on_container(_: &ClusterBrief, ident: &str, action: &Action) -> Result<String, Failure> {
        containers::act(ident, action)
    }
}

jeroboam_driver_sdk::export_driver!(SwarmMode, coe_resources);
