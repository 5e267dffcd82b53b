//! Evaluation of expressions against what they refer to.

use serde_json::{Map, Value};

use super::{
    expression::{Condition, Expression, Facade, Function},
    functions, text,
};
use crate::heat::error::HeatError;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// What it refers to is not known yet.
    Unresolved,
    Heat(HeatError),
}

pub type Evaluated<T = Value> = Result<T, EvalError>;

impl From<HeatError> for EvalError {
    fn from(error: HeatError) -> Self {
        Self::Heat(error)
    }
}

/// What an expression may refer to.
pub trait Resolve {
    fn parameter(&self, name: &str) -> Evaluated;
    /// The reference id of a resource.
    fn reference(&self, resource: &str) -> Evaluated;
    /// An attribute, or all of them.
    fn attribute(&self, resource: &str, attribute: Option<&str>, path: &[Value]) -> Evaluated;
    fn file(&self, name: &str) -> Option<String>;
    fn facade(&self, part: Facade) -> Evaluated;
    fn condition(&self, name: &str) -> Evaluated<bool>;
}

/// The value of an expression. Items that an `if` without `else` leaves out are left out.
pub fn evaluate(expression: &Expression, scope: &dyn Resolve) -> Evaluated {
    Ok(item(expression, scope)?.unwrap_or(Value::Null))
}

fn item(expression: &Expression, scope: &dyn Resolve) -> Evaluated<Option<Value>> {
    Ok(match expression {
        Expression::Literal(value) => Some(value.clone()),
        Expression::List(items) => {
            let mut values = Vec::with_capacity(items.len());
            for inner in items {
                values.extend(item(inner, scope)?);
            }
            Some(Value::Array(values))
        }
        Expression::Map(entries) => {
            let mut map = Map::new();
            for (key, inner) in entries {
                if let Some(value) = item(inner, scope)? {
                    map.insert(key.clone(), value);
                }
            }
            Some(Value::Object(map))
        }
        Expression::Call(function) => match function.as_ref() {
            Function::If { condition, then, otherwise } => {
                if evaluate_condition(condition, scope)? {
                    item(then, scope)?
                } else {
                    match otherwise {
                        Some(otherwise) => item(otherwise, scope)?,
                        None => None,
                    }
                }
            }
            other => Some(call(other, scope)?),
        },
    })
}

/// Stands for a value that cannot be known yet.
pub const UNKNOWN: &str = "\u{0}unknown";

/// As [`evaluate`], with [`UNKNOWN`] in the place of each call that has no value yet.
pub fn evaluate_partly(expression: &Expression, scope: &dyn Resolve) -> Result<Value, HeatError> {
    Ok(match expression {
        Expression::Literal(value) => value.clone(),
        Expression::List(items) => {
            Value::Array(items.iter().map(|inner| evaluate_partly(inner, scope)).collect::<Result<_, _>>()?)
        }
        Expression::Map(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, inner)| Ok((key.clone(), evaluate_partly(inner, scope)?)))
                .collect::<Result<_, HeatError>>()?,
        ),
        Expression::Call(function) => {
            if let Function::If { condition, then, otherwise } = function.as_ref() {
                return match evaluate_condition(condition, scope) {
                    Ok(true) => evaluate_partly(then, scope),
                    Ok(false) => otherwise.as_ref().map_or(Ok(Value::Null), |otherwise| evaluate_partly(otherwise, scope)),
                    Err(EvalError::Unresolved) => Ok(Value::from(UNKNOWN)),
                    Err(EvalError::Heat(error)) => Err(error),
                };
            }
            match call(function, scope) {
                Ok(value) => value,
                Err(EvalError::Unresolved) => Value::from(UNKNOWN),
                Err(EvalError::Heat(error)) => return Err(error),
            }
        }
    })
}

/// Whether a value, or a part of it, is not known yet.
#[must_use]
pub fn is_unknown(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(UNKNOWN),
        Value::Array(items) => items.iter().any(is_unknown),
        Value::Object(map) => map.iter().any(|(key, item)| key.contains(UNKNOWN) || is_unknown(item)),
        _ => false,
    }
}

