//! The right side of a comparison: text with attributes of the target put in.

use std::fmt;

use super::{SyntaxProblem, parse::SyntaxError};

/// Parts, no two texts beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template(pub Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// `%(name)s`.
    Attribute(String),
}

impl Template {
    /// `column` is that of the first character.
    pub(super) fn parse(text: &str, column: usize) -> Result<Self, SyntaxError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            let here = column + text.get(..text.len() - rest.len() + at).map_or(0, |before| before.chars().count());
            let (before, after) = rest.split_at(at);
            literal.push_str(before);
            let after = after.get(1..).unwrap_or_default();
            if let Some(tail) = after.strip_prefix('%') {
                literal.push('%');
                rest = tail;
                continue;
            }
            let (name, tail) = after
                .strip_prefix('(')
                .and_then(|inner| inner.split_once(')'))
                .and_then(|(name, tail)| Some((name, tail.strip_prefix('s')?)))
                .filter(|(name, _)| is_name(name))
                .ok_or(SyntaxError { column: here, problem: SyntaxProblem::Substitution })?;
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Attribute(name.to_owned()));
            rest = tail;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self(parts))
    }

    /// The text, if nothing is put into it.
    pub fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':'))
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(&text.replace('%', "%%")),
            Part::Attribute(name) => write!(f, "%({name})s"),
        })
    }
}
