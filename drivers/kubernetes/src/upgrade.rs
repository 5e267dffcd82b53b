//! Upgrades replace nodes: first the masters, one at a time, then the workers in batches. A master that is replaced keeps its port, so its address, and
//! joins the etcd of the others. The pods of a worker are moved elsewhere before it is replaced: `worker.yaml` says how.
//!
//! A further group is upgraded on its own, after the cluster: Kubernetes lets its nodes stay behind for up to three minor versions.

use jeroboam_driver_common::{DefaultGroups, request};
use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, Error, Pair, Role, StackScope, UpgradePlan, UpgradeStep, Warning, errors::warning, invalid,
    settings, unsupported,
};

use crate::{
    definition::define_cluster,
    etcd, group as groups, labels,
    parameters::Batches,
    validate,
    version::{Version, tag_of},
};

/// What is upgraded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    /// The default groups.
    All,
    Masters,
    /// A group of workers, by its uuid.
    Workers(&'a str),
}

pub fn plan(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
    let default = DefaultGroups::of(cluster)?;
    let (part, workers) = match group {
        None => (Part::All, default.workers),
        Some(uuid) if uuid == default.masters.uuid => (Part::Masters, default.workers),
        Some(uuid) => (Part::Workers(uuid), request::group(cluster, uuid)?),
    };
    let now = (tag_of(default.masters, &cluster.labels)?, tag_of(workers, &cluster.labels)?);
    let wanted = labels::KUBE_TAG.get(&target.labels)?;
    check_target(cluster, target)?;
    check_versions(part, now, wanted)?;
    if !matches!(part, Part::Workers(_)) {
        check_masters(cluster, &default)?;
    }
    let upgraded = apply(cluster, target, part)?;
    let mut warnings = validate::cluster(&upgraded)?;
    warnings.extend(left_behind(cluster, part));
    if default.masters.node_count == 1 && !matches!(part, Part::Workers(_)) {
        warnings.push(warning("master_count", "the API is away while the only master is replaced"));
    }
    let mut steps = Vec::new();
    if !matches!(part, Part::Workers(_)) {
        let batches = Batches { masters: Some(1), workers: None };
        let definition = define_cluster(&apply(cluster, target, Part::Masters)?, batches)?;
        let summary = format!("Replacing {} with {wanted}, one at a time", counted(default.masters.node_count, "master"));
        steps.push(UpgradeStep { summary, scope: StackScope::Cluster, definition });
    }
    if part != Part::Masters {
        let batch = batch.max(1);
        let summary = format!("Replacing {} with {wanted}, {batch} at a time", counted(workers.node_count, "worker"));
        if workers.is_default {
            let definition = define_cluster(&upgraded, Batches { masters: None, workers: Some(batch) })?;
            steps.push(UpgradeStep { summary, scope: StackScope::Cluster, definition });
        } else {
            steps.extend(further(cluster, &upgraded, &workers.uuid, summary, batch)?);
        }
    }
    Ok(UpgradePlan { steps, warnings })
}

/// The steps of a group with a stack of its own. First it has to know of the master that moves pods elsewhere: that may be another one since the cluster was
/// upgraded, and a deployment that moves to another server does not run.
fn further(cluster: &Cluster, upgraded: &Cluster, group: &str, summary: String, batch: u32) -> Result<[UpgradeStep; 2], Error> {
    let scope = || StackScope::NodeGroup(group.to_owned());
    Ok([
        UpgradeStep {
            summary: "Making the group known to the master that moves its pods".to_owned(),
            scope: scope(),
            definition: groups::define(cluster, group, None)?,
        },
        UpgradeStep { summary, scope: scope(), definition: groups::define(upgraded, group, Some(batch))? },
    ])
}

/// Groups that the plan does not concern.
fn left_behind(cluster: &Cluster, part: Part<'_>) -> Option<Warning> {
    let names: Vec<&str> = cluster.groups.iter().filter(|group| !group.is_default).map(|group| group.name.as_str()).collect();
    (part == Part::All && !names.is_empty()).then(|| {
        let message = format!("node groups stay as they are, upgrade each of them afterwards: {}", names.join(", "));
        warning("nodegroup", message)
    })
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
fn check_versions(part: Part<'_>, (masters, workers): (&str, &str), wanted: &str) -> Result<(), Error> {
    let refuse = |rule: String| Err(labels::KUBE_TAG.invalid(&rule));
    let target = Version::of_label(wanted)?;
    let (masters_at, workers_at) = (Version::of_label(masters)?, Version::of_label(workers)?);
    match part {
        Part::Workers(_) if target > masters_at => {
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
        Part::All | Part::Masters | Part::Workers(_) => Ok(()),
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
fn apply(cluster: &Cluster, target: &ClusterTemplate, part: Part<'_>) -> Result<Cluster, Error> {
    let software: Vec<Pair> = target.labels.iter().filter(|(name, _)| is_software(name)).cloned().collect();
    let mut upgraded = cluster.clone();
    for group in &mut upgraded.groups {
        let concerned = match part {
            Part::All => group.is_default,
            Part::Masters => group.role == Role::Master,
            Part::Workers(uuid) => group.uuid == uuid,
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
    let ends = ["_tag", "_options", "_prefix", "_url", "_version", "_sha256"];
    ends.iter().any(|end| label.ends_with(end))
}

/// Later values win.
fn overlay(labels: &mut Vec<Pair>, over: &[Pair]) {
    labels.retain(|(name, _)| !over.iter().any(|(other, _)| other == name));
    labels.extend(over.iter().cloned());
}

fn counted(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