fn call(function: &Function, scope: &dyn Resolve) -> Evaluated {
    let value = |expression: &Expression| evaluate(expression, scope);
    let values = |list: &[Expression]| list.iter().map(value).collect::<Evaluated<Vec<_>>>();
    Ok(match function {
        Function::GetParam { name, path } => {
            let Value::String(name) = value(name)? else {
                return Err(invalid("Parameter name in \"get_param\" must be string"));
            };
            let found = scope.parameter(&name)?;
            let path = values(path)?;
            if path.is_empty() { found } else { select_parameter(&found, &path) }
        }
        Function::GetResource { name } => scope.reference(name)?,
        Function::GetAttr { resource, attribute: None, .. } => scope.attribute(resource, None, &[])?,
        Function::GetAttr { resource, attribute: Some(attribute), path } => {
            let attribute = text::display(&value(attribute)?);
            scope.attribute(resource, Some(&attribute), &values(path)?)?
        }
        Function::GetFile { name } => {
            let Value::String(name) = value(name)? else {
                return Err(invalid("Argument to \"get_file\" must be a string"));
            };
            let content = scope
                .file(&name)
                .ok_or_else(|| invalid(format!("No content found in the \"files\" section for get_file path: {name}")))?;
            Value::String(content)
        }
        Function::StrReplace { name, template, params, strictness } => {
            functions::strings::replace(name, &value(template)?, &value(params)?, *strictness)?
        }
        Function::StrSplit { delimiter, text, index } => {
            let index = index.as_ref().map(value).transpose()?;
            functions::strings::split(&value(delimiter)?, &value(text)?, index.as_ref())?
        }
        Function::ListJoin { delimiter, lists } => functions::strings::join(&value(delimiter)?, &values(lists)?)?,
        Function::Digest { algorithm, text } => functions::digest::digest(&value(algorithm)?, &value(text)?)?,
        Function::ListConcat { name, lists, unique } => functions::lists::concat(name, &value(lists)?, *unique)?,
        Function::Contains { item, list } => functions::lists::contains(&value(item)?, &value(list)?)?,
        Function::Filter { values, list } => functions::lists::filter(&value(values)?, value(list)?)?,
        Function::MapMerge { maps } => functions::maps::merge(&value(maps)?)?,
        Function::MapReplace { map, replacements } => functions::maps::replace(&value(map)?, &value(replacements)?)?,
        Function::Repeat { template, for_each, permutations } => {
            let lists = for_each.iter().map(|(key, list)| Ok((key.clone(), value(list)?))).collect::<Evaluated<Vec<_>>>()?;
            functions::repeat::repeat(&value(template)?, &lists, &value(permutations)?)?
        }
        Function::ResourceFacade(part) => scope.facade(*part)?,
        Function::MakeUrl(parts) => {
            let parts = parts.iter().map(|(key, part)| Ok((key.clone(), value(part)?))).collect::<Evaluated<Map<_, _>>>()?;
            functions::url::make(&parts)?
        }
        Function::If { .. } => Value::Null,
    })
}

/// Whether a condition holds.
pub fn evaluate_condition(condition: &Condition, scope: &dyn Resolve) -> Evaluated<bool> {
    Ok(match condition {
        Condition::Always(flag) => *flag,
        Condition::Named(name) => scope.condition(name)?,
        Condition::Equals(left, right) => evaluate(left, scope)? == evaluate(right, scope)?,
        Condition::Not(inner) => !evaluate_condition(inner, scope)?,
        Condition::And(all) => {
            for inner in all {
                if !evaluate_condition(inner, scope)? {
                    return Ok(false);
                }
            }
            true
        }
        Condition::Or(all) => {
            for inner in all {
                if evaluate_condition(inner, scope)? {
                    return Ok(true);
                }
            }
            false
        }
        Condition::Value(expression) => match evaluate(expression, scope)? {
            Value::Bool(flag) => flag,
            other => {
                return Err(invalid(format!(
                    "The condition value should be boolean, after resolution the value is: {}",
                    text::repr(&other)
                )));
            }
        },
    })
}

fn invalid(message: impl Into<String>) -> EvalError {
    EvalError::Heat(HeatError::validation(message))
}

fn step<'a>(value: &'a Value, key: &Value) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(&text::display(key)),
        Value::Array(items) => {
            let index = text::number(key)?.as_i64()?;
            let index = if index < 0 { index + i64::try_from(items.len()).ok()? } else { index };
            items.get(usize::try_from(index).ok()?)
        }
        _ => None,
    }
}

/// As `get_param` selects: what is not there is the empty string.
fn select_parameter(value: &Value, path: &[Value]) -> Value {
    path.iter().try_fold(value, step).cloned().unwrap_or_else(|| Value::String(String::new()))
}

/// As `get_attr` selects: texts that are JSON are looked into, what is not there is null.
#[must_use]
pub fn select_attribute(value: Value, path: &[Value]) -> Value {
    let mut current = value;
    for key in path {
        if let Value::String(json) = &current {
            match serde_json::from_str(json) {
                Ok(parsed) => current = parsed,
                Err(_) => return Value::Null,
            }
        }
        match step(&current, key) {
            Some(found) => current = found.clone(),
            None => return Value::Null,
        }
    }
    current
}
