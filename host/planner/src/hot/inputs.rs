//! What a definition brings besides its templates: files and values of parameters. What two definitions have in common is read once, and compares at once.

use std::{collections::BTreeMap, sync::Arc};

use jeroboam_model::driver::{StackDefinition, Text, Value};

use super::{
    parameters::given,
    term::{Fields, Term},
};

pub(crate) struct Inputs<'a> {
    files: BTreeMap<&'a str, &'a Text>,
    values: Vec<(&'a str, &'a Value, Term)>,
}

impl<'a> Inputs<'a> {
    pub(crate) fn of(definition: &'a StackDefinition) -> Self {
        Self::like(definition, &Self { files: BTreeMap::new(), values: Vec::new() })
    }

    /// Shares with the other what is the same.
    pub(crate) fn like(definition: &'a StackDefinition, other: &Self) -> Self {
        let file = |(name, text): &'a (String, Text)| {
            let same = other.files.get(name.as_str()).copied().filter(|file| *file == text);
            (name.as_str(), same.unwrap_or(text))
        };
        let value = |(place, (name, value)): (usize, &'a (String, Value))| {
            // Versions of one driver give their parameters in the same order as a rule.
            let same = other.values.get(place).filter(|(own, was, _)| own == name && *was == value);
            (name.as_str(), value, same.map_or_else(|| given(value), |(_, _, term)| term.clone()))
        };
        Self {
            files: definition.files.iter().map(file).collect(),
            values: definition.parameters.iter().enumerate().map(value).collect(),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a Text> {
        self.files.get(name).copied()
    }

    /// Whether the other has the same file, or neither has it.
    pub(super) fn shares(&self, other: &Self, name: &str) -> bool {
        match (self.text(name), other.text(name)) {
            (Some(own), Some(other)) => std::ptr::eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }

    /// A file's content as a value.
    pub(super) fn file(&self, name: &str) -> Option<Term> {
        self.files.get(name).map(|text| Term::Text(Arc::clone(text.shared())))
    }

    /// Values of parameters, over those of an environment.
    pub(super) fn values(&self, mut over: Fields) -> Fields {
        over.extend(self.values.iter().map(|(name, _, term)| ((*name).into(), term.clone())));
        over
    }
}
