//! Versions of Kubernetes, as image tags spell them.

use jeroboam_driver_sdk::{Error, NodeGroup, Pair};

use crate::labels;

/// `v1.34.1`, perhaps with a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

/// Minor versions whose flags the node configuration uses.
pub const OLDEST_MINOR: u32 = 29;
/// Later ones may work: nobody has tried.
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
        let version = Self::parse(tag)
            .ok_or_else(|| labels::KUBE_TAG.invalid(&format!("is {tag}, which is no version such as v1.34.1")))?;
        if version.major != 1 || version.minor < OLDEST_MINOR {
            return Err(labels::KUBE_TAG.invalid(&format!("is {tag}: this driver runs v1.{OLDEST_MINOR} and later")));
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
    fn versions_without_the_flags_that_nodes_use_are_refused() {
        assert!(Version::of_label("v1.23.3-rancher1").is_err());
        assert!(Version::of_label("v1.29.0").is_ok());
    }
}
