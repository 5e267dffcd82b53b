//! Where the value of an attribute goes once it has been read, and what it may be.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use jeroboam_model::{Coe, HealthStatus, QuotaResource, ServerType, Status, Taint};

use super::Given;

/// A place in the typed request `D`, with the constraint on what is put there.
pub enum Slot<D> {
    /// `min` to `max` characters.
    Text {
        min: usize,
        max: usize,
        rule: TextRule,
        at: fn(&mut D) -> &mut Given<String>,
    },
    Integer {
        min: u32,
        max: u32,
        at: fn(&mut D) -> &mut Given<u32>,
    },
    Boolean {
        at: fn(&mut D) -> &mut Given<bool>,
    },
    /// One of the values of a closed type.
    Choice {
        at: fn(&mut D) -> &mut dyn Chosen,
    },
    /// Text by name. Numbers and booleans become text.
    Pairs {
        at: fn(&mut D) -> &mut Given<BTreeMap<String, String>>,
    },
    List {
        at: fn(&mut D) -> &mut Given<Vec<String>>,
    },
    /// Objects of a key, an effect and perhaps a value.
    Taints {
        at: fn(&mut D) -> &mut Given<Vec<Taint>>,
    },
    /// IPv4 addresses between commas.
    Nameservers {
        at: fn(&mut D) -> &mut Given<Vec<Ipv4Addr>>,
    },
    /// Magnum takes the attribute, looks whether it is well-formed, and does nothing with it.
    Ignored(Ignored),
}

/// What text has to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRule {
    Any,
    /// The rule of [`jeroboam_model::name::check_cluster_name`].
    ClusterName,
    Uuid,
}

/// The form of an attribute that is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    Text,
    Status,
    Pairs,
}

/// A type with a handful of values that the API writes as words.
pub trait Choice: Copy + PartialEq + 'static {
    const ALL: &'static [Self];
    fn word(self) -> &'static str;
}

/// A [`Given`] of some [`Choice`], whichever.
pub trait Chosen {
    /// Takes the value of that word; `false` if there is none.
    fn choose(&mut self, word: &str) -> bool;
    fn clear(&mut self);
    /// The word of the value, if there is one.
    fn word(&self) -> Option<&'static str>;
    fn words(&self) -> Vec<&'static str>;
}

impl<T: Choice> Chosen for Given<T> {
    fn choose(&mut self, word: &str) -> bool {
        match T::ALL.iter().find(|choice| choice.word() == word) {
            Some(choice) => {
                *self = Self::Value(*choice);
                true
            }
            None => false,
        }
    }

    fn clear(&mut self) {
        *self = Self::Null;
    }

    fn word(&self) -> Option<&'static str> {
        self.as_value().map(|choice| choice.word())
    }

    fn words(&self) -> Vec<&'static str> {
        T::ALL.iter().map(|choice| choice.word()).collect()
    }
}

macro_rules! choices {
    ($($type:ty),+) => {$(
        impl Choice for $type {
            const ALL: &'static [Self] = <$type>::ALL;
            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    )+};
}

choices!(Coe, ServerType, HealthStatus, Status, QuotaResource);

impl<D> Clone for Slot<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Slot<D> {}

impl<D> Slot<D> {
    pub const fn text(min: usize, max: usize, at: fn(&mut D) -> &mut Given<String>) -> Self {
        Self::Text { min, max, rule: TextRule::Any, at }
    }

    pub const fn integer(min: u32, max: u32, at: fn(&mut D) -> &mut Given<u32>) -> Self {
        Self::Integer { min, max, at }
    }

    pub const fn boolean(at: fn(&mut D) -> &mut Given<bool>) -> Self {
        Self::Boolean { at }
    }

    pub const fn choice(at: fn(&mut D) -> &mut dyn Chosen) -> Self {
        Self::Choice { at }
    }

    pub const fn pairs(at: fn(&mut D) -> &mut Given<BTreeMap<String, String>>) -> Self {
        Self::Pairs { at }
    }

    /// Whether nothing is there.
    pub fn is_empty(&self, draft: &mut D) -> bool {
        match self {
            Self::Text { at, .. } => at(draft).as_value().is_none(),
            Self::Integer { at, .. } => at(draft).as_value().is_none(),
            Self::Boolean { at } => at(draft).as_value().is_none(),
            Self::Choice { at } => at(draft).word().is_none(),
            Self::Pairs { at } => at(draft).as_value().is_none(),
            Self::List { at } => at(draft).as_value().is_none(),
            Self::Taints { at } => at(draft).as_value().is_none(),
            Self::Nameservers { at } => at(draft).as_value().is_none(),
            Self::Ignored(_) => false,
        }
    }

    pub fn clear(&self, draft: &mut D) {
        match self {
            Self::Text { at, .. } => *at(draft) = Given::Null,
            Self::Integer { at, .. } => *at(draft) = Given::Null,
            Self::Boolean { at } => *at(draft) = Given::Null,
            Self::Choice { at } => at(draft).clear(),
            Self::Pairs { at } => *at(draft) = Given::Null,
            Self::List { at } => *at(draft) = Given::Null,
            Self::Taints { at } => *at(draft) = Given::Null,
            Self::Nameservers { at } => *at(draft) = Given::Null,
            Self::Ignored(_) => {}
        }
    }

    /// Whether the same is in both.
    pub fn is_same(&self, one: &mut D, other: &mut D) -> bool {
        match self {
            Self::Text { at, .. } => at(one) == at(other),
            Self::Integer { at, .. } => at(one) == at(other),
            Self::Boolean { at } => at(one) == at(other),
            Self::Choice { at } => at(one).word() == at(other).word(),
            Self::Pairs { at } => at(one) == at(other),
            Self::List { at } => at(one) == at(other),
            Self::Taints { at } => at(one) == at(other),
            Self::Nameservers { at } => at(one) == at(other),
            Self::Ignored(_) => true,
        }
    }
}
