//! Expressions: values with HOT's functions in them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_yaml_ng::Value as Yaml;

use super::term::{Term, key_of};

/// A value of a template, read once.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// Without functions.
    Known(Term),
    List(Vec<Expr>),
    Map(BTreeMap<Arc<str>, Expr>),
    Param(Arc<str>, Vec<Expr>),
    File(Box<Expr>),
    Resource(Arc<str>),
    Attribute(Arc<str>, Vec<Expr>),
    /// Condition, then, else.
    If(Box<[Expr; 3]>),
    /// Any other function.
    Call(Arc<str>, Box<Expr>),
}

/// HOT's functions besides those that have a variant of their own.
const FUNCTIONS: &[&str] = &[
    "and",
    "contains",
    "digest",
    "equals",
    "filter",
    "list_concat",
    "list_concat_unique",
    "list_join",
    "make_url",
    "map_merge",
    "map_replace",
    "not",
    "or",
    "repeat",
    "resource_facade",
    "str_replace",
    "str_replace_strict",
    "str_replace_vstrict",
    "str_split",
    "yaql",
];

/// Texts that are longer are no names of files.
const NAME_MAX: usize = 256;

/// Reads expressions, and notes every text in them that could be the name of a file.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) names: BTreeSet<Arc<str>>,
    /// Whether a `type` is that of a group's members, which evaluation looks for.
    pub(super) in_group: bool,
}

impl Reader {
    pub(super) fn read(&mut self, yaml: &Yaml) -> Expr {
        match yaml {
            Yaml::Sequence(items) => Self::list(items.iter().map(|item| self.read(item)).collect()),
            Yaml::Mapping(mapping) => {
                if let Some((Yaml::String(name), argument)) = mapping.iter().next()
                    && mapping.len() == 1
                    && let Some(function) = self.function(name, argument)
                {
                    return function;
                }
                let fields: BTreeMap<Arc<str>, Expr> = mapping
                    .iter()
                    .map(|(key, value)| match (key.as_str(), value) {
                        (Some("type"), Yaml::String(_)) if self.in_group => (key_of(key), Expr::Known(Term::of_yaml(value))),
                        _ => (key_of(key), self.read(value)),
                    })
                    .collect();
                if fields.values().all(|field| matches!(field, Expr::Known(_))) {
                    return Expr::Known(Term::of_yaml(yaml));
                }
                Expr::Map(fields)
            }
            Yaml::String(text) => {
                let text: Arc<str> = text.as_str().into();
                if text.len() <= NAME_MAX {
                    self.names.insert(Arc::clone(&text));
                }
                Expr::Known(Term::Text(text))
            }
            other => Expr::Known(Term::of_yaml(other)),
        }
    }

    fn list(items: Vec<Expr>) -> Expr {
        let known: Option<Vec<Term>> =
            items.iter().map(|item| if let Expr::Known(term) = item { Some(term.clone()) } else { None }).collect();
        known.map_or(Expr::List(items), |known| Expr::Known(Term::list(known)))
    }

    fn function(&mut self, name: &str, argument: &Yaml) -> Option<Expr> {
        Some(match name {
            "get_param" => {
                let (name, path) = self.path(argument)?;
                Expr::Param(name, path)
            }
            "get_attr" => {
                let (name, path) = self.path(argument)?;
                Expr::Attribute(name, path)
            }
            "get_resource" => Expr::Resource(argument.as_str()?.into()),
            // Named files are what evaluation looks for; they are not among the names that nothing explains.
            "get_file" => Expr::File(Box::new(match argument {
                Yaml::String(name) => Expr::Known(Term::text(name)),
                other => self.read(other),
            })),
            "if" => match argument.as_sequence()?.as_slice() {
                [condition, then] => self.choice(condition, then, &Yaml::Null),
                [condition, then, otherwise] => self.choice(condition, then, otherwise),
                _ => return None,
            },
            name if FUNCTIONS.contains(&name) => Expr::Call(name.into(), Box::new(self.read(argument))),
            _ => return None,
        })
    }

    fn choice(&mut self, condition: &Yaml, then: &Yaml, otherwise: &Yaml) -> Expr {
        Expr::If(Box::new([self.read(condition), self.read(then), self.read(otherwise)]))
    }

    /// `name`, or `[name, key, …]`.
    fn path(&mut self, argument: &Yaml) -> Option<(Arc<str>, Vec<Expr>)> {
        match argument {
            Yaml::String(name) => Some((name.as_str().into(), Vec::new())),
            Yaml::Sequence(items) => {
                let (name, path) = items.split_first()?;
                Some((name.as_str()?.into(), path.iter().map(|part| self.read(part)).collect()))
            }
            _ => None,
        }
    }
}
