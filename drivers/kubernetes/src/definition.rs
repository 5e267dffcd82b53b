//! The Heat stack of a cluster: templates, the files they name, and parameters.

use jeroboam_driver_common::{OperatingSystem, files, machine, user_data::UserData};
use jeroboam_driver_sdk::{Cluster, Error, StackDefinition, StackScope, settings, unsupported};

use crate::{node_settings, parameters};

const CLUSTER: &str = include_str!("../templates/cluster.yaml");
/// Name and content, as `cluster.yaml` and those it names refer to them.
const FILES: &[(&str, &str)] = &[
    files::NETWORK,
    files::LOAD_BALANCER,
    ("master.yaml", include_str!("../templates/master.yaml")),
    ("worker.yaml", include_str!("../templates/worker.yaml")),
    files::CONFIGURE_NODE,
];
/// User data by file, and the archive that it installs.
const ARCHIVES: &[(&str, &str)] = &[
    ("master-user-data", include_str!(concat!(env!("OUT_DIR"), "/master"))),
    ("worker-user-data", include_str!(concat!(env!("OUT_DIR"), "/worker"))),
];
/// Docker would compete for the container runtime.
const RIVALS: &[&str] = &["docker.service", "docker.socket"];

pub fn define(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
    match scope {
        StackScope::Cluster => define_cluster(cluster, 1),
        StackScope::NodeGroup(_) => Err(unsupported("this driver makes no node groups beyond the two default ones")),
    }
}

/// `batch`: how many workers are replaced at a time, if any are.
pub fn define_cluster(cluster: &Cluster, batch: u32) -> Result<StackDefinition, Error> {
    let mut files = files::owned(FILES);
    files.extend(user_data(cluster)?);
    Ok(StackDefinition {
        template: CLUSTER.to_owned(),
        files,
        environment: String::new(),
        parameters: parameters::of(cluster, batch)?,
    })
}

fn user_data(cluster: &Cluster) -> Result<Vec<(String, String)>, Error> {
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let platform = settings::get_platform();
    let proxies = node_settings::proxies(cluster)?;
    let key = machine::public_key(cluster)?;
    let masked = [system.updaters(), RIVALS].concat();
    let write = |&(name, archive): &(&str, &str)| {
        let data = UserData { archive, public_key: key.as_deref(), masked: &masked, platform: &platform, proxies: &proxies };
        Ok((name.to_owned(), data.write(name, system.format())?))
    };
    ARCHIVES.iter().map(write).collect()
}
