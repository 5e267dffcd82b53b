//! Values of bodies and patches, made into what a slot takes. Clients send numbers and booleans as text, and Magnum lets them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use jeroboam_model::Status;
use jeroboam_model::name::check_cluster_name;
use serde_json::Value;

use super::error::render;
use super::{FieldError, Given, Ignored, Literal, Slot, TextRule, taints};

/// How many pairs or items one attribute may have.
pub(super) const MAX_ITEMS: usize = 1000;
/// The longest name or value among pairs, in characters.
const MAX_PAIR_TEXT: usize = 65_536;

/// Puts a value of a body into its slot.
pub fn put<D>(field: &str, slot: Slot<D>, value: &Value, draft: &mut D) -> Result<(), FieldError> {
    let wrong = |reason: &str| FieldError::invalid(field, render(value), reason);
    match slot {
        Slot::Text { min, max, rule, at } => {
            let Value::String(text) = value else { return Err(wrong("Value should be string")) };
            *at(draft) = Given::Value(checked_text(field, text, (min, max), rule)?);
        }
        Slot::Integer { min, max, at } => *at(draft) = Given::Value(integer(field, value, (min, max))?),
        Slot::Boolean { at } => *at(draft) = Given::Value(boolean(value).ok_or_else(|| wrong(BOOLEAN))?),
        Slot::Choice { at } => choose(field, at(draft), value)?,
        Slot::Pairs { at } => *at(draft) = Given::Value(pairs(field, value)?),
        Slot::List { at } => *at(draft) = Given::Value(list(field, value)?),
        Slot::Taints { at } => *at(draft) = Given::Value(taints::read(field, value)?),
        Slot::Nameservers { at } => {
            let Value::String(text) = value else { return Err(wrong("Value should be string")) };
            *at(draft) = nameservers(field, text)?;
        }
        Slot::Ignored(Ignored::Text) if value.is_string() => {}
        Slot::Ignored(Ignored::Text) => return Err(wrong("Value should be string")),
        Slot::Ignored(Ignored::Pairs) => drop(pairs(field, value)?),
        Slot::Ignored(Ignored::Status) => choose(field, &mut Given::<Status>::Absent, value)?,
    }
    Ok(())
}

const BOOLEAN: &str = "Value should be a boolean: true or false";

/// Puts a value of a patch into its slot. Objects come as text in Python's notation, as clients have always sent them.
pub fn put_patched<D>(field: &str, slot: Slot<D>, value: &Value, draft: &mut D) -> Result<(), FieldError> {
    if let (Slot::Pairs { at }, Value::String(text)) = (slot, value) {
        let literal =
            Literal::parse(text).map_err(|error| FieldError::invalid(field, text, format!("Value should be a dict: {error}")))?;
        *at(draft) = Given::Value(literal_pairs(field, text, literal)?);
        return Ok(());
    }
    if let (Slot::Taints { at }, Value::String(text)) = (slot, value) {
        *at(draft) = Given::Value(taints::read_literal(field, text)?);
        return Ok(());
    }
    put(field, slot, value, draft)
}

/// The text of one pair, as a patch of a single key gives it.
pub fn pair_value(field: &str, value: &Value) -> Result<String, FieldError> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err(FieldError::invalid(field, render(value), "Values should be strings, numbers or booleans"));
        }
    };
    if text.chars().count() > MAX_PAIR_TEXT {
        return Err(FieldError::invalid(field, text, format!("A value has at most {MAX_PAIR_TEXT} characters")));
    }
    Ok(text)
}

/// The words for true and false that oslo takes.
pub(crate) fn boolean_word(word: &str) -> Option<bool> {
    let is_one_of = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(word.trim()));
    if is_one_of(&["1", "t", "true", "on", "y", "yes"]) {
        Some(true)
    } else if is_one_of(&["0", "f", "false", "off", "n", "no"]) {
        Some(false)
    } else {
        None
    }
}

