//! The bundled driver for Kubernetes: on Fedora CoreOS, Ubuntu, Fedora Atomic and CoreOS Container Linux (vm), and on Fedora (bm).
//!
//! What flows through: a cluster comes in, a Heat stack goes out. The stack is made of the HOT templates in `templates/` and of the node configuration in `node/`,
//! both with what `jeroboam_driver_common` shares among drivers; the Rust code checks requests, fills in parameters and reads outputs.
//!
//! ```text
//! labels, fields ─► era ─► request, addresses, machines, node_labels ─► parameters, node_settings ─┐
//! addons ──────────────────────────────────────────────────────────────────────────────────────────┤
//! node/  ─► build.rs ─► user data ─────────────────────────────────────────────────────────────────┼─► definition, group
//! templates/ ──────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! **Operating systems.** `OperatingSystem` of the common crate says how user data is written (Ignition 3, Ignition 2, cloud-init) and which services are kept from
//! rebooting nodes; scripts find what differs inside a node in `os-<family>.sh`. All nodes run containerd: that of the image, as on Fedora CoreOS, else a release that
//! is linked statically (`containerd-install.sh`). Fedora CoreOS, Ubuntu and Fedora run Kubernetes from v1.29 on; Fedora Atomic and Container Linux, which
//! ended in 2019 and 2020, v1.19 to v1.23 (`era`), with other tags of that time unless labels say otherwise. Bare metal has no volumes and no network of its own
//! (`bare_metal`). Only v1.19 has an API without TLS: with `tls_disabled` it listens at the API's port in the clear, and nodes keep to TLS on a port beside it.
//!
//! **How a node comes up.** Its user data is the same for all nodes of a role but for the owner's key and OpenStack's CA, and holds no secret. It installs scripts and
//! a small agent, which polls Heat for the server's software deployment. The deployment `node_config_deployment` brings the parameters: what the
//! cluster's definition says, the addresses and volumes that only Heat knows, the login of the trustee. `configure.sh` then goes through its steps, and the agent
//! signals their result to Heat, with the log of the step that failed. Parameters that change later arrive the same way and change nodes in place; servers are replaced
//! only if their image or `kube_tag` changes.
//!
//! **Masters** know each other's addresses before they exist: their ports are a group of their own. So etcd needs neither a discovery service nor a load balancer,
//! and a master that is replaced comes back under its address. Masters can become more; fewer they cannot, because Heat deletes servers before etcd could be told.
//! Keys are made on the nodes and signed by Magnum's API.
//!
//! **Workers** of the default group are in the cluster's stack, those of every further group in one of its own, which knows of the first by what the host remembers
//! (`memory`). Labels and taints are a group's own.
//!
//! **Nodes that go are drained.** Pods are moved by a deployment on the first master, because a node that Heat replaces has already lost its port. In the update that
//! removes nodes, `leaving_nodes` runs before the group changes; in the one that replaces a worker, the worker's own `drain_deployment` runs before its server is made
//! anew. Both run on updates only and never fail: after `node_drain_timeout` seconds the node goes all the same. Who shrinks a group without
//! naming nodes gets them named (`removals`), so that these are drained too. Masters are not drained: nothing of the users' runs there.
//!
//! **New authorities.** When the host has rotated them, it counts up `ca-generation`, which is among the nodes' parameters: all deployments run again, masters together, since
//! members of etcd with different authorities do not know each other, then workers. Nodes trust the former authority too for two more hours, and then come back to
//! forget it (`rotation.sh`). The API is away for a minute.
//!
//! **Resources.** Of Heat's limit of 1,000, a master takes 4 (its nested stack, server, port and deployment), a worker 5 (a deployment more, which drains it). A floating IP
//! and the membership in the API's load balancer add 1 each, a volume 2; so a master has at most 10, and a worker at most 8. A cluster has 16 besides, up to 6 for
//! the load balancer, and 4 less in a network that exists; a further group has 5 besides. With floating IPs and no volumes, 3 masters leave room for 160 workers in the
//! cluster's own stack, and there are 165 in each further one. `size` counts, and refuses more before anything is made.
//!
//! **What the operator can set** in the section `[driver:kubernetes]`: `delete_volumes` (volumes of claims go with the cluster; they stay unless this is true),
//! `max_resources_per_stack` (Heat's own limit, 1000), `post_install_manifest_url` (a manifest for every cluster), `swift_registry_container` (where the registries of
//! clusters keep images, `docker_registry`), `jq_url` (where nodes whose image has no jq fetch it).
//!
//! **What replaces servers besides.** Heat also replaces servers whose server group or root volume is defined anew. Both follow the operator's settings (affinity policy, size and
//! type of boot volumes) and the cloud's default volume type, so the host has to answer these for a cluster that exists as it did when the cluster was made.
//!
//! It must not: read a label that is not in `labels`, hold a secret (those are named, and the host fills them in), or replace a server that nobody asked to replace.

pub mod addons;
mod addresses;
mod bare_metal;
mod claims;
mod cleanup;
mod definition;
mod describe;
mod era;
mod etcd;
mod group;
mod health;
pub mod labels;
mod machines;
mod memory;
mod node_labels;
mod node_settings;
mod nodes;
mod outputs;
mod parameters;
mod removals;
mod request;
mod resources;
mod secrets;
mod size;
mod upgrade;
mod validate;
mod version;

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, CoeResources, Description, Driver, Error, Health, Observation, Output, Progress, StackDefinition,
    StackScope, UpgradePlan, Warning,
    coe_resources::{ClusterBrief, CoeResource, Failure, Kind, Manifest},
};

use era::{complete_cluster, complete_template};
pub use size::{group_resources, resources};

/// The driver.
pub struct Kubernetes;

impl Driver for Kubernetes {
    fn describe() -> Description {
        describe::description()
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        validate::template(&complete_template(template)?)
    }

    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
        validate::cluster(&complete_cluster(cluster)?)
    }

    fn define_stack(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
        definition::define(&complete_cluster(cluster)?, scope)
    }

    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        upgrade::plan(&complete_cluster(cluster)?, &complete_template(target)?, group, batch)
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

/// Pods, services and replication controllers, in the namespace `default`.
impl CoeResources for Kubernetes {
    fn list_resources(_: &ClusterBrief, kind: Kind) -> Result<Vec<CoeResource>, Failure> {
        resources::list(kind)
    }

    fn show_resource(_: &ClusterBrief, kind: Kind, ident: &str) -> Result<CoeResource, Failure> {
        resources::show(kind, ident)
    }

    fn create_resource(_: &ClusterBrief, manifest: &Manifest) -> Result<CoeResource, Failure> {
        resources::create(manifest)
    }

    fn replace_resource(_: &ClusterBrief, ident: &str, manifest: &Manifest) -> Result<CoeResource, Failure> {
        resources::replace(ident, manifest)
    }

    fn delete_resource(_: &ClusterBrief, kind: Kind, ident: &str) -> Result<(), Failure> {
        resources::delete(kind, ident)
    }
}

#[cfg(feature = "component")]
jeroboam_driver_sdk::export_driver!(Kubernetes, coe_resources);
