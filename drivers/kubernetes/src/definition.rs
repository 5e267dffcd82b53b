//! The Heat stack of a cluster: templates, the files they name, and parameters.

use jeroboam_driver_sdk::{
    Cluster, Error, Role, StackDefinition, StackScope, errors::blame, internal, log, lookup, settings, unsupported,
};

use crate::{ignition, parameters, request::given};

const CLUSTER: &str = include_str!("../templates/cluster.yaml");
/// Name and content, as `cluster.yaml` and those it names refer to them.
const FILES: &[(&str, &str)] = &[
    ("network.yaml", include_str!("../templates/network.yaml")),
    ("load-balancer.yaml", include_str!("../templates/load-balancer.yaml")),
    ("master.yaml", include_str!("../templates/master.yaml")),
    ("worker.yaml", include_str!("../templates/worker.yaml")),
    ("configure-node.sh", include_str!("../node/configure-node.sh")),
];

pub fn define(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
    match scope {
        StackScope::Cluster => define_cluster(cluster, 1),
        StackScope::NodeGroup(_) => Err(unsupported("this driver makes no node groups beyond the two default ones")),
    }
}

/// `batch`: how many workers are replaced at a time, if any are.
pub fn define_cluster(cluster: &Cluster, batch: u32) -> Result<StackDefinition, Error> {
    let platform = settings::get_platform();
    let key = public_key(cluster)?;
    let mut files: Vec<(String, String)> =
        FILES.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect();
    for (name, role) in [("master.ign", Role::Master), ("worker.ign", Role::Worker)] {
        let user_data = ignition::user_data(role, &platform, key.as_deref());
        if user_data.len() > ignition::LIMIT {
            let message = format!(
                "{name} has {} bytes, and Nova takes {}: the operator's CA bundle is too large",
                user_data.len(),
                ignition::LIMIT
            );
            return Err(internal(message));
        }
        files.push((name.to_owned(), user_data));
    }
    Ok(StackDefinition {
        template: CLUSTER.to_owned(),
        files,
        environment: String::new(),
        parameters: parameters::of(cluster, batch)?,
    })
}

/// The key that opens nodes to their owner. One that has gone since the cluster was made locks nobody out: servers keep their user data.
fn public_key(cluster: &Cluster) -> Result<Option<String>, Error> {
    let Some(name) = given(cluster.keypair.as_deref()) else { return Ok(None) };
    match lookup::get_keypair(name) {
        Ok(keypair) => Ok(Some(keypair.public_key)),
        Err(Error::NotFound(_)) if cluster.stack_id.is_some() => {
            log::warning(&format!("keypair {name} of cluster {} is gone: new nodes have no login key", cluster.uuid));
            Ok(None)
        }
        Err(other) => Err(blame("keypair")(other)),
    }
}
