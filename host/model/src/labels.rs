//! Labels, and what a cluster's own change about its template's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Names with text values. Numbers and booleans were made text when the request was read, as Magnum does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(pub BTreeMap<String, String>);

/// How a cluster's labels differ from those of its template: what the API shows as `labels_overridden`, `labels_added` and
/// `labels_skipped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelChanges {
    /// In both, with another value; with the template's value.
    pub overridden: Labels,
    /// Only in the cluster.
    pub added: Labels,
    /// Only in the template.
    pub skipped: Labels,
}

impl Labels {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What a cluster or group gets: the request's labels, over those it inherits if they are to be merged; the inherited ones if
    /// the request has none.
    pub fn inherit(requested: Option<Labels>, inherited: &Labels, merge: bool) -> Labels {
        match requested {
            None => inherited.clone(),
            Some(requested) if requested.is_empty() => inherited.clone(),
            Some(requested) if merge => {
                let mut merged = inherited.clone();
                merged.0.extend(requested.0);
                merged
            }
            Some(requested) => requested,
        }
    }

    /// Takes what another says about the software that nodes run and where it comes from, and nothing else: what an upgrade changes.
    pub fn take_software(&mut self, of: &Labels) {
        for (name, value) in of.0.iter().filter(|(name, _)| is_software(name)) {
            self.0.insert(name.clone(), value.clone());
        }
    }

    /// How `self` differs from what it could have inherited.
    pub fn changes_from(&self, inherited: &Labels) -> LabelChanges {
        let mut changes = LabelChanges::default();
        for (name, value) in &inherited.0 {
            match self.0.get(name) {
                None => _ = changes.skipped.0.insert(name.clone(), value.clone()),
                Some(own) if own != value => _ = changes.overridden.0.insert(name.clone(), value.clone()),
                Some(_) => {}
            }
        }
        for (name, value) in &self.0 {
            if !inherited.0.contains_key(name) {
                changes.added.0.insert(name.clone(), value.clone());
            }
        }
        changes
    }
}

/// Whether a label says which software nodes run, how it is started, or where it comes from.
fn is_software(label: &str) -> bool {
    ["_tag", "_options", "_prefix", "_url"].iter().any(|end| label.ends_with(end))
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Labels {
        pairs.into_iter().collect()
    }

    #[test]
    fn a_cluster_without_labels_has_those_of_its_template() {
        let template = labels([("a", "1")]);
        assert_eq!(Labels::inherit(None, &template, false), template);
        assert_eq!(Labels::inherit(Some(Labels::default()), &template, false), template);
    }

    #[test]
    fn labels_replace_the_templates_unless_they_are_merged() {
        let template = labels([("a", "1"), ("b", "1")]);
        let own = labels([("b", "2")]);
        assert_eq!(Labels::inherit(Some(own.clone()), &template, false), own);
        assert_eq!(Labels::inherit(Some(own), &template, true), labels([("a", "1"), ("b", "2")]));
    }

    #[test]
    fn an_upgrade_changes_software_and_leaves_the_rest() {
        let mut own = labels([("kube_tag", "v1.30.2"), ("etcd_volume_size", "10"), ("kubelet_options", "--v=2")]);
        own.take_software(&labels([
            ("kube_tag", "v1.31.1"),
            ("etcd_volume_size", "99"),
            ("container_infra_prefix", "r.example/"),
        ]));
        let expected = [
            ("kube_tag", "v1.31.1"),
            ("etcd_volume_size", "10"),
            ("kubelet_options", "--v=2"),
            ("container_infra_prefix", "r.example/"),
        ];
        assert_eq!(own, labels(expected));
    }

    #[test]
    fn changes_name_what_is_overridden_added_and_skipped() {
        let changes = labels([("b", "2"), ("c", "3")]).changes_from(&labels([("a", "1"), ("b", "1")]));
        assert_eq!(changes.overridden, labels([("b", "1")]));
        assert_eq!(changes.added, labels([("c", "3")]));
        assert_eq!(changes.skipped, labels([("a", "1")]));
    }
}
