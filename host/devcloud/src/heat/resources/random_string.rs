//! `OS::Heat::RandomString`.

use async_trait::async_trait;
use rand::RngExt as _;
use serde_json::{Value, json};

use super::{
    plugin::{Plugin, Properties},
    schema::{Default, Property, Rule, Type},
};
use crate::heat::{engine::Context, error::Failure};

pub struct RandomString;

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
const HEX: &str = "0123456789abcdef";
const OCTAL: &str = "01234567";

const CLASS: Rule = Rule::Allowed(&["lettersdigits", "letters", "lowercase", "uppercase", "digits", "hexdigits", "octdigits"]);

const PROPERTIES: &[Property] = &[
    Property::integer("length").default(Default::Integer(32)).rules(&[Rule::Range(Some(1), Some(512))]),
    Property::new(
        "character_classes",
        Type::List(&Type::Map(&[
            Property::string("class").rules(&[CLASS]),
            Property::integer("min").default(Default::Integer(1)),
        ])),
    ),
    Property::new(
        "character_sequences",
        Type::List(&Type::Map(&[Property::string("sequence").required(), Property::integer("min").default(Default::Integer(1))])),
    ),
    Property::string("salt"),
];

fn characters(class: &str) -> Vec<char> {
    let text = match class {
        "letters" => format!("{LOWER}{UPPER}"),
        "lowercase" => LOWER.to_owned(),
        "uppercase" => UPPER.to_owned(),
        "digits" => DIGITS.to_owned(),
        "hexdigits" => HEX.to_owned(),
        "octdigits" => OCTAL.to_owned(),
        _ => format!("{LOWER}{UPPER}{DIGITS}"),
    };
    text.chars().collect()
}

fn generate(properties: &Properties) -> String {
    let length = properties.get("length").and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok()).unwrap_or(32);
    let mut sets: Vec<(Vec<char>, u64)> = Vec::new();
    for (list, key) in [("character_classes", "class"), ("character_sequences", "sequence")] {
        for entry in properties.get(list).and_then(Value::as_array).into_iter().flatten() {
            let name = entry.get(key).and_then(Value::as_str).unwrap_or_default();
            let set = if key == "class" { characters(name) } else { name.chars().collect() };
            sets.push((set, entry.get("min").and_then(Value::as_u64).unwrap_or(1)));
        }
    }
    if sets.is_empty() {
        sets.push((characters("lettersdigits"), 1));
    }
    let mut random = rand::rng();
    let mut pick = |set: &[char]| if set.is_empty() { None } else { set.get(random.random_range(0..set.len())).copied() };
    let mut chosen: Vec<char> = Vec::with_capacity(length);
    for (set, min) in &sets {
        for _ in 0..*min {
            chosen.extend(pick(set));
        }
    }
    let all: Vec<char> = sets.into_iter().flat_map(|(set, _)| set).collect();
    while chosen.len() < length {
        match pick(&all) {
            Some(character) => chosen.push(character),
            None => break,
        }
    }
    chosen.truncate(length);
    for at in (1..chosen.len()).rev() {
        chosen.swap(at, random.random_range(0..=at));
    }
    chosen.into_iter().collect()
}

#[async_trait]
impl Plugin for RandomString {
    fn name(&self) -> &'static str {
        "OS::Heat::RandomString"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["value"]
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let value = generate(properties);
        cx.set_data("value", json!(value));
        cx.set_physical_id(&cx.physical_name());
        Ok(())
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        Ok((name == "value" || name == "show").then(|| cx.data("value").unwrap_or_default()))
    }

    async fn reference(&self, cx: &Context) -> Result<Value, Failure> {
        Ok(cx.data("value").unwrap_or_default())
    }
}
