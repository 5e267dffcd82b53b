//! Which version serves whom.

use jeroboam_model::{
    Cluster, ClusterId, ProjectId, TemplateId,
    driver::{Canary, Digest, DriverVersion, Rollout, Stage, VersionState},
};

/// A chain of versions that stand in for each other is followed so far. Longer ones are nobody's doing.
const CHAIN: usize = 32;

/// A cluster that is to be made, or a template that somebody wants to make clusters of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub project: ProjectId,
    pub template: Option<TemplateId>,
    pub cluster: Option<ClusterId>,
}

/// Whom a version is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// A new cluster, or one that is upgraded.
    New(&'a Newcomer),
    /// A cluster that exists, and the version that it is on.
    Existing { newcomer: &'a Newcomer, on: Option<Digest> },
}

/// Whether a version may serve the clusters that are on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Serves,
    /// It was rolled back or revoked, and this one serves in its place.
    Replaced(Digest),
    /// Nobody knows it, or nothing was there to take its place.
    Unknown,
}

/// The version that serves; `None`: there is none.
pub fn decide(rollout: &Rollout, standing: impl Fn(&Digest) -> Standing, who: &Who<'_>) -> Option<Digest> {
    let (newcomer, on) = match who {
        Who::New(newcomer) => (newcomer, None),
        Who::Existing { newcomer, on } => (newcomer, *on),
    };
    let target = target(rollout, newcomer);
    let mut on = match on {
        None => return target,
        Some(on) if Some(on) == target => return target,
        Some(on) => on,
    };
    for _ in 0..CHAIN {
        match standing(&on) {
            Standing::Serves => return Some(on),
            Standing::Replaced(by) => on = by,
            Standing::Unknown => break,
        }
    }
    rollout.active
}

/// The version that newcomers get.
pub fn target(rollout: &Rollout, newcomer: &Newcomer) -> Option<Digest> {
    match &rollout.stage {
        Stage::Canary { next, canary, .. } if selects(canary, newcomer) => Some(*next),
        _ => rollout.active,
    }
}

fn selects(canary: &Canary, newcomer: &Newcomer) -> bool {
    match canary {
        Canary::Projects(projects) => projects.contains(&newcomer.project),
        Canary::Templates(templates) => newcomer.template.is_some_and(|template| templates.contains(&template)),
        Canary::Share(percent) => newcomer.cluster.is_some_and(|cluster| cluster.0.as_u128() % 100 < u128::from(*percent)),
    }
}

impl Newcomer {
    /// A cluster that exists, as if it were made now.
    pub fn of(cluster: &Cluster) -> Self {
        Self { project: cluster.project_id.clone(), template: Some(cluster.cluster_template_id), cluster: Some(cluster.uuid) }
    }
}

impl Standing {
    pub fn of(version: &DriverVersion) -> Self {
        match (version.replaced_by, &version.state) {
            (Some(by), _) => Self::Replaced(by),
            (None, _) if version.revoked.is_some() => Self::Unknown,
            // One that failed because it cannot be loaded any more still owns its clusters: another one could replace their servers.
            (None, VersionState::Active | VersionState::Draining | VersionState::Retired | VersionState::Failed(_)) => {
                Self::Serves
            }
            (None, VersionState::Installed | VersionState::Checked) => Self::Unknown,
        }
    }
}
