//! Upgrades replace nodes, for Docker's version is the image's: first the masters, one at a time and the primary last, then the workers in batches. A master that is
//! replaced keeps its port, so its address, and joins the others; what cannot be replaced without losing the swarm is refused.

use jeroboam_driver_common::{
    DefaultGroups, OperatingSystem, Request,
    docker::StorageDriver,
    request::{container_volume, group},
};
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Error, NodeGroup, Pair, Role, StackScope, UpgradePlan, UpgradeStep, errors::warning, invalid,
    unsupported,
};

use crate::{
    definition::{define, define_cluster},
    parameters::Rollout,
    request::SwarmRequest,
    validate,
};

pub fn plan(cluster: &Cluster, target: &ClusterTemplate, uuid: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
    check_target(cluster, target)?;
    let only = uuid.map(|uuid| group(cluster, uuid)).transpose()?;
    let concerned = |group: &NodeGroup| match only {
        None => group.is_default,
        Some(only) => group.uuid == only.uuid,
    };
    let upgraded = apply(cluster, target, concerned);
    let mut warnings = validate::cluster(&upgraded)?;
    let masters = DefaultGroups::of(cluster)?.masters;
    let mut steps = Vec::new();
    if concerned(masters) {
        steps.extend(master_steps(cluster, &upgraded, masters, target)?);
        if masters.node_count == 1 && masters.image != target.image {
            warnings.push(warning("master_count", "the API is away while the only master is replaced"));
        }
    }
    for group in cluster.groups.iter().filter(|group| group.role == Role::Worker && concerned(group)) {
        let scope = if group.is_default { StackScope::Cluster } else { StackScope::NodeGroup(group.uuid.clone()) };
        let batch = batch.max(1);
        let summary = match group.image == target.image {
            true => format!("Settings of {}, whose image stays", group.name),
            false => format!("Replacing {} of {}, {batch} at a time", counted(group.node_count, "worker"), group.name),
        };
        steps.push(UpgradeStep { summary, definition: define(&upgraded, &scope, batch)?, scope });
    }
    Ok(UpgradePlan { steps, warnings })
}

/// What cannot change under a cluster that runs.
fn check_target(cluster: &Cluster, target: &ClusterTemplate) -> Result<(), Error> {
    let (now, then) = (Request::from(cluster), Request::from(target));
    let same = [
        ("cluster_template_id", cluster.template.cluster_type == target.cluster_type),
        ("apiserver_port", now.api_port() == then.api_port()),
        ("tls_disabled", now.has_tls() == then.has_tls()),
        ("docker_storage_driver", cluster.template.docker_storage_driver == target.docker_storage_driver),
    ];
    match same.iter().find(|(_, same)| !same) {
        Some((field, _)) => Err(invalid(*field, format!("{field} of the new template has to be that of the cluster"))),
        None => Ok(()),
    }
}

/// Masters first, workers as they are. The primary in a step of its own, for Heat would replace it beside the first of the others: of three masters two would be away.
fn master_steps(
    cluster: &Cluster,
    upgraded: &Cluster,
    masters: &NodeGroup,
    target: &ClusterTemplate,
) -> Result<Vec<UpgradeStep>, Error> {
    let mut cluster_now = upgraded.clone();
    for group in cluster_now.groups.iter_mut().filter(|group| group.role == Role::Worker) {
        if let Some(before) = cluster.groups.iter().find(|before| before.uuid == group.uuid) {
            group.image.clone_from(&before.image);
        }
    }
    let step = |summary: String, rollout: Rollout| {
        let definition = define_cluster(&cluster_now, &rollout)?;
        Ok::<_, Error>(UpgradeStep { summary, scope: StackScope::Cluster, definition })
    };
    if masters.image == target.image {
        return Ok(vec![step("Settings of the masters, whose image stays".to_owned(), Rollout::default())?]);
    }
    let mut steps = Vec::new();
    if masters.node_count == 1 {
        check_only_master(cluster, masters)?;
    } else {
        let others = counted(masters.node_count - 1, "secondary master");
        let rollout = Rollout { primary_image: Some(masters.image.clone()), batch: 1 };
        steps.push(step(format!("Replacing {others}, one at a time"), rollout)?);
    }
    steps.push(step("Replacing the primary master".to_owned(), Rollout { primary_image: None, batch: 1 })?);
    Ok(steps)
}

/// Whether the swarm's state outlives the replacement of its one keeper.
fn check_only_master(cluster: &Cluster, masters: &NodeGroup) -> Result<(), Error> {
    let system = OperatingSystem::of(&cluster.template.cluster_type)?;
    let on_volume = StorageDriver::of(&cluster.into(), system)?.keeps_state_on_volume() && container_volume(cluster, masters) > 0;
    if on_volume {
        return Ok(());
    }
    Err(unsupported(
        "the only master keeps the swarm on its root disk, which does not outlive its replacement: only clusters with three masters, or with docker_volume_size and another storage driver than devicemapper, can have their masters upgraded",
    ))
}

/// The cluster as it is to be. What the target says of networks, volumes and the like is for new clusters.
fn apply(cluster: &Cluster, target: &ClusterTemplate, concerned: impl Fn(&NodeGroup) -> bool) -> Cluster {
    let software: Vec<Pair> = target.labels.iter().filter(|(name, _)| is_software(name)).cloned().collect();
    let mut upgraded = cluster.clone();
    for group in upgraded.groups.iter_mut().filter(|group| concerned(group)) {
        group.image.clone_from(&target.image);
    }
    upgraded.labels.retain(|(name, _)| !software.iter().any(|(over, _)| over == name));
    upgraded.labels.extend(software);
    upgraded
}

/// Whether a label says which software nodes run and where it comes from.
fn is_software(label: &str) -> bool {
    ["_tag", "_options", "_prefix", "_url"].iter().any(|ending| label.ends_with(ending))
}

fn counted(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