fn checked_text(field: &str, text: &str, (min, max): (usize, usize), rule: TextRule) -> Result<String, FieldError> {
    let wrong = |reason: String| FieldError::invalid(field, text, reason);
    let length = text.chars().count();
    if length < min {
        return Err(wrong(format!("Value should have a minimum character requirement of {min}")));
    }
    if length > max {
        return Err(wrong(format!("Value should have a maximum character requirement of {max}")));
    }
    if text.contains('\0') {
        return Err(wrong("Value should not contain NUL characters".to_owned()));
    }
    match rule {
        TextRule::Any => Ok(text.to_owned()),
        TextRule::ClusterName => match check_cluster_name(text) {
            Ok(()) => Ok(text.to_owned()),
            Err(_) => Err(wrong("Value should match the pattern ^[a-zA-Z][a-zA-Z0-9_.-]*$".to_owned())),
        },
        TextRule::Uuid => match uuid::Uuid::try_parse(text) {
            Ok(uuid) => Ok(uuid.to_string()),
            Err(_) => Err(wrong("Value should be a UUID".to_owned())),
        },
    }
}

fn integer(field: &str, value: &Value, (min, max): (u32, u32)) -> Result<u32, FieldError> {
    let wrong = |reason: String| FieldError::invalid(field, render(value), reason);
    let number = match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        // A fraction is cut off, as Python's int() does.
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|float| float.trunc() as i64)),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let number = number.ok_or_else(|| wrong("Value should be an integer".to_owned()))?;
    if number < i64::from(min) {
        return Err(wrong(format!("Value should be greater or equal to {min}")));
    }
    match u32::try_from(number) {
        Ok(number) if number <= max => Ok(number),
        _ => Err(wrong(format!("Value should be lower or equal to {max}"))),
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) => boolean_word(word),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn choose(field: &str, at: &mut dyn super::Chosen, value: &Value) -> Result<(), FieldError> {
    let known = value.as_str().is_some_and(|word| at.choose(word));
    if known {
        return Ok(());
    }
    Err(FieldError::invalid(field, render(value), format!("Value should be one of: {}", at.words().join(", "))))
}

fn pairs(field: &str, value: &Value) -> Result<BTreeMap<String, String>, FieldError> {
    let wrong = |reason: String| FieldError::invalid(field, render(value), reason);
    let Value::Object(object) = value else {
        return Err(wrong("Value should be an object of strings".to_owned()));
    };
    if object.len() > MAX_ITEMS {
        return Err(wrong(format!("Value should have at most {MAX_ITEMS} members")));
    }
    object.iter().map(|(name, value)| Ok((checked_pair_name(field, name)?, pair_value(field, value)?))).collect()
}

fn literal_pairs(field: &str, text: &str, literal: Literal) -> Result<BTreeMap<String, String>, FieldError> {
    let wrong = |reason: &str| FieldError::invalid(field, text, reason);
    let Literal::Dict(members) = literal else { return Err(wrong("Value should be a dict")) };
    if members.len() > MAX_ITEMS {
        return Err(wrong("Value should have fewer members"));
    }
    let pair = |(name, value): (Literal, Literal)| {
        let name = name.into_text().ok_or_else(|| wrong("Names in a dict should be strings"))?;
        let value = value.into_text().ok_or_else(|| wrong("Values in a dict should be strings, numbers or booleans"))?;
        Ok((checked_pair_name(field, &name)?, value))
    };
    members.into_iter().map(pair).collect()
}

fn checked_pair_name(field: &str, name: &str) -> Result<String, FieldError> {
    if name.is_empty() || name.chars().count() > MAX_PAIR_TEXT {
        return Err(FieldError::invalid(field, name, format!("Names should have 1 to {MAX_PAIR_TEXT} characters")));
    }
    Ok(name.to_owned())
}

fn list(field: &str, value: &Value) -> Result<Vec<String>, FieldError> {
    let wrong = || FieldError::invalid(field, render(value), "Value should be a list of strings");
    let items = value.as_array().filter(|items| items.len() <= MAX_ITEMS).ok_or_else(wrong)?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn nameservers(field: &str, text: &str) -> Result<Given<Vec<Ipv4Addr>>, FieldError> {
    let addresses: Result<Vec<Ipv4Addr>, _> = text.split(',').map(|address| address.trim().parse()).collect();
    match addresses {
        Ok(addresses) if addresses.len() <= MAX_ITEMS => Ok(Given::Value(addresses)),
        _ => Err(FieldError::invalid(field, text, "Value should be IPv4 addresses, separated by commas")),
    }
}

#[cfg(test)]
mod tests;
