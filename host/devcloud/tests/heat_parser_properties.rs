//! Whatever is sent as a template or an environment: an answer or an error, never a panic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

use jeroboam_devcloud::heat::hot::{Environment, Template};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("get_param"),
        Just("get_attr"),
        Just("get_resource"),
        Just("get_file"),
        Just("str_replace"),
        Just("list_join"),
        Just("repeat"),
        Just("if"),
        Just("equals"),
        Just("template"),
        Just("params"),
        Just("for_each"),
        Just("type"),
        Just("properties"),
        Just("default"),
        Just("constraints"),
        Just("range"),
        Just("min"),
        Just("allowed_pattern"),
        Just("modulo"),
        Just("step"),
        Just("value"),
        Just("condition"),
        Just("str_split"),
        Just("digest"),
        Just("make_url"),
        Just("resource_registry"),
        Just("resources"),
        Just("*"),
        Just("(("),
        Just("a"),
    ]
    .prop_map(str::to_owned)
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((words(), inner), 0..5).prop_map(|entries| Value::Object(Map::from_iter(entries))),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        let _ = Template::parse(&json!(text));
        let _ = Environment::parse(&json!(text));
    }

    #[test]
    fn any_yaml_like_text_is_answered(text in "[ \\n:\\-\\[\\]{}&*!|>a-c0-2'\"#,]{0,120}") {
        let _ = Template::parse(&json!(format!("heat_template_version: wallaby\n{text}")));
        let _ = Environment::parse(&json!(text));
    }

    #[test]
    fn any_sections_are_answered(parameters in values(), resources in values(), outputs in values(), conditions in values()) {
        let _ = Template::parse(&json!({
            "heat_template_version": "wallaby", "parameters": parameters, "resources": resources, "outputs": outputs, "conditions": conditions,
        }));
    }

    #[test]
    fn any_property_is_answered_and_what_parses_parses_again(value in values()) {
        let template = json!({"heat_template_version": "wallaby", "resources": {"a": {"type": "T", "properties": {"p": value}}}});
        if let Ok(parsed) = Template::parse(&template) {
            let again = Template::parse(&parsed.source).expect("what was read once");
            prop_assert_eq!(&again.resources, &parsed.resources);
        }
    }

    #[test]
    fn any_environment_is_answered(value in values()) {
        if let Ok(environment) = Environment::parse(&value) {
            let _ = environment.resolve("OS::Any", "a");
        }
    }
}

#[test]
fn depth_and_aliases_are_bounded() {
    let deep = format!("heat_template_version: wallaby\nresources: {}1{}", "[".repeat(100), "]".repeat(100));
    assert!(Template::parse(&json!(deep)).is_err());
    let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (from, to) in ["ab", "bc", "cd", "de", "ef", "fg", "gh"].iter().map(|pair| pair.split_at(1)) {
        bomb += &format!("{to}: &{to} [{}]\n", vec![format!("*{from}"); 10].join(","));
    }
    assert!(Environment::parse(&json!(bomb)).is_err());
    assert!(Template::parse(&json!("x".repeat(600_000))).is_err());
}
