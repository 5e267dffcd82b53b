//! Values in a form in which those that mean the same are the same.

use std::{collections::BTreeMap, sync::Arc};

use jeroboam_model::driver::SecretName;
use serde_yaml_ng::Value as Yaml;

pub(crate) type Fields = BTreeMap<Arc<str>, Term>;

/// A value of a stack, as far as it can be told without the cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    Null,
    Flag(bool),
    Number(Number),
    Text(Arc<str>),
    List(Arc<Vec<Term>>),
    Map(Arc<Fields>),
    /// A secret of the cluster, by name.
    Secret(SecretName),
    /// What a parameter with `hidden: true` has. Not to be shown.
    Hidden(Arc<Term>),
    /// The id of the resource with this path.
    Resource(Arc<str>),
    /// An attribute of the resource with this path.
    Attribute(Arc<str>, Arc<Vec<Term>>),
    /// A part of something that only Heat knows.
    Select(Arc<Term>, Arc<Vec<Term>>),
    /// A function that only Heat works out, with its argument.
    Call(Arc<str>, Arc<Term>),
}

/// A number. One without a fraction is the same however it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Whole(i64),
    /// The bits of a `f64`.
    Broken(u64),
}

impl Number {
    pub(crate) fn of(number: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within what both types hold exactly")]
            let whole = number as i64;
            Self::Whole(whole)
        } else {
            Self::Broken(number.to_bits())
        }
    }

    pub(crate) fn as_f64(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "sizes and counts, which are compared only")]
            Self::Whole(whole) => whole as f64,
            Self::Broken(bits) => f64::from_bits(bits),
        }
    }
}

impl Term {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(items))
    }

    pub(crate) fn map(fields: Fields) -> Self {
        Self::Map(Arc::new(fields))
    }

    pub(crate) fn call(function: &str, argument: Self) -> Self {
        Self::Call(function.into(), Arc::new(argument))
    }

    /// Without the cover that keeps it from being shown.
    pub(crate) fn bare(&self) -> &Self {
        match self {
            Self::Hidden(term) => term.bare(),
            term => term,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self.bare() {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        match self.bare() {
            Self::Number(number) => Some(number.as_f64()),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&Fields> {
        match self.bare() {
            Self::Map(fields) => Some(fields),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self.bare() {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether all of it is known, so that it can be compared with something else than itself.
    pub(crate) fn is_known(&self) -> bool {
        match self.bare() {
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Text(_) => true,
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Map(fields) => fields.values().all(Self::is_known),
            _ => false,
        }
    }

    pub(crate) fn of_yaml(yaml: &Yaml) -> Self {
        match yaml {
            Yaml::Null => Self::Null,
            Yaml::Bool(flag) => Self::Flag(*flag),
            Yaml::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Self::Number(Number::Whole(whole)),
                (None, Some(number)) => Self::Number(Number::of(number)),
                (None, None) => Self::text(&number.to_string()),
            },
            Yaml::String(text) => Self::text(text),
            Yaml::Sequence(items) => Self::list(items.iter().map(Self::of_yaml).collect()),
            Yaml::Mapping(mapping) => Self::map(mapping.iter().map(|(key, value)| (key_of(key), Self::of_yaml(value))).collect()),
            Yaml::Tagged(tagged) => Self::call(&tagged.tag.to_string(), Self::of_yaml(&tagged.value)),
        }
    }

    pub(crate) fn of_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Flag(*flag),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Self::Number(Number::Whole(whole)),
                (None, Some(number)) => Self::Number(Number::of(number)),
                (None, None) => Self::text(&number.to_string()),
            },
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::list(items.iter().map(Self::of_json).collect()),
            Json::Object(object) => {
                Self::map(object.iter().map(|(key, value)| (key.as_str().into(), Self::of_json(value))).collect())
            }
        }
    }
}

/// Keys of mappings are texts to Heat. What is not one is told apart by its form.
pub(super) fn key_of(key: &Yaml) -> Arc<str> {
    match key {
        Yaml::String(text) => text.as_str().into(),
        Yaml::Number(number) => number.to_string().into(),
        other => format!("{other:?}").into(),
    }
}
