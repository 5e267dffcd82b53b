//! The Heat stacks of a cluster: templates, the files they name, and parameters.

use jeroboam_driver_common::{
    OperatingSystem, Request, files, machine, network::NodeNetwork, request::group, user_data::UserData,
};
use jeroboam_driver_sdk::{Cluster, Error, StackDefinition, StackScope, settings};

use crate::{group_stack, node_settings, parameters, parameters::Rollout};

const CLUSTER: &str = include_str!("../templates/cluster.yaml");
const GROUP: &str = include_str!("../templates/group.yaml");
/// Name and content, as the templates refer to them: those that only the cluster's stack has, and those of both kinds of stack.
const CLUSTER_FILES: &[(&str, &str)] =
    &[files::NETWORK, files::LOAD_BALANCER, ("master.yaml", include_str!("../templates/master.yaml"))];
const FILES: &[(&str, &str)] = &[
    ("node.yaml", include_str!("../templates/node.yaml")),
    ("leavers.yaml", include_str!("../templates/leavers.yaml")),
    ("members.yaml", include_str!("../templates/members.yaml")),
    files::CONFIGURE_NODE,
    ("drain-nodes.sh", include_str!("../node/drain-nodes.sh")),
    ("configure-members.sh", include_str!("../node/configure-members.sh")),
];
/// User data by file, and the archive that it installs.
const MASTER: (&str, &str) = ("master-user-data", include_str!(concat!(env!("OUT_DIR"), "/master")));
const WORKER: (&str, &str) = ("worker-user-data", include_str!(concat!(env!("OUT_DIR"), "/worker")));

/// `batch`: how many workers are replaced at a time, if any are.
pub fn define(cluster: &Cluster, scope: &StackScope, batch: u32) -> Result<StackDefinition, Error> {
    match scope {
        StackScope::Cluster => define_cluster(cluster, &Rollout { batch, ..Rollout::default() }),
        StackScope::NodeGroup(uuid) => {
            let parameters = group_stack::parameters(cluster, group(cluster, uuid)?, batch)?;
            Ok(StackDefinition {
                template: GROUP.to_owned(),
                files: [files::owned(FILES), user_data(cluster, &[WORKER])?].concat(),
                environment: String::new(),
                parameters,
            })
        }
    }
}

pub fn define_cluster(cluster: &Cluster, rollout: &Rollout) -> Result<StackDefinition, Error> {
    Ok(StackDefinition {
        template: CLUSTER.to_owned(),
        files: [files::owned(CLUSTER_FILES), files::owned(FILES), user_data(cluster, &[MASTER, WORKER])?].concat(),
        environment: String::new(),
        parameters: parameters::of_cluster(cluster, rollout)?,
    })
}

fn user_data(cluster: &Cluster, archives: &[(&str, &str)]) -> Result<Vec<(String, String)>, Error> {
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let platform = settings::get_platform();
    let proxies = node_settings::proxies(cluster, &NodeNetwork::resolve(&Request::from(cluster))?);
    let key = machine::public_key(cluster)?;
    let write = |&(name, archive): &(&str, &str)| {
        let data =
            UserData { archive, public_key: key.as_deref(), masked: system.updaters(), platform: &platform, proxies: &proxies };
        Ok((name.to_owned(), data.write(name, system.format())?))
    };
    archives.iter().map(write).collect()
}
