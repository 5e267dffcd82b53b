//! What a change of one resource reaches: ids and attributes of what is made anew are others.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    heat,
    hot::{Scope, Stack, Term, below},
};

/// What becomes of a resource that is in both definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// These properties change in place.
    Updated(BTreeSet<Arc<str>>),
    Replaced,
}

/// Outputs of outputs, and groups of groups.
const DEPTH: usize = 32;

/// Tells whether values that are written alike are others after the update.
pub(super) struct Reach<'a> {
    pub before: &'a Stack,
    pub after: &'a Stack,
    pub fates: &'a BTreeMap<Arc<str>, Fate>,
}

impl Reach<'_> {
    /// Whether the value may be another after the update.
    pub(super) fn moves(&self, term: &Term) -> bool {
        self.moves_at(term, 0)
    }

    fn moves_at(&self, term: &Term, depth: usize) -> bool {
        if depth > DEPTH {
            return true;
        }
        match term {
            Term::Null | Term::Flag(_) | Term::Number(_) | Term::Text(_) | Term::Secret(_) => false,
            Term::Hidden(term) | Term::Call(_, term) => self.moves_at(term, depth + 1),
            Term::List(items) => items.iter().any(|item| self.moves_at(item, depth + 1)),
            Term::Map(fields) => fields.values().any(|field| self.moves_at(field, depth + 1)),
            Term::Resource(path) => self.id_moves(path, depth + 1),
            Term::Attribute(path, rest) => self.attribute_moves(path, rest, true, depth + 1),
            // A part of what a group tells is one member's: it stays though members come and go.
            Term::Select(of, path) => {
                let within = match of.bare() {
                    Term::Attribute(path, rest) => self.attribute_moves(path, rest, false, depth + 1),
                    other => self.moves_at(other, depth + 1),
                };
                within || path.iter().any(|part| self.moves_at(part, depth + 1))
            }
        }
    }

    fn id_moves(&self, path: &str, depth: usize) -> bool {
        match self.after.scopes.get(path) {
            Some(Scope::Template { .. }) => {
                self.output_moves(path, "OS::stack_id", depth).unwrap_or_else(|| self.is_replaced(path))
            }
            _ => self.is_replaced(path),
        }
    }

    fn is_replaced(&self, path: &str) -> bool {
        self.fates.get(path) == Some(&Fate::Replaced)
    }

    fn attribute_moves(&self, path: &str, rest: &[Term], counts: bool, depth: usize) -> bool {
        if rest.iter().any(|part| self.moves_at(part, depth)) || self.is_replaced(path) {
            return true;
        }
        let Some(name) = rest.first().and_then(Term::as_text) else { return self.fates.contains_key(path) };
        match self.after.scopes.get(path) {
            Some(Scope::Template { .. }) => self.nested_moves(path, name, rest, depth),
            Some(Scope::Group { count }) => {
                let same_count = matches!(self.before.scopes.get(path), Some(Scope::Group { count: before }) if before == count);
                let of_one = name
                    .strip_prefix("resource.")
                    .and_then(|rest| rest.split_once('.').map_or(Some(None), |(_, name)| Some(Some(name))));
                let member = format!("{path}/*");
                if counts && of_one.is_none() && !same_count {
                    return true;
                }
                match (of_one, name) {
                    (Some(None), _) | (None, "refs" | "refs_map") => self.id_moves(&member, depth),
                    (Some(Some(name)), _) | (None, name) => {
                        let args: Vec<Term> = std::iter::once(Term::text(name)).chain(rest.iter().skip(1).cloned()).collect();
                        self.attribute_moves(&member, &args, counts, depth)
                    }
                }
            }
            Some(Scope::Chain) => self.anything_within(path),
            None => match self.fates.get(path) {
                Some(Fate::Updated(properties)) => {
                    name == "show" || properties.iter().any(|property| &**property == name || heat::moves_attributes(property))
                }
                Some(Fate::Replaced) => true,
                None => false,
            },
        }
    }

    /// An attribute of a nested stack is an output, or goes through to a resource: `resource.<name>.<attribute>`.
    fn nested_moves(&self, path: &str, name: &str, rest: &[Term], depth: usize) -> bool {
        if let Some(moves) = self.output_moves(path, name, depth) {
            return moves;
        }
        match name.strip_prefix("resource.").map(|inner| inner.split_once('.').map_or((inner, None), |(a, b)| (a, Some(b)))) {
            Some((inner, None)) => self.id_moves(&format!("{path}/{inner}"), depth),
            Some((inner, Some(attribute))) => {
                let args: Vec<Term> = std::iter::once(Term::text(attribute)).chain(rest.iter().skip(1).cloned()).collect();
                self.attribute_moves(&format!("{path}/{inner}"), &args, true, depth)
            }
            None => self.anything_within(path),
        }
    }

    /// `None` if the nested stack has no such output.
    fn output_moves(&self, path: &str, name: &str, depth: usize) -> Option<bool> {
        let of = |stack: &Stack| match stack.scopes.get(path) {
            Some(Scope::Template { outputs }) => outputs.get(name).cloned(),
            _ => None,
        };
        match (of(self.before), of(self.after)) {
            (None, None) => None,
            (before, after) => Some(before != after || after.is_some_and(|term| self.moves_at(&term, depth + 1))),
        }
    }

    fn anything_within(&self, path: &str) -> bool {
        below(self.fates, path).next().is_some()
    }
}
