//! Plain servers in a network of their own.
//!
//! A cluster comes in, a Heat stack goes out: the templates of `templates/`, and values for their parameters. Nothing here has an effect, and
//! nothing is kept between calls.

pub mod labels;
mod networks;
mod outputs;
mod stack;

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, ClusterType, Description, Driver, Error, Features, Observation, Output, StackDefinition,
    StackScope, Warning, invalid,
};

/// The driver.
pub struct RustExample;

impl Driver for RustExample {
    fn describe() -> Description {
        Description {
            name: "rust-example".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: env!("CARGO_PKG_DESCRIPTION").to_owned(),
            // The middle one is the property os_distro of the images that this driver is for.
            cluster_types: vec![ClusterType {
                server_type: "vm".to_owned(),
                os_distro: "rust-example".to_owned(),
                coe: "kubernetes".to_owned(),
            }],
            labels: labels::label_specs(),
            features: Features::empty(),
            capabilities: Vec::new(),
            extras: Vec::new(),
        }
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        without_load_balancer(template.master_lb_enabled)?;
        labels::Values::read(&template.labels)?;
        Ok(Vec::new())
    }

    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
        without_load_balancer(cluster.master_lb_enabled)?;
        labels::Values::read(&cluster.labels)?;
        let needs_external = cluster.floating_ip_enabled || cluster.fixed_network.is_none();
        if needs_external && cluster.template.external_network.is_none() {
            let message = "name an external network, or a fixed_network and floating_ip_enabled=false";
            return Err(invalid("external_network_id", message));
        }
        Ok(Vec::new())
    }

    fn define_stack(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
        Self::validate_cluster(cluster)?;
        stack::define(cluster, scope)
    }

    fn read_stack(cluster: &Cluster, _: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        outputs::read(cluster, outputs)
    }
}

fn without_load_balancer(wanted: bool) -> Result<(), Error> {
    if wanted {
        return Err(invalid("master_lb_enabled", "this driver makes no load balancer: set master_lb_enabled to false"));
    }
    Ok(())
}

jeroboam_driver_sdk::export_driver!(RustExample);
