//! Taints, as bodies have them and as patches do.

use jeroboam_model::{Taint, TaintEffect};
use serde_json::Value;

use super::coerce::MAX_ITEMS;
use super::error::render;
use super::{FieldError, Literal};

/// The longest part of a taint; what Kubernetes allows is shorter.
const MAX_TEXT: usize = 317;

/// A list of objects.
pub fn read(field: &str, value: &Value) -> Result<Vec<Taint>, FieldError> {
    let wrong =
        || FieldError::invalid(field, render(value), "Value should be a list of objects with key, effect and perhaps value");
    let items = value.as_array().filter(|items| items.len() <= MAX_ITEMS).ok_or_else(wrong)?;
    let taint = |item: &Value| {
        let members = item.as_object().ok_or_else(wrong)?;
        let members = members.iter().filter(|(_, value)| !value.is_null());
        let text = |(name, value): (&String, &Value)| Ok((name.clone(), value.as_str().ok_or_else(wrong)?.to_owned()));
        build(field, members.map(text).collect::<Result<_, FieldError>>()?)
    };
    items.iter().map(taint).collect()
}

/// The same in Python's notation.
pub fn read_literal(field: &str, text: &str) -> Result<Vec<Taint>, FieldError> {
    let wrong = || FieldError::invalid(field, text, "Value should be a list of dicts with key, effect and perhaps value");
    let Ok(Literal::List(items)) = Literal::parse(text) else { return Err(wrong()) };
    if items.len() > MAX_ITEMS {
        return Err(wrong());
    }
    let taint = |item: Literal| {
        let Literal::Dict(members) = item else { return Err(wrong()) };
        let members = members.into_iter().filter(|(_, value)| *value != Literal::None);
        let text = |(name, value): (Literal, Literal)| name.into_text().zip(value.into_text()).ok_or_else(wrong);
        build(field, members.map(text).collect::<Result<_, FieldError>>()?)
    };
    items.into_iter().map(taint).collect()
}

fn build(field: &str, members: Vec<(String, String)>) -> Result<Taint, FieldError> {
    let (mut key, mut value, mut effect) = (None, None, None);
    for (name, text) in members {
        let fits = text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
        let place = match name.as_str() {
            "key" => &mut key,
            "value" => &mut value,
            "effect" => &mut effect,
            _ => return Err(FieldError::invalid(field, &name, "A taint has key, effect and perhaps value, and nothing else")),
        };
        *place = Some(text.clone()).filter(|_| fits);
        if !fits {
            return Err(FieldError::invalid(field, &text, format!("The parts of a taint have at most {MAX_TEXT} characters")));
        }
    }
    let key = key.filter(|key| !key.is_empty()).ok_or_else(|| FieldError::invalid(field, "", "A taint should have a key"))?;
    let effect = effect.unwrap_or_default();
    match TaintEffect::ALL.iter().find(|known| known.as_str() == effect) {
        Some(effect) => Ok(Taint { key, value: value.filter(|value| !value.is_empty()), effect: *effect }),
        None => {
            let effects: Vec<_> = TaintEffect::ALL.iter().map(|effect| effect.as_str()).collect();
            Err(FieldError::invalid(field, &effect, format!("The effect of a taint should be one of: {}", effects.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn taints_are_read_alike_from_bodies_and_patches() {
        let expected = [
            Taint { key: "gpu".into(), value: Some("yes".into()), effect: TaintEffect::NoSchedule },
            Taint { key: "spot".into(), value: None, effect: TaintEffect::NoExecute },
        ];
        let body =
            json!([{"key": "gpu", "value": "yes", "effect": "NoSchedule"}, {"key": "spot", "value": "", "effect": "NoExecute"}]);
        let patch =
            "[{'key': 'gpu', 'value': 'yes', 'effect': 'NoSchedule'}, {'key': 'spot', 'value': None, 'effect': 'NoExecute'}]";
        assert_eq!(read("node_taints", &body).unwrap(), expected);
        assert_eq!(read_literal("node_taints", patch).unwrap(), expected);
        assert_eq!(read_literal("node_taints", "[]").unwrap(), []);
    }

    #[test]
    fn what_is_no_taint_is_refused() {
        for body in [
            json!("x"),
            json!(["x"]),
            json!([{"key": "a"}]),
            json!([{"effect": "NoSchedule"}]),
            json!([{"key": "a", "effect": "Never"}]),
            json!([{"key": "a", "effect": "NoSchedule", "colour": "red"}]),
            json!([{"key": "a\n", "effect": "NoSchedule"}]),
            json!([{"key": 5, "effect": "NoSchedule"}]),
        ] {
            read("node_taints", &body).unwrap_err();
        }
        for patch in ["", "{}", "['x']", "[{'key': 'a'}]", "[{1: 2}]"] {
            read_literal("node_taints", patch).unwrap_err();
        }
    }
}
