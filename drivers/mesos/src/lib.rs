//! The bundled driver for Mesos with Marathon on Ubuntu: (vm, ubuntu, mesos).
//!
//! What flows through: a cluster comes in, a Heat stack goes out. The stack is made of the HOT templates in `templates/` and of the node configuration in `node/`;
//! the Rust code checks requests, fills in parameters, reads outputs and asks Marathon which slaves are busy.
//!
//! ```text
//! labels, fields ─► validate, size
//!                └► parameters, node_settings ─┐
//! node/ ─► build.rs ─► user data ──────────────┼─► definition
//! templates/ ──────────────────────────────────┘
//! Marathon ─► health, removals
//! ```
//!
//! **Images** bring the software: Ubuntu with systemd and the packages zookeeperd, mesos, marathon and docker.io (or docker-ce). What is missing is installed if the
//! image's own package sources have it; else the node's deployment fails and says so.
//!
//! **Masters** know each other's addresses before they exist: their ports are a group of their own. From these follow ZooKeeper's ensemble, its members' numbers and
//! Mesos' quorum, so nothing has to be discovered; and for the same reason the number of masters is fixed. Every master runs ZooKeeper, Mesos and Marathon. Any
//! Marathon answers for the leader, which is what makes a load balancer before them work.
//!
//! **Slaves** run tasks in Docker's and Mesos' own containers. They are known to Mesos by their private addresses, which is how `removals` matches Marathon's tasks to
//! servers: those with fewest tasks go first. Marathon is asked, so tasks of other frameworks do not count.
//!
//! **No TLS.** Mesos and Marathon are configured as upstream Magnum configured them: without TLS and without a login. Whoever reaches port 5050 or 8080 of a master
//! rules the cluster, which `validate` says. The label `master_lb_allowed_cidrs` and a cluster without floating IPs keep strangers out. Authorities exist, as for
//! every cluster, but nothing uses them: there is nothing to rotate.
//!
//! **Volumes** that tasks make through rexray are their owner's: nothing in Cinder says which cluster they came from, so they stay when it goes. There is nothing else that
//! a cluster makes behind Heat's back, and so nothing to do before its deletion.
//!
//! **Resources.** A node takes 4 resources of Heat's limit of 1,000: its nested stack, server, port and deployment. A floating IP and a master's membership in the
//! load balancer's pool add 1 each, a volume 2. A cluster has 14 besides, and up to 6 for the load balancer: with floating IPs and no volumes, 3 masters leave room
//! for 192 slaves. `size` counts, and refuses more before anything is made.
//!
//! It must not: read a label that is not in `labels`, hold a secret, or give nodes a login that they have no use for (only the volume plugin needs one).

mod definition;
mod describe;
mod health;
pub mod labels;
mod marathon;
mod node_settings;
mod outputs;
mod parameters;
mod removals;
mod size;
mod slave_labels;
mod validate;

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Description, Driver, Error, Health, Observation, Output, StackDefinition, StackScope, UpgradePlan,
    Warning, unsupported,
};

pub use size::resources;

/// The driver.
pub struct Mesos;

impl Driver for Mesos {
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
        Err(unsupported("Mesos comes with the image, and its masters cannot be replaced one by one: make a new cluster"))
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

jeroboam_driver_sdk::export_driver!(Mesos);
