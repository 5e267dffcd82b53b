//! Admission: whether what a request asks for can be had, before anything is stored. The order of the checks is Magnum's, since it decides which of several errors
//! a client sees. OpenStack is asked with the requesting user's own token, so that nobody learns here of what they may not see.

mod boot_volume;
mod coe;
mod driver;
mod lately;
mod lookups;
mod masters;
mod nodegroup;
mod openstack;
mod refusal;
mod upgrade;

pub use boot_volume::check_root_volumes;
pub use coe::{check_docker_volume, check_network_driver, check_volume_driver, default_network_driver};
pub use driver::{admit_cluster, admit_group, admit_resize, admit_template, admit_upgrade, choose, driver_of};
pub use lookups::Lookups;
pub use masters::{check_load_balancer, check_master_count};
pub use nodegroup::{GroupConflict, check_counts, check_node_settings};
pub use openstack::{Flavors, Openstack, Wanted};
pub use refusal::{Refusal, Resource};
pub use upgrade::check_target;
