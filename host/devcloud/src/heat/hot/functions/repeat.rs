//! `repeat`.

use serde_json::{Map, Value};

use super::invalid;
use crate::heat::{
    error::{ErrorKind, HeatError, Result},
    hot::text,
};

/// More items than this are refused: lists multiply.
const MAX_ITEMS: usize = 10_000;

pub fn repeat(template: &Value, lists: &[(String, Value)], permutations: &Value) -> Result<Value> {
    let Value::Bool(permutations) = permutations else {
        return Err(invalid("\"permutations\" should be boolean type for repeat function."));
    };
    let lists = lists.iter().map(|(key, list)| Ok((key.as_str(), items(list)?))).collect::<Result<Vec<_>>>()?;
    let count = if *permutations {
        lists.iter().try_fold(1_usize, |count, (_, list)| count.checked_mul(list.len()))
    } else {
        let length = lists.first().map_or(0, |(_, list)| list.len());
        if lists.iter().any(|(_, list)| list.len() != length) {
            return Err(invalid("For repeat, the length of for_each values should be equal if no permutations."));
        }
        Some(length)
    };
    let count = count.filter(|count| *count <= MAX_ITEMS).ok_or_else(|| {
        HeatError::new(
            ErrorKind::RequestLimitExceeded,
            format!("Request limit exceeded: \"repeat\" gives more than {MAX_ITEMS} items."),
        )
    })?;
    let mut repeated = Vec::with_capacity(count);
    for turn in 0..count {
        // The last list turns fastest.
        let mut rest = turn;
        let mut chosen = Vec::with_capacity(lists.len());
        for (key, list) in lists.iter().rev() {
            let at = if *permutations {
                let at = rest % list.len().max(1);
                rest /= list.len().max(1);
                at
            } else {
                turn
            };
            if let Some(item) = list.get(at) {
                chosen.push((*key, item));
            }
        }
        chosen.reverse();
        repeated.push(substitute(template, &chosen));
    }
    Ok(Value::Array(repeated))
}

fn items(list: &Value) -> Result<Vec<Value>> {
    match list {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => Ok(items.clone()),
        Value::Object(map) => Ok(map.keys().map(|key| Value::from(key.as_str())).collect()),
        _ => Err(invalid("The values of the \"for_each\" argument to \"repeat\" must be lists")),
    }
}

fn substitute(template: &Value, chosen: &[(&str, &Value)]) -> Value {
    match template {
        Value::String(whole) => {
            // A placeholder alone keeps the type of its value.
            if let Some((_, value)) = chosen.iter().find(|(key, _)| key == whole) {
                return (*value).clone();
            }
            Value::String(chosen.iter().fold(whole.clone(), |text, (key, value)| {
                if key.is_empty() { text } else { text.replace(key, &text::display(value)) }
            }))
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| substitute(item, chosen)).collect()),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, item)| {
                    let key = text::display(&substitute(&Value::from(key.as_str()), chosen));
                    (key, substitute(item, chosen))
                })
                .collect::<Map<_, _>>(),
        ),
        scalar => scalar.clone(),
    }
}
