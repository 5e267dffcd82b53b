//! The table of rules: name, default, scope, requests and meaning of each, said once.
//!
//! Names and defaults are those of Magnum 2025.1, with `credential:rotate` as it has been since. Defaults that differ say so beside them. `bay:*` and `baymodel:*` are
//! those of Magnum up to Rocky, and follow the rules of clusters and templates; `driver:*` and `operation:*` are this service's own.

mod base;
mod table;

pub use base::BASE;
pub use table::Rule;

/// What is said about a rule.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// As policy files and denials write it.
    pub name: &'static str,
    /// Who passes, if no file says otherwise.
    pub check: &'static str,
    /// Which tokens it looks at; empty: all.
    pub scopes: &'static [ScopeType],
    pub deprecated: Option<Deprecated>,
    pub meaning: &'static str,
    /// `GET /v1/clusters`. Empty for rules that only others refer to.
    pub requests: &'static [&'static str],
}

/// What a rule was before Magnum 17 (2023.2) told members from readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// What it was called: a file that has this name and not the new one means it.
    pub name: &'static str,
    /// Who passed. Who still passes, with `enforce_new_defaults = false`.
    pub check: &'static str,
}

/// Which tokens a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeType {
    Project,
    Domain,
    System,
}

impl ScopeType {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Domain => "domain",
            Self::System => "system",
        }
    }
}

/// Every definition: those that others refer to, then those that requests ask for.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    BASE.iter().chain(Rule::DEFINITIONS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Check;

    #[test]
    fn every_default_can_be_read_and_no_name_stands_twice() {
        let mut names = std::collections::BTreeSet::new();
        for definition in definitions() {
            assert!(names.insert(definition.name), "{} is there twice", definition.name);
            let deprecated = definition.deprecated.map(|deprecated| deprecated.check);
            for text in std::iter::once(definition.check).chain(deprecated) {
                let check: Check = text.parse().unwrap();
                assert_eq!(check.to_string(), text, "{} is written as it is printed", definition.name);
            }
            assert!(definition.meaning.ends_with('.'), "{}", definition.name);
        }
    }

    #[test]
    fn rules_are_in_the_order_of_their_variants() {
        for (rule, definition) in Rule::ALL.iter().zip(Rule::DEFINITIONS) {
            assert_eq!(rule.name(), definition.name);
            assert_eq!(Rule::of(definition.name), Some(*rule));
        }
    }
}
