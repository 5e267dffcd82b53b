//! The Heat stack of a cluster: templates, the files they name, and parameters.

use jeroboam_driver_common::{OperatingSystem, files, machine, user_data::UserData};
use jeroboam_driver_sdk::{Cluster, Error, StackDefinition, StackScope, settings};

use crate::{
    group, node_settings,
    parameters::{self, Batches},
};

const CLUSTER: &str = include_str!("../templates/cluster.yaml");
/// Name and content, as the cluster's template and those it names refer to them.
const FILES: &[(&str, &str)] = &[files::NETWORK, files::LOAD_BALANCER, ("master.yaml", include_str!("../templates/master.yaml"))];
/// Those of every stack with workers.
const WORKER_FILES: &[(&str, &str)] = &[
    ("worker.yaml", include_str!("../templates/worker.yaml")),
    files::CONFIGURE_NODE,
    ("drain-nodes.sh", include_str!("../node/drain-nodes.sh")),
];
/// The name of a role's user data, and the archive that it installs.
const MASTER: (&str, &str) = ("master-user-data", include_str!(concat!(env!("OUT_DIR"), "/master")));
const WORKER: (&str, &str) = ("worker-user-data", include_str!(concat!(env!("OUT_DIR"), "/worker")));
/// Docker would compete for the container runtime.
const RIVALS: &[&str] = &["docker.service", "docker.socket"];

pub fn define(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
    match scope {
        StackScope::Cluster => define_cluster(cluster, Batches::default()),
        StackScope::NodeGroup(uuid) => group::define(cluster, uuid, None),
    }
}

/// The cluster's own stack.
pub fn define_cluster(cluster: &Cluster, batches: Batches) -> Result<StackDefinition, Error> {
    let mut files = files::owned(FILES);
    files.extend(files::owned(WORKER_FILES));
    files.extend(user_data(cluster, &[MASTER, WORKER])?);
    Ok(StackDefinition {
        template: CLUSTER.to_owned(),
        files,
        environment: String::new(),
        parameters: parameters::of(cluster, batches)?,
    })
}

/// What the template of a further group names.
pub fn files_of_group(cluster: &Cluster) -> Result<Vec<(String, String)>, Error> {
    let mut files = files::owned(WORKER_FILES);
    files.extend(user_data(cluster, &[WORKER])?);
    Ok(files)
}

fn user_data(cluster: &Cluster, archives: &[(&str, &str)]) -> Result<Vec<(String, String)>, Error> {
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let platform = settings::get_platform();
    let proxies = node_settings::proxies(cluster)?;
    let key = machine::public_key(cluster)?;
    let masked = [system.updaters(), RIVALS].concat();
    let write = |&(name, archive): &(&str, &str)| {
        let data = UserData { archive, public_key: key.as_deref(), masked: &masked, platform: &platform, proxies: &proxies };
        Ok((name.to_owned(), data.write(name, system.format())?))
    };
    archives.iter().map(write).collect()
}
