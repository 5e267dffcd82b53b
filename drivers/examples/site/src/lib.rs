//! A site's own driver: the bundled one for Kubernetes, with one label more. `boot_metadata` sets Nova's metadata of every server from its boot on, which
//! some sites bill, back up or firewall by.
//!
//! Nothing of the host or of the bundled driver is changed for it. Every call goes through to the bundled driver; what comes back is edited:
//!
//! ```text
//! describe                     → name, version and summary of this driver, one label more
//! validate-*                   → the label is checked first
//! define-stack, plan-upgrade   → `metadata` on each OS::Nova::Server of each template
//! ```
//!
//! It has a name of its own, and both provide the same cluster types: `[drivers] preferred_drivers = site-kubernetes` says that it wins.

mod labels;
mod metadata;

use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Description, Driver, Error, Health, Observation, Output, Progress, StackDefinition, StackScope,
    UpgradePlan, UpgradeStep, Warning,
};

/// The driver.
pub struct Site;

impl Driver for Site {
    fn describe() -> Description {
        let bundled = Kubernetes::describe();
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: env!("CARGO_PKG_DESCRIPTION").to_owned(),
            labels: bundled.labels.into_iter().chain(labels::label_specs()).collect(),
            ..bundled
        }
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        labels::metadata(&template.labels)?;
        Kubernetes::validate_template(template)
    }

    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
        labels::metadata(&cluster.labels)?;
        Kubernetes::validate_cluster(cluster)
    }

    fn define_stack(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
        let pairs = labels::metadata(&cluster.labels)?;
        metadata::add(Kubernetes::define_stack(cluster, scope)?, &pairs)
    }

    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        let pairs = labels::metadata(&cluster.labels)?;
        let plan = Kubernetes::plan_upgrade(cluster, target, group, batch)?;
        let edit = |step: UpgradeStep| Ok(UpgradeStep { definition: metadata::add(step.definition, &pairs)?, ..step });
        Ok(UpgradePlan { steps: plan.steps.into_iter().map(edit).collect::<Result<_, Error>>()?, ..plan })
    }

    fn pick_removals(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
        Kubernetes::pick_removals(cluster, group, count)
    }

    fn read_stack(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        Kubernetes::read_stack(cluster, scope, outputs)
    }

    fn before_delete(cluster: &Cluster) -> Result<Progress, Error> {
        Kubernetes::before_delete(cluster)
    }

    fn check_health(cluster: &Cluster) -> Result<Health, Error> {
        Kubernetes::check_health(cluster)
    }
}

jeroboam_driver_sdk::export_driver!(Site);
