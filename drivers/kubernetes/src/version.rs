//! Versions of Kubernetes, as image tags spell them.

use jeroboam_driver_common::OperatingSystem;
use jeroboam_driver_sdk::{Error, NodeGroup, Pair};

use crate::{era::Era, labels};

/// `v1.34.1`, perhaps with a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

/// Of today's operating systems. Later ones may work: nobody has tried.
pub const NEWEST_TRIED_MINOR: u32 = 34;

impl Version {
    pub fn parse(tag: &str) -> Option<Self> {
        let text = tag.strip_prefix('v')?;
        let core = text.split(['-', '+', '_']).next()?;
        let mut parts = core.split('.').map(|part| part.parse().ok());
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Some(major)), Some(Some(minor)), Some(Some(patch)), None) => Some(Self { major, minor, patch }),
            _ => None,
        }
    }

    /// Reads a label's value.
    pub fn of_label(tag: &str) -> Result<Self, Error> {
        Self::parse(tag).ok_or_else(|| labels::KUBE_TAG.invalid(&format!("is {tag}, which is no version such as v1.34.1")))
    }

    /// Reads a label's value, for nodes on an operating system that has to be able to run it.
    pub fn for_nodes(tag: &str, system: OperatingSystem) -> Result<Self, Error> {
        let version = Self::of_label(tag)?;
        let era = Era::of(system);
        let (oldest, name) = (era.oldest_minor(), system.name());
        if version.major != 1 || version.minor < oldest {
            return Err(labels::KUBE_TAG.invalid(&format!("is {tag}: on {name} this driver runs v1.{oldest} and later")));
        }
        if let Some(newest) = era.newest_minor().filter(|newest| version.minor > *newest) {
            let rule = format!("is {tag}: {name} runs v1.{oldest} to v1.{newest}; use fedora-coreos or ubuntu for later ones");
            return Err(labels::KUBE_TAG.invalid(&rule));
        }
        Ok(version)
    }
}

/// The tag that a group's nodes run: the group's own, else the cluster's.
pub fn tag_of<'a>(group: &'a NodeGroup, cluster: &'a [Pair]) -> Result<&'a str, Error> {
    let labels = if labels::KUBE_TAG.is_given(&group.labels) { &group.labels } else { cluster };
    labels::KUBE_TAG.get(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_and_without_a_suffix() {
        assert_eq!(Version::parse("v1.34.1"), Some(Version { major: 1, minor: 34, patch: 1 }));
        assert_eq!(Version::parse("v1.30.5-rancher1"), Some(Version { major: 1, minor: 30, patch: 5 }));
        for text in ["1.34.1", "v1.34", "latest", "v1.34.1.2", "v1.x.1", ""] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test says what it expects")]
    fn each_operating_system_has_a_range_of_versions() {
        use OperatingSystem::{Coreos, Fedora, FedoraAtomic, FedoraCoreos, Ubuntu};
        for system in [FedoraCoreos, Ubuntu, Fedora] {
            assert!(Version::for_nodes("v1.23.17", system).is_err() && Version::for_nodes("v1.40.0", system).is_ok());
        }
        for system in [FedoraAtomic, Coreos] {
            assert!(Version::for_nodes("v1.18.20", system).is_err() && Version::for_nodes("v1.24.0", system).is_err());
            assert!(Version::for_nodes("v1.19.16", system).is_ok());
        }
        for system in OperatingSystem::ALL {
            let labels = Era::of(system).complete(&[]);
            let tag = labels::KUBE_TAG.get(&labels).unwrap();
            assert!(Version::for_nodes(tag, system).is_ok(), "the default is in its range");
        }
    }
}
