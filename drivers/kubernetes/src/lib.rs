//! The bundled driver for Kubernetes on Fedora CoreOS: (vm, fedora-coreos, kubernetes).
//!
//! What flows through: a cluster comes in, a Heat stack goes out. The stack is made of the HOT templates in `templates/` and of the node configuration in `node/`;
//! the Rust code checks requests, fills in parameters and reads outputs.
//!
//! ```text
//! labels, fields ─► request, addresses, network, volumes ─► parameters, node_settings ─┐
//! node/  ─► build.rs ─► ignition ──────────────────────────────────────────────────────┼─► definition
//! templates/ ──────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! **How a node comes up.** Its user data (`ignition`) is the same for all nodes of a role but for the owner's key and OpenStack's CA, and holds no secret. It
//! installs scripts and a small agent, which polls Heat for the server's software deployment. The deployment `node_config_deployment` brings the parameters: what the
//! cluster's definition says, the addresses and volumes that only Heat knows, the login of the trustee. `configure.sh` then goes through its steps, and the agent
//! signals their result to Heat, with the log of the step that failed. Parameters that change later arrive the same way and change nodes in place; servers are replaced
//! only if their image or `kube_tag` changes.
//!
//! **Masters** know each other's addresses before they exist: their ports are a group of their own. So etcd needs neither a discovery service nor a load balancer,
//! and a master that is replaced comes back under its address. Keys are made on the nodes and signed by Magnum's API.
//!
//! **Resources.** A node takes 4 resources of Heat's limit of 1,000: its nested stack, server, port and deployment. A floating IP and the membership in the API's load
//! balancer add 1 each, a volume 2; so a master has at most 10, and a worker at most 7. A cluster has 14 besides, and up to 6 for the load balancer: with floating IPs
//! and no volumes, 3 masters leave room for 192 workers. `size` counts, and refuses more before anything is made.
//!
//! **What replaces servers besides.** Heat also replaces servers whose server group or root volume is defined anew. Both follow the operator's settings (affinity policy, size and
//! type of boot volumes) and the cloud's default volume type, so the host has to answer these for a cluster that exists as it did when the cluster was made.
//!
//! It must not: read a label that is not in `labels`, hold a secret (those are named, and the host fills them in), or replace a server that nobody asked to replace.

mod addresses;
mod cleanup;
mod definition;
mod describe;
mod etcd;
mod health;
pub mod labels;
mod node_settings;
mod nodes;
mod outputs;
mod parameters;
mod removals;
mod request;
mod size;
mod upgrade;
mod validate;
mod version;

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Description, Driver, Error, Health, Observation, Output, Progress, StackDefinition, StackScope,
    UpgradePlan, Warning,
};

pub use size::resources;

/// The driver.
pub struct Kubernetes;

impl Driver for Kubernetes {
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

    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        upgrade::plan(cluster, target, group, batch)
    }

    fn pick_removals(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
        removals::pick(cluster, group, count)
    }

    fn read_stack(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        outputs::read(cluster, scope, outputs)
    }

    fn before_delete(cluster: &Cluster) -> Result<Progress, Error> {
        cleanup::before_delete(cluster)
    }

    fn check_health(cluster: &Cluster) -> Result<Health, Error> {
        health::check(cluster)
    }
}

#[cfg(feature = "component")]
jeroboam_driver_sdk::export_driver!(Kubernetes);
