//! The bundled driver for standalone Swarm on Fedora Atomic: (vm, fedora-atomic, swarm). This is the Swarm that came before swarm mode: managers and agents in
//! containers of their own, members kept in etcd.
//!
//! What flows through: a cluster comes in, a Heat stack goes out. The stack is made of the HOT templates in `templates/` and of the node configuration in `node/`;
//! the Rust code checks requests, fills in parameters, reads outputs and asks Swarm which nodes are busy.
//!
//! ```text
//! labels, fields ─► validate, size
//!                └► parameters, node_settings ─┐
//! node/ ─► build.rs ─► user data ──────────────┼─► definition
//! templates/ ──────────────────────────────────┘
//! Swarm's API ─► health, removals
//! ```
//!
//! **Masters** run etcd and a Swarm manager, which answers on port 2376 for the whole cluster. Any manager hands requests on to the one that leads, which is what makes
//! a load balancer before them work. Their etcd find each other by the discovery URL that the host brings (`describe` asks for it); without one they start from their
//! addresses, which are known before they exist: ports are a group of their own. Everybody else reaches etcd at these addresses, so it needs no load balancer.
//!
//! **Nodes** run Docker and an agent, which keeps the node's address in etcd. Containers of different nodes talk over Docker's overlay networks, whose state is in etcd
//! too, or in flannel's network where the template says so.
//!
//! **TLS.** Docker and Swarm show and ask for certificates of the cluster's CA, etcd those of the CA for etcd. Keys are made on the nodes and signed by Magnum's API.
//! With `tls_disabled` there is none of that, which `validate` warns of.
//!
//! **Software.** The image brings Docker 1.13. etcd, flannel and Swarm are containers, whose tags are labels. What upstream no longer develops stays as it is: there is
//! nothing to upgrade to, and its authorities cannot be replaced under an etcd that runs. Both are answered as unsupported; swarm mode is the way on.
//!
//! **Volumes** that containers make through rexray are their owner's: nothing in Cinder says which cluster they came from, so they stay when it goes, as does what the
//! registry has put into the object store. There is nothing else that a cluster makes behind Heat's back, and so nothing to do before its deletion.
//!
//! **Resources.** A node takes 4 resources of Heat's limit of 1,000: its nested stack, server, port and deployment. A floating IP and a master's membership in the
//! load balancer's pool add 1 each, a volume 2. A cluster has 14 besides, and up to 6 for the load balancer: with floating IPs and no volumes, 3 masters leave room
//! for 192 nodes. `size` counts, and refuses more before anything is made.
//!
//! It must not: read a label that is not in `labels`, hold a secret, or open the engine's port of a node to the world.

mod definition;
mod describe;
mod health;
pub mod labels;
mod manager;
mod node_settings;
mod outputs;
mod parameters;
mod registry;
mod removals;
mod request;
mod size;
mod validate;

use jeroboam_driver_common::containers;
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, CoeResources, Description, Driver, Error, Health, Observation, Output, StackDefinition, StackScope,
    UpgradePlan, Warning,
    coe_resources::{Action, ClusterBrief, CoeResource, Failure, Kind, Manifest},
    unsupported,
};

pub use size::resources;

/// The driver.
pub struct Swarm;

impl Driver for Swarm {
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
        definition::define(cluster, scope)
    }

    fn plan_upgrade(_: &Cluster, _: &ClusterTemplate, _: Option<&str>, _: u32) -> Result<UpgradePlan, Error> {
        Err(unsupported("there is no later standalone Swarm to upgrade to: make a new cluster, of swarm-mode or Kubernetes"))
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
impl CoeResources for Swarm {
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

jeroboam_driver_sdk::export_driver!(Swarm, coe_resources);
