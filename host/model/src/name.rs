//! Names: what a cluster may be called, and what its stack is called after it.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest name of a cluster, in bytes (all of them ASCII).
pub const CLUSTER_NAME_MAX: usize = 242;

/// How much of a cluster's name goes into that of its stack. With `-`, twelve more characters and `-master-<n>` it stays within the 63 of a host name.
const STACK_NAME_PREFIX: usize = 30;

/// The same for the two halves of the name of a group's own stack.
const GROUP_STACK_CLUSTER: usize = 20;
const GROUP_STACK_GROUP: usize = 9;

/// A name that breaks the rule of cluster names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a cluster name has 1 to {CLUSTER_NAME_MAX} characters; this one has {0}")]
    Length(usize),
    #[error("a cluster name starts with a letter and goes on with letters, digits, '_', '.' and '-'")]
    Characters,
}

/// `^[a-zA-Z][a-zA-Z0-9_.-]*$`, at most 242 characters.
pub fn check_cluster_name(name: &str) -> Result<(), NameError> {
    let mut characters = name.chars();
    let (Some(first), length) = (characters.next(), name.chars().count()) else {
        return Err(NameError::Length(0));
    };
    if length > CLUSTER_NAME_MAX {
        return Err(NameError::Length(length));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if first.is_ascii_alphabetic() && characters.all(fits) { Ok(()) } else { Err(NameError::Characters) }
}

/// The name of a Heat stack: `[a-z0-9-]`, at most 43 characters, starts with a letter, unique by its suffix.
///
/// Decided once, stored before the stack is made, so that a stack can be found again whatever happened in between.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StackName(String);

impl StackName {
    /// From a checked cluster name and a random number.
    pub fn new(cluster_name: &str, random: Uuid) -> Self {
        Self(format!("{}-{}", cut(cluster_name, STACK_NAME_PREFIX), suffix(random)))
    }

    /// For a group's own stack. Groups may have any name, so nothing may be left of it.
    pub fn of_group(cluster_name: &str, group_name: &str, random: Uuid) -> Self {
        let (cluster, group) = (cut(cluster_name, GROUP_STACK_CLUSTER), cut(group_name, GROUP_STACK_GROUP));
        Self(format!("{cluster}-{group}-{}", suffix(random)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The beginning of a name, in the letters of a host name.
fn cut(name: &str, length: usize) -> String {
    name.chars()
        .take(length)
        .map(|c| if matches!(c, '_' | '.') { '-' } else { c.to_ascii_lowercase() })
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

/// Twelve characters of base 32: 60 random bits.
fn suffix(random: Uuid) -> String {
    const ALPHABET: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x',
        'y', 'z', '2', '3', '4', '5', '6', '7',
    ];
    // The lowest 62 bits of a version 4 UUID are random.
    let mut bits = random.as_u128();
    (0..12)
        .filter_map(|_| {
            let digit = ALPHABET.get((bits & 31) as usize).copied();
            bits >>= 5;
            digit
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_with_spaces_or_a_leading_digit_are_refused() {
        for name in ["a b", "1a", "-a", "ä", "a\n", "a/b"] {
            assert_eq!(check_cluster_name(name), Err(NameError::Characters), "{name:?}");
        }
        assert_eq!(check_cluster_name(""), Err(NameError::Length(0)));
        assert_eq!(check_cluster_name(&"a".repeat(243)), Err(NameError::Length(243)));
        assert_eq!(check_cluster_name(&"a".repeat(242)), Ok(()));
    }

    proptest! {
        #[test]
        fn a_groups_stack_name_fits_into_a_host_name(name in "[a-zA-Z][a-zA-Z0-9_.-]{0,241}", group in ".{1,255}", random: u128) {
            let stack = StackName::of_group(&name, &group, Uuid::from_u128(random));
            prop_assert!(stack.as_str().len() <= 43);
            prop_assert!(stack.as_str().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            prop_assert!(stack.as_str().starts_with(|c: char| c.is_ascii_lowercase()));
        }

        #[test]
        fn a_stack_name_fits_into_a_host_name(name in "[a-zA-Z][a-zA-Z0-9_.-]{0,241}", random: u128) {
            let stack = StackName::new(&name, Uuid::from_u128(random));
            prop_assert!(stack.as_str().len() <= 43);
            prop_assert!(stack.as_str().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            prop_assert!(stack.as_str().starts_with(|c: char| c.is_ascii_lowercase()));
        }
    }
}
