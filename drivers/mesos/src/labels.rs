//! The labels that this driver reads. A label is read through its line here, so none is missing from the schema.

use jeroboam_driver_common::{load_balancer, machine, network, rexray, volumes};
use jeroboam_driver_sdk::{LabelSpec, labels};

labels! {
    MESOS_SLAVE_ISOLATION = "mesos_slave_isolation": choices("filesystem/posix", "filesystem/linux", "filesystem/shared", "posix/cpu", "posix/mem", "posix/disk", "cgroups/cpu", "cgroups/mem", "docker/runtime", "namespaces/pid"), default "", since "0.1.0", "Isolators of Mesos' own containers. Empty: those of mesos-slave.";
    MESOS_SLAVE_IMAGE_PROVIDERS = "mesos_slave_image_providers": choices("appc", "docker"), default "", since "0.1.0", "Image formats that Mesos' own containers can be made of; docker needs the isolator docker/runtime.";
    MESOS_SLAVE_WORK_DIR = "mesos_slave_work_dir": text, default "", since "0.1.0", "The absolute path of the folder that slaves keep their state and sandboxes in. Empty: /var/lib/mesos.";
    MESOS_SLAVE_EXECUTOR_ENV_VARIABLES = "mesos_slave_executor_env_variables": text, default "", since "0.1.0", "A JSON object of the environment variables that executors start with. Empty: those of the slave.";
    MESOS_SLAVE_FLAGS = "mesos_slave_flags": text, default "", since "0.1.0", "Further flags of mesos-slave as name=value, separated by spaces.";
}

/// The whole schema: these, and those of the shared modules.
pub fn all() -> Vec<LabelSpec> {
    let mut all = label_specs();
    all.extend(network::label_specs());
    all.extend(load_balancer::label_specs());
    all.push(machine::AVAILABILITY_ZONE.spec());
    all.extend(volumes::label_specs());
    all.extend(rexray::label_specs());
    all
}
