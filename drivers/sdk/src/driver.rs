//! The trait that a driver implements, and the macro that makes a component of it.

use std::marker::PhantomData;

use crate::{
    Cluster, ClusterTemplate, Description, Error, Health, Observation, Output, Progress, StackDefinition, StackScope,
    UpgradePlan, Warning, unsupported,
};

/// A driver: the functions of the interface `driver`. When each is called, how often and under which budget stands in
/// `wit/coe-0.1.0/driver.wit`.
///
/// There is no `self`: each call runs in an instance of its own, so there is nothing to keep.
pub trait Driver {
    /// Who the driver is. Must depend on nothing.
    fn describe() -> Description;

    /// Whether the template could become a cluster.
    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error>;

    /// Whether the cluster could be made as it is to be.
    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error>;

    /// The whole desired state of a stack.
    fn define_stack(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error>;

    /// How to bring a cluster, or one of its groups, to another template. Unless overridden: not supported.
    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        _ = (cluster, target, group, batch);
        Err(unsupported("this driver does not upgrade clusters"))
    }

    /// Which nodes of a group to give up. Unless overridden: Heat chooses.
    fn pick_removals(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
        _ = (cluster, group, count);
        Ok(Vec::new())
    }

    /// What a stack's outputs say. Unless overridden: nothing.
    fn read_stack(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        _ = (cluster, scope, outputs);
        Ok(Observation { api_address: None, coe_version: None, container_version: None, groups: Vec::new(), extras: Vec::new() })
    }

    /// Removes what the cluster's own controllers made in the cloud. Unless overridden: there is nothing of the kind.
    fn before_delete(cluster: &Cluster) -> Result<Progress, Error> {
        _ = cluster;
        Ok(Progress::Done)
    }

    /// How the cluster is. Unless overridden: not supported.
    fn check_health(cluster: &Cluster) -> Result<Health, Error> {
        _ = cluster;
        Err(unsupported("this driver does not check health"))
    }
}

/// Turns a [`Driver`] into the interface that the component exports.
#[doc(hidden)]
pub struct Exported<D>(PhantomData<D>);

#[doc(hidden)]
pub const fn assert_driver<D: Driver>() {}

#[cfg(target_arch = "wasm32")]
impl<D: Driver> crate::bindings::exports::jeroboam::coe::driver::Guest for Exported<D> {
    fn describe() -> Description {
        crate::panics::report();
        D::describe()
    }

    fn validate_template(template: ClusterTemplate) -> Result<Vec<Warning>, Error> {
        crate::panics::report();
        D::validate_template(&template)
    }

    fn validate_cluster(cluster: Cluster) -> Result<Vec<Warning>, Error> {
        crate::panics::report();
        D::validate_cluster(&cluster)
    }

    fn define_stack(cluster: Cluster, scope: StackScope) -> Result<StackDefinition, Error> {
        crate::panics::report();
        D::define_stack(&cluster, &scope)
    }

    fn plan_upgrade(cluster: Cluster, target: ClusterTemplate, group: Option<String>, batch: u32) -> Result<UpgradePlan, Error> {
        crate::panics::report();
        D::plan_upgrade(&cluster, &target, group.as_deref(), batch)
    }

    fn pick_removals(cluster: Cluster, group: String, count: u32) -> Result<Vec<String>, Error> {
        crate::panics::report();
        D::pick_removals(&cluster, &group, count)
    }

    fn read_stack(cluster: Cluster, scope: StackScope, outputs: Vec<Output>) -> Result<Observation, Error> {
        crate::panics::report();
        D::read_stack(&cluster, &scope, &outputs)
    }

    fn before_delete(cluster: Cluster) -> Result<Progress, Error> {
        crate::panics::report();
        D::before_delete(&cluster)
    }

    fn check_health(cluster: Cluster) -> Result<Health, Error> {
        crate::panics::report();
        D::check_health(&cluster)
    }
}

/// Makes the crate's component export the driver. Once in a crate, which has to be a `cdylib`. With `coe_resources` after it, the component exports that interface of
/// 0.2.0, too: the type implements [`CoeResources`](crate::CoeResources).
#[macro_export]
macro_rules! export_driver {
    ($driver:ty, coe_resources) => {
        $crate::export_driver!($driver);
        const _: () = $crate::private::assert_coe_resources::<$driver>();

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the exported symbols of the component")]
        const _: () = {
            type Exported = $crate::private::Exported<$driver>;
    $crate::private::export_coe_resources!(Exported with_types_in $crate::private::bindings::v0_2);
        };
    };
    ($driver:ty) => {
        const _: () = $crate::private::assert_driver::<$driver>();

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the exported symbols of the component")]
        const _: () = {
            type Exported = $crate::private::Exported<$driver>;
    $crate::private::export_coe_driver!(Exported with_types_in $crate::private::bindings);
        };
    };
}
