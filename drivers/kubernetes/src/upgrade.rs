//! Upgrades replace nodes: first the masters, one at a time, then the workers in batches. A master that is replaced keeps its port, so its address, and
//! joins the etcd of the others.

use jeroboam_driver_common::{DefaultGroups, images};
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Error, Pair, Role, StackScope, UpgradePlan, UpgradeStep, errors::warning, invalid, settings,
    unsupported,
};

use crate::{
    definition::define_cluster,
    etcd, labels, validate,
    version::{Version, tag_of},
};

/// What is upgraded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Masters,
    Workers,
}

pub fn plan(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
    let groups = DefaultGroups::of(cluster)?;
    let part = match group {
        None => Part::All,
        Some(uuid) if uuid == groups.masters.uuid => Part::Masters,
        Some(uuid) if uuid == groups.workers.uuid => Part::Workers,
        Some(uuid) => return Err(Error::NotFound(format!("the cluster has no node group {uuid}"))),
    };
    let now = (tag_of(groups.masters, &cluster.labels)?, tag_of(groups.workers, &cluster.labels)?);
    let wanted = labels::KUBE_TAG.get(&target.labels)?;
    check_target(cluster, target)?;
    check_versions(part, now, wanted)?;
    if part != Part::Workers {
        check_masters(cluster, &groups)?;
    }

    let upgraded = apply(cluster, target, part)?;
    let mut warnings = validate::cluster(&upgraded)?;
    if groups.masters.node_count == 1 && part != Part::Workers {
        warnings.push(warning("master_count", "the API is away while the only master is replaced"));
    }
    let step = |summary: String, cluster: &Cluster, batch: u32| {
        let definition = define_cluster(cluster, batch)?;
        Ok::<_, Error>(UpgradeStep { summary, scope: StackScope::Cluster, definition })
    };
    let mut steps = Vec::new();
    if part != Part::Workers {
        let summary = format!("Replacing {} with {wanted}, one at a time", counted(groups.masters.node_count, "master"));
        steps.push(step(summary, &apply(cluster, target, Part::Masters)?, 1)?);
    }
    if part != Part::Masters {
        let batch = batch.max(1);
        let summary = format!("Replacing {} with {wanted}, {batch} at a time", counted(groups.workers.node_count, "worker"));
        steps.push(step(summary, &upgraded, batch)?);
    }
    Ok(UpgradePlan { steps, warnings })
}

/// What cannot change under a cluster that runs.
fn check_target(cluster: &Cluster, target: &ClusterTemplate) -> Result<(), Error> {
    let same = [
        ("network_driver", cluster.template.network_driver == target.network_driver),
        ("apiserver_port", cluster.template.apiserver_port == target.apiserver_port),
        ("cluster_template_id", cluster.template.cluster_type == target.cluster_type),
    ];
    match same.iter().find(|(_, same)| !same) {
        Some((field, _)) => Err(invalid(*field, format!("{field} of the new template has to be that of the cluster"))),
        None => Ok(()),
    }
}

/// Kubernetes' own rules: the API server goes up one minor version at a time, kubelets are never newer and at most three older.
fn check_versions(part: Part, (masters, workers): (&str, &str), wanted: &str) -> Result<(), Error> {
    let refuse = |rule: String| Err(labels::KUBE_TAG.invalid(&rule));
    let target = Version::of_label(wanted)?;
    let (masters_at, workers_at) = (Version::of_label(masters)?, Version::of_label(workers)?);
    match part {
        Part::Workers if target > masters_at => {
            refuse(format!("is {wanted}, newer than the masters' {masters}: upgrade the masters first"))
        }
        Part::All | Part::Masters if target < masters_at => {
            refuse(format!("is {wanted}, older than the cluster's {masters}: Kubernetes cannot go back"))
        }
        Part::All | Part::Masters if target.minor > masters_at.minor + 1 => {
            refuse(format!("is {wanted}, and the cluster is at {masters}: upgrade one minor version at a time"))
        }
        Part::Masters if target.minor > workers_at.minor + 3 => {
            refuse(format!("is {wanted}, and workers are at {workers}: upgrade the workers first"))
        }
        Part::All | Part::Masters | Part::Workers => Ok(()),
    }
}

/// Whether etcd's data outlives the replacement of its masters.
fn check_masters(cluster: &Cluster, groups: &DefaultGroups<'_>) -> Result<(), Error> {
    let platform = settings::get_platform();
    if groups.masters.node_count == 1 && etcd::volume(&cluster.labels, &platform)?.size == 0 {
        return Err(unsupported(
            "the only master keeps etcd on its root disk, which does not outlive its replacement: only clusters with three masters, or with the label etcd_volume_size, can be upgraded",
        ));
    }
    Ok(())
}

/// The cluster as it is to be once this part of it has what the target says that nodes run. What the target says of networks, volumes and the
/// like is for new clusters.
fn apply(cluster: &Cluster, target: &ClusterTemplate, part: Part) -> Result<Cluster, Error> {
    let software: Vec<Pair> = target.labels.iter().filter(|(name, _)| is_software(name)).cloned().collect();
    let mut upgraded = cluster.clone();
    for group in &mut upgraded.groups {
        let concerned = match part {
            Part::All => true,
            Part::Masters => group.role == Role::Master,
            Part::Workers => group.role == Role::Worker,
        };
        // A group's own label outranks the cluster's, so it also keeps a group where it is.
        let tag = if concerned { labels::KUBE_TAG.get(&target.labels)? } else { tag_of(group, &cluster.labels)? }.to_owned();
        overlay(&mut group.labels, &[(labels::KUBE_TAG.0.name.to_owned(), tag)]);
        if concerned {
            group.image.clone_from(&target.image);
        }
    }
    overlay(&mut upgraded.labels, &software);
    Ok(upgraded)
}

/// Whether a label says which software nodes run and where it comes from.
fn is_software(label: &str) -> bool {
    let sources = [&images::CONTAINER_INFRA_PREFIX, &labels::KUBE_BINARIES_URL, &labels::CNI_PLUGINS_URL];
    label.ends_with("_tag") || label.ends_with("_options") || sources.iter().any(|source| source.0.name == label)
}

/// Later values win.
fn overlay(labels: &mut Vec<Pair>, over: &[Pair]) {
    labels.retain(|(name, _)| !over.iter().any(|(other, _)| other == name));
    labels.extend(over.iter().cloned());
}

fn counted(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
