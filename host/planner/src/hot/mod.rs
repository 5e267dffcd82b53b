//! Stack definitions by meaning: templates read into expressions, and these worked out as far as they can be without a cloud.

mod budget;
mod cache;
mod environment;
mod evaluate;
mod expression;
mod inputs;
mod nested;
mod parameters;
mod scalar;
mod stack;
mod template;
mod term;
mod yaml;

pub(crate) use cache::Templates;
pub(crate) use inputs::Inputs;
pub(crate) use nested::{Other, below};
pub(crate) use stack::{Leaf, Scope, Stack};
pub(crate) use term::{Fields, Term};

/// Why a definition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("{place} is neither YAML nor JSON: {what}")]
    Syntax { place: String, what: String },
    #[error("{place} is not a HOT template")]
    NotHot { place: String },
    #[error("{place} is not of the form that a template has")]
    Shape { place: String },
    #[error("{place} is not among the files")]
    Missing { place: String },
    #[error("its templates are nested deeper than {0}")]
    Depth(usize),
    #[error("it has more in it than can be compared")]
    Size,
}
