//! What values of each kind are, and are not.

use serde_json::{Value, json};

use super::table::{Field, Kind, Pattern};

/// How a value is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    WrongType,
    TooLong,
    OutOfRange,
    NotAmong,
    Pattern,
}

/// Values of a body that are refused, each with what is wrong with it.
pub fn flawed(field: &Field) -> Vec<(Flaw, Value)> {
    let mut values: Vec<(Flaw, Value)> = wrong_types(field.kind).into_iter().map(|value| (Flaw::WrongType, value)).collect();
    if let Some((min, max)) = field.length {
        values.extend((min > 0).then(|| (Flaw::TooLong, json!("x".repeat(min - 1)))));
        values.push((Flaw::TooLong, json!("x".repeat(max + 1))));
        // A body of more than 100 KiB is refused whatever is in it.
        values.extend((max < 5000).then(|| (Flaw::TooLong, json!("\u{1f37e}".repeat(max + 1)))));
    }
    if let Some((min, max)) = field.range {
        values.extend([min - 1, max + 1, -1_000_000].map(|number| (Flaw::OutOfRange, json!(number))));
        values.extend([(Flaw::OutOfRange, json!(1e20)), (Flaw::OutOfRange, json!((max + 1).to_string()))]);
    }
    if field.kind == Kind::Choice {
        let mut others = vec![json!(""), json!("no-such"), json!(" ")];
        others.extend(field.words.iter().map(|word| json!(flipped(word))));
        values.extend(others.into_iter().map(|word| (Flaw::NotAmong, word)));
    }
    if field.pattern == Some(Pattern::Name) {
        let others = ["1st", "with space", "über", "line\n", "-x", "a/b", "a\u{0}"];
        values.extend(others.map(|text| (Flaw::Pattern, json!(text))));
    }
    values
}

/// Values of a body that are taken, each with how it is shown.
pub fn accepted(field: &Field) -> Vec<(Value, Value)> {
    let mut values = vec![(field.right.clone(), field.shown())];
    match field.kind {
        Kind::Boolean => {
            values.extend([true, false].map(|flag| (json!(flag), json!(flag))));
            values.extend(["1", "t", "TRUE", "on", "y", "yes"].map(|word| (json!(word), json!(true))));
            values.extend(["0", "f", "False", "off", "n", "no"].map(|word| (json!(word), json!(false))));
            values.extend([(json!(1), json!(true)), (json!(0), json!(false))]);
            if field.named {
                values.retain(|(_, shown)| *shown == field.right);
            }
            if field.shown.is_some() {
                values.iter_mut().for_each(|(_, shown)| *shown = field.shown());
            }
        }
        Kind::Integer => {
            if let Some(number) = field.right.as_i64() {
                values.push((json!(number.to_string()), field.shown()));
                values.push((json!(number as f64 + 0.25), field.shown()));
            }
            if let (Some((min, max)), false) = (field.range, field.named) {
                values.extend([min, max].map(|number| (json!(number), json!(number))));
            }
        }
        Kind::Text if !field.named && field.words.is_empty() => {
            let edges = field.length.into_iter().flat_map(|(min, max)| [min.max(1), max]);
            values.extend(edges.map(|length| json!("x".repeat(length))).map(|text| (text.clone(), text)));
            if field.pattern.is_none() {
                values.extend(["Zürich \u{1f37e}", "'; -- \"", "{}", "a b"].map(|text| (json!(text), json!(text))));
            }
        }
        Kind::Text | Kind::Choice if !field.named => {
            values.extend(field.words.iter().map(|word| (json!(word), json!(word))));
        }
        Kind::Pairs if !field.named => {
            values.push((json!({"a": 1, "b": true, "c": 1.5, "d": ""}), json!({"a": "1", "b": "True", "c": "1.5", "d": ""})));
            values.push((json!({"ü \u{1f37e}": "\n"}), json!({"ü \u{1f37e}": "\n"})));
        }
        _ => {}
    }
    values
}

/// Values that a patch of a scalar cannot bring, and that the attribute refuses.
pub fn flawed_in_patches(field: &Field) -> Vec<(Flaw, Value)> {
    let mut values = flawed(field);
    values.retain(|(_, value)| match field.kind {
        // Text is Python's notation there, and an object is no value of a patch.
        Kind::Pairs | Kind::Taints => !value.is_string(),
        _ => true,
    });
    if matches!(field.kind, Kind::Pairs | Kind::Taints) {
        let texts =
            ["", "x", "{", "{'a': {'b': 'c'}}", "{'a': None}", "[1]", "{1: 2, 3}", "__import__('os')", "'a'", "{'a': [1]}"];
        values.extend(texts.map(|text| (Flaw::WrongType, json!(text))));
    }
    values
}

/// In Python's notation, as clients send objects in patches.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n")),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", literal(&json!(name)), literal(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

fn wrong_types(kind: Kind) -> Vec<Value> {
    let (number, fraction, flag, list, object) = (json!(5), json!(5.5), json!(true), json!(["a"]), json!({"a": "b"}));
    match kind {
        Kind::Text | Kind::Addresses | Kind::Choice | Kind::Time => vec![number, fraction, flag, list, object],
        Kind::Uuid => vec![number, flag, list, object],
        Kind::Integer => vec![json!("many"), json!(""), json!("0x10"), json!("5.5"), list, object],
        Kind::Boolean => vec![json!("perhaps"), json!(""), json!(2), json!(-1), json!(0.5), list, object],
        Kind::Pairs => vec![
            json!("a=b"),
            number,
            flag,
            list,
            json!([]),
            json!({"a": null}),
            json!({"a": {"b": "c"}}),
            json!({"a": ["b"]}),
            json!({"": "b"}),
        ],
        Kind::List => vec![json!("a"), number, flag, object, json!([5]), json!([["a"]]), json!([null])],
        Kind::Taints => vec![
            json!("a"),
            number,
            object,
            json!(["a"]),
            json!([{"key": "a"}]),
            json!([{"effect": "NoSchedule"}]),
            json!([{"key": "a", "effect": "Never"}]),
            json!([{"key": "a", "effect": "NoSchedule", "colour": "red"}]),
        ],
        Kind::Links => vec![json!([]), json!("a")],
    }
}

/// The word in the other case.
fn flipped(word: &str) -> String {
    if word.chars().any(char::is_lowercase) { word.to_uppercase() } else { word.to_lowercase() }
}
