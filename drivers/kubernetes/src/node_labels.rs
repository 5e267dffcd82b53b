//! The labels and taints that a group's nodes register with.

use std::fmt;

use jeroboam_driver_sdk::{Error, NodeGroup, Pair, labels::DefaultedLabel, labels::Text};

use crate::labels;

/// `key=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeLabel<'a> {
    key: &'a str,
    value: &'a str,
}

/// `key=value:effect`; the value may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint<'a> {
    key: &'a str,
    value: &'a str,
    effect: Effect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

/// Those of a group: its own label's, else the cluster's.
pub fn labels<'a>(group: &'a NodeGroup, cluster: &'a [Pair]) -> Result<Vec<NodeLabel<'a>>, Error> {
    items(&labels::NODE_LABELS, group, cluster, NodeLabel::parse)
}

/// Those of a group: its own label's, else the cluster's.
pub fn taints<'a>(group: &'a NodeGroup, cluster: &'a [Pair]) -> Result<Vec<Taint<'a>>, Error> {
    items(&labels::NODE_TAINTS, group, cluster, Taint::parse)
}

/// As the scripts read them.
pub fn joined(items: &[impl fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn items<'a, T>(
    label: &DefaultedLabel<Text>,
    group: &'a NodeGroup,
    cluster: &'a [Pair],
    parse: impl Fn(&'a str) -> Result<T, String>,
) -> Result<Vec<T>, Error> {
    let given = if label.is_given(&group.labels) { &group.labels } else { cluster };
    let items = label.get(given)?.split([',', ' ']).filter(|item| !item.is_empty());
    items.map(|item| parse(item).map_err(|rule| label.invalid(&format!("has the item {item}, {rule}")))).collect()
}

impl<'a> NodeLabel<'a> {
    fn parse(text: &'a str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or("which is not of the form key=value")?;
        check_key(key)?;
        check_value(value)?;
        // The API server refuses these from a kubelet.
        let domain = key.split_once('/').map_or("", |(domain, _)| domain);
        let reserved = ["kubernetes.io", "k8s.io"].iter().any(|root| within(domain, root));
        let allowed = ["node.kubernetes.io", "kubelet.kubernetes.io"].iter().any(|root| within(domain, root));
        if reserved && !allowed {
            return Err(format!("and nodes may not give themselves labels of {domain}: use a domain of yours"));
        }
        Ok(Self { key, value })
    }
}

impl<'a> Taint<'a> {
    fn parse(text: &'a str) -> Result<Self, String> {
        let (pair, effect) = text.rsplit_once(':').ok_or("which is not of the form key=value:effect")?;
        let effect = match effect {
            "NoSchedule" => Effect::NoSchedule,
            "PreferNoSchedule" => Effect::PreferNoSchedule,
            "NoExecute" => Effect::NoExecute,
            _ => return Err("whose effect is none of: NoSchedule, PreferNoSchedule, NoExecute".to_owned()),
        };
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        check_key(key)?;
        check_value(value)?;
        Ok(Self { key, value, effect })
    }
}

fn within(domain: &str, root: &str) -> bool {
    domain == root || domain.strip_suffix(root).is_some_and(|rest| rest.ends_with('.'))
}

/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>
fn check_key(key: &str) -> Result<(), String> {
    let (domain, name) = match key.split_once('/') {
        Some((domain, name)) => (Some(domain), name),
        None => (None, key),
    };
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let good_domain = domain.is_none_or(|domain| !domain.is_empty() && domain.len() <= 253 && domain.bytes().all(lower));
    if name.is_empty() || !is_name(name) || !good_domain {
        return Err("whose key is none that Kubernetes takes".to_owned());
    }
    Ok(())
}

fn check_value(value: &str) -> Result<(), String> {
    if value.is_empty() || is_name(value) { Ok(()) } else { Err("whose value is none that Kubernetes takes".to_owned()) }
}

fn is_name(text: &str) -> bool {
    let ends = [text.bytes().next(), text.bytes().last()];
    text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && ends.iter().all(|byte| byte.is_some_and(|byte| byte.is_ascii_alphanumeric()))
}

impl fmt::Display for NodeLabel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.value)
    }
}

impl fmt::Display for Taint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}:{:?}", self.key, self.value, self.effect)
    }
}
