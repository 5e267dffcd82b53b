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
    ("slave.yaml", include_str!("../templates/slave.yaml")),
    files::CONFIGURE_NODE,
];
/// User data by file, and the archive that it installs.
const ARCHIVES: &[(&str, &str)] = &[
    ("master-user-data", include_str!(concat!(env!("OUT_DIR"), "/master"))),
    ("slave-user-data", include_str!(concat!(env!("OUT_DIR"), "/slave"))),
];

pub fn define(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
    if let StackScope::NodeGroup(_) = scope {
        return Err(unsupported("this driver makes no node groups beyond the two default ones"));
    }
    let mut files = files::owned(FILES);
    files.extend(user_data(cluster)?);
    Ok(StackDefinition { template: CLUSTER.to_owned(), files, environment: String::new(), parameters: parameters::of(cluster)? })
}

fn user_data(cluster: &Cluster) -> Result<Vec<(String, String)>, Error> {
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let platform = settings::get_platform();
    let proxies = node_settings::proxies(cluster)?;
    let key = machine::public_key(cluster)?;
    let write = |&(name, archive): &(&str, &str)| {
        let data =
            UserData { archive, public_key: key.as_deref(), masked: system.updaters(), platform: &platform, proxies: &proxies };
        Ok((name.to_owned(), data.write(name, system.format())?))
    };
    ARCHIVES.iter().map(write).collect()
}
