//! Expressions worked out: parameters, files and conditions are known, the ids and attributes of resources stay names.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use super::{
    ReadError,
    budget::Budget,
    expression::Expr,
    inputs::Inputs,
    template::Template,
    term::{Fields, Term},
};

/// A template in use.
pub(super) struct Evaluation<'a> {
    pub template: &'a Template,
    pub parameters: &'a Fields,
    /// The path of the resource that the template stands for, with a slash; empty for the root.
    pub prefix: &'a str,
    pub inputs: &'a Inputs<'a>,
    pub budget: &'a Budget,
    /// Conditions that have been worked out; those that are being worked out are `Null`.
    pub conditions: RefCell<BTreeMap<Arc<str>, Term>>,
    /// Files that were named.
    pub files: &'a RefCell<Vec<Arc<str>>>,
    /// Whether a file was named by something that only Heat knows.
    pub unknown_file: &'a std::cell::Cell<bool>,
}

type Result<T> = std::result::Result<T, ReadError>;

impl Evaluation<'_> {
    pub(super) fn term(&self, expr: &Expr) -> Result<Term> {
        self.budget.spend()?;
        Ok(match expr {
            Expr::Known(term) => term.clone(),
            Expr::List(items) => Term::list(self.terms(items)?),
            Expr::Map(fields) => Term::map(self.fields(fields)?),
            Expr::Param(name, path) => {
                let value = self.parameter(name, path)?;
                self.budget.spend_on(&value)?;
                value
            }
            Expr::File(name) => {
                let content = self.file(self.term(name)?);
                self.budget.spend_on(&content)?;
                content
            }
            Expr::Resource(name) => Term::Resource(self.path(name)),
            Expr::Attribute(name, path) => Term::Attribute(self.path(name), Arc::new(self.terms(path)?)),
            Expr::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                match self.condition(condition)? {
                    Term::Flag(true) => self.term(then)?,
                    Term::Flag(false) => self.term(otherwise)?,
                    unknown => Term::call("if", Term::list(vec![unknown, self.term(then)?, self.term(otherwise)?])),
                }
            }
            Expr::Call(name, argument) => match name.as_ref() {
                "equals" | "not" | "and" | "or" => self.condition(expr)?,
                _ => Term::Call(Arc::clone(name), Arc::new(self.term(argument)?)),
            },
        })
    }

    fn terms(&self, items: &[Expr]) -> Result<Vec<Term>> {
        items.iter().map(|item| self.term(item)).collect()
    }

    pub(super) fn fields(&self, fields: &BTreeMap<Arc<str>, Expr>) -> Result<Fields> {
        fields.iter().map(|(name, expr)| Ok((Arc::clone(name), self.term(expr)?))).collect()
    }

    fn path(&self, name: &str) -> Arc<str> {
        format!("{}{name}", self.prefix).into()
    }

    fn parameter(&self, name: &str, path: &[Expr]) -> Result<Term> {
        let Some(mut value) = self.parameters.get(name).cloned() else {
            // `OS::stack_name` and its like, and what Heat would refuse.
            let argument = Term::list(std::iter::once(Term::Text(self.path(name))).chain(self.terms(path)?).collect());
            return Ok(Term::call("get_param", argument));
        };
        let path = self.terms(path)?;
        let mut hidden = false;
        for (place, key) in path.iter().enumerate() {
            hidden |= matches!(value, Term::Hidden(_));
            value = match (value.bare(), key.as_text(), key.as_number()) {
                (Term::Map(fields), Some(key), _) => fields.get(key).cloned().unwrap_or(Term::Null),
                (Term::List(items), _, Some(index)) => item(items, index),
                (Term::Null, ..) => Term::Null,
                _ => {
                    let rest = path.get(place..).unwrap_or_default().to_vec();
                    value = Term::Select(Arc::new(value), Arc::new(rest));
                    break;
                }
            };
        }
        Ok(if hidden && !matches!(value, Term::Hidden(_)) { Term::Hidden(Arc::new(value)) } else { value })
    }

    fn file(&self, name: Term) -> Term {
        match name.as_text() {
            // Whether it is there was checked when the driver answered.
            Some(name) => {
                self.files.borrow_mut().push(name.into());
                self.inputs.file(name).unwrap_or(Term::Null)
            }
            None => {
                self.unknown_file.set(true);
                Term::call("get_file", name)
            }
        }
    }

    /// `Flag` if it can be told, else what it depends on.
    pub(super) fn condition(&self, expr: &Expr) -> Result<Term> {
        self.budget.spend()?;
        Ok(match expr {
            Expr::Known(Term::Text(name)) => self.named(name)?,
            Expr::Call(function, argument) => match (function.as_ref(), &**argument) {
                ("not", argument) => match self.condition(argument)? {
                    Term::Flag(flag) => Term::Flag(!flag),
                    unknown => Term::call("not", unknown),
                },
                (function @ ("and" | "or"), Expr::List(items)) => self.all_or_any(function, items)?,
                (function @ ("and" | "or"), Expr::Known(Term::List(names))) => {
                    let items: Vec<Expr> = names.iter().cloned().map(Expr::Known).collect();
                    self.all_or_any(function, &items)?
                }
                ("equals", argument) => {
                    let sides = self.term(argument)?;
                    match sides.as_list() {
                        Some([left, right]) if left.is_known() && right.is_known() => Term::Flag(left.bare() == right.bare()),
                        Some([left, right]) if left == right => Term::Flag(true),
                        _ => Term::call("equals", sides),
                    }
                }
                (_, argument) => Term::Call(Arc::clone(function), Arc::new(self.term(argument)?)),
            },
            other => match self.term(other)?.bare() {
                Term::Flag(flag) => Term::Flag(*flag),
                unknown => unknown.clone(),
            },
        })
    }

    fn named(&self, name: &Arc<str>) -> Result<Term> {
        if let Some(known) = self.conditions.borrow().get(name) {
            return Ok(known.clone());
        }
        let Some(expr) = self.template.conditions.get(name) else { return Ok(Term::call("condition", Term::Text(name.clone()))) };
        self.conditions.borrow_mut().insert(Arc::clone(name), Term::Null);
        let term = self.condition(expr)?;
        self.conditions.borrow_mut().insert(Arc::clone(name), term.clone());
        Ok(term)
    }

    fn all_or_any(&self, function: &str, items: &[Expr]) -> Result<Term> {
        let decides = function == "or";
        let mut unknown = Vec::new();
        for item in items {
            match self.condition(item)? {
                Term::Flag(flag) if flag == decides => return Ok(Term::Flag(decides)),
                Term::Flag(_) => {}
                other => unknown.push(other),
            }
        }
        Ok(if unknown.is_empty() { Term::Flag(!decides) } else { Term::call(function, Term::list(unknown)) })
    }
}

fn item(items: &[Term], index: f64) -> Term {
    if index < 0.0 || index.fract() != 0.0 {
        return Term::Null;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and not below 0; `as` saturates")]
    let index = index as usize;
    items.get(index).cloned().unwrap_or(Term::Null)
}
