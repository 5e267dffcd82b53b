//! Parameters, environments and template sections: what is taken, and the words in which the rest is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

use jeroboam_devcloud::heat::{
    ErrorKind,
    engine::blueprint::{Blueprint, Request},
    hot::{Environment, Template},
};
use serde_json::{Map, Value, json};

fn blueprint(schema: Value, given: Value) -> Result<Blueprint, (ErrorKind, String)> {
    let given = given.as_object().cloned().unwrap_or_default();
    let template = json!({"heat_template_version": "2018-08-31", "parameters": {"p": schema}});
    let request = Request { template: Some(template), parameters: given, ..Request::default() };
    request.blueprint().map_err(|error| (error.kind, error.message))
}

fn value(schema: Value, given: Value) -> Result<Value, String> {
    let blueprint = blueprint(schema, json!({"p": given})).map_err(|(_, message)| message)?;
    Ok(blueprint.parameters.get("p").cloned().expect("the parameter"))
}

#[test]
fn values_are_read_by_their_type() {
    let cases = [
        ("string", json!(5), json!("5")),
        ("number", json!("5"), json!(5)),
        ("number", json!("1.5"), json!(1.5)),
        ("boolean", json!("off"), json!(false)),
        ("boolean", json!("True"), json!(true)),
        ("comma_delimited_list", json!("a, b"), json!(["a", "b"])),
        ("comma_delimited_list", json!([1, "b"]), json!(["1", "b"])),
        ("comma_delimited_list", json!(""), json!([])),
        ("json", json!("{\"a\": [1]}"), json!({"a": [1]})),
        ("json", json!([1, 2]), json!([1, 2])),
    ];
    for (ty, given, expected) in cases {
        assert_eq!(value(json!({"type": ty}), given.clone()), Ok(expected), "{ty} {given}");
    }
}

#[test]
fn values_that_do_not_fit_are_refused_by_name() {
    let constrained = |ty: &str, constraint: Value| json!({"type": ty, "constraints": [constraint]});
    let cases = [
        (json!({"type": "number"}), json!("five"), "could not convert string to float: 'five'"),
        (json!({"type": "boolean"}), json!("maybe"), "Unrecognized value 'maybe', acceptable values are"),
        (json!({"type": "json"}), json!("{"), "Value must be valid JSON"),
        (constrained("number", json!({"range": {"min": 1, "max": 4}})), json!(5), "5 is out of range (min: 1, max: 4)"),
        (constrained("number", json!({"range": {"min": 1}})), json!(0), "0 is out of range (min: 1, max: None)"),
        (
            constrained("number", json!({"modulo": {"step": 2, "offset": 1}})),
            json!(4),
            "4 is not a multiple of 2 with an offset of 1",
        ),
        (constrained("string", json!({"length": {"min": 2}})), json!("a"), "length (1) is out of range (min: 2, max: None)"),
        (constrained("string", json!({"allowed_values": ["a", "b"]})), json!("c"), "c is not an allowed value [a, b]"),
        (
            constrained("string", json!({"allowed_pattern": "^(?!devicemapper$).*"})),
            json!("devicemapper"),
            "\"devicemapper\" does not match pattern \"^(?!devicemapper$).*\"",
        ),
        (constrained("string", json!({"allowed_pattern": "[a-z]+"})), json!("abc1"), "does not match pattern"),
        (
            constrained("string", json!({"custom_constraint": "net_cidr"})),
            json!("10.0.0.0/33"),
            "Error validating value '10.0.0.0/33'",
        ),
        (constrained("comma_delimited_list", json!({"allowed_values": ["a"]})), json!("a,b"), "is not an allowed value [a]"),
    ];
    for (schema, given, part) in cases {
        let (kind, message) = blueprint(schema, json!({"p": given})).map(drop).expect_err(part);
        assert_eq!(kind, ErrorKind::StackValidationFailed, "{message}");
        assert!(message.starts_with("Parameter 'p' is invalid: ") && message.contains(part), "{message}");
    }
    assert_eq!(
        value(constrained("string", json!({"allowed_pattern": "^(?!devicemapper$).*"})), json!("overlay2")),
        Ok(json!("overlay2"))
    );
}

#[test]
fn parameters_are_neither_forgotten_nor_invented() {
    let string = json!({"type": "string"});
    assert_eq!(
        blueprint(string.clone(), json!({})).map(drop),
        Err((ErrorKind::UserParameterMissing, "The Parameter (p) was not provided.".to_owned()))
    );
    assert_eq!(
        blueprint(string, json!({"p": "x", "q": "y"})).map(drop),
        Err((ErrorKind::UnknownUserParameter, "The Parameter (q) was not defined in template.".to_owned()))
    );
}

#[test]
fn schemas_are_checked_too() {
    let cases = [
        (json!({}), "Missing parameter type for parameter: p"),
        (json!({"type": "text"}), "Invalid type (text)"),
        (json!({"type": "string", "size": 3}), "Invalid key 'size' for parameter (p)"),
        (json!({"type": "number", "default": "x"}), "Invalid default x"),
        (json!({"type": "string", "default": "ab", "constraints": [{"length": {"max": 1}}]}), "Invalid default ab"),
        (json!({"type": "string", "constraints": [{}]}), "No constraint expressed"),
        (json!({"type": "string", "constraints": {"length": 1}}), "expected a list"),
        (json!({"type": "number", "constraints": [{"range": {}}]}), "must have a min value and/or"),
        (json!({"type": "number", "constraints": [{"modulo": {"step": 0, "offset": 0}}]}), "step cannot be 0"),
    ];
    for (schema, part) in cases {
        let (kind, message) = blueprint(schema, json!({"p": "x"})).map(drop).expect_err(part);
        assert_eq!(kind, ErrorKind::InvalidSchema, "{message}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn hidden_values_are_masked() {
    let hidden = blueprint(json!({"type": "string", "hidden": true}), json!({"p": "secret"})).expect("a blueprint");
    assert_eq!(hidden.parameters.shown()["p"], "******");
}

#[test]
fn sections_and_keywords_are_known_or_refused() {
    let cases = [
        (json!({"resources": {}}), "heat_template_version"),
        (json!({"heat_template_version": "2012-01-01"}), "should be one of: 2013-05-23"),
        (json!({"heat_template_version": "wallaby", "resoures": {}}), "The template section is invalid: resoures"),
        (json!({"heat_template_version": "2016-04-08", "conditions": {}}), "The template section is invalid: conditions"),
        (
            json!({"heat_template_version": "wallaby", "resources": {"a": {"type": "T", "size": 1}}}),
            "\"size\" is not a valid keyword inside a resource definition",
        ),
        (json!({"heat_template_version": "wallaby", "resources": {"a": {}}}), "must contain a type key"),
        (
            json!({"heat_template_version": "wallaby", "resources": {"a": {"type": "T", "depends_on": "b"}}}),
            "The specified reference \"b\" (in a) is incorrect.",
        ),
        (
            json!({"heat_template_version": "wallaby", "outputs": {"o": {"value": {"get_attr": ["a", "b"]}}}}),
            "The specified reference \"a\" (in Outputs) is incorrect.",
        ),
        (json!({"heat_template_version": "wallaby", "outputs": {"o": {}}}), "must contain a value key"),
        (
            json!({"heat_template_version": "wallaby", "conditions": {"a": {"not": "b"}, "b": {"not": "a"}}}),
            "Circular definition for condition",
        ),
        (
            json!({"heat_template_version": "wallaby", "parameter_groups": [{"parameters": ["x"]}]}),
            "The grouped parameter x does not reference a valid parameter.",
        ),
        (json!([1]), "not a JSON object or YAML mapping"),
        (json!("a: [b"), "not valid YAML or JSON"),
    ];
    for (template, part) in cases {
        let error = Template::parse(&template).map(drop).expect_err(part);
        assert!(error.message.contains(part), "{}", error.message);
        assert_eq!(error.kind.status(), 400);
    }
    for name in ["2013-05-23", "2021-04-16", "wallaby", "queens"] {
        assert!(Template::parse(&json!(format!("heat_template_version: {name}\nresources: {{}}\n"))).is_ok(), "{name}");
    }
}

#[test]
fn registries_map_types_by_name_wildcard_and_resource() {
    let mut environment = Environment::parse(&json!({
        "resource_registry": {
            "OS::Alias": "OS::Heat::TestResource",
            "My::*": "Your::*",
            "Your::Thing": "thing.yaml",
            "resources": {"special*": {"OS::Alias": "OS::Heat::None"}},
        },
    }))
    .expect("an environment");
    assert_eq!(environment.resolve("OS::Alias", "plain"), "OS::Heat::TestResource");
    assert_eq!(environment.resolve("OS::Alias", "special_one"), "OS::Heat::None");
    assert_eq!(environment.resolve("My::Thing", "x"), "thing.yaml");
    assert_eq!(environment.resolve("OS::Other", "x"), "OS::Other");
    environment.merge(Environment::parse(&json!("resource_registry: {\"OS::Alias\": \"OS::Heat::Value\"}")).expect("a second"));
    assert_eq!(environment.resolve("OS::Alias", "plain"), "OS::Heat::Value");
    let kept = Environment::parse(&environment.to_value()).expect("what it shows can be read");
    assert_eq!(kept.resolve("My::Thing", "x"), "thing.yaml");
}

#[test]
fn environments_say_what_they_cannot_do() {
    for (environment, part) in [
        (json!({"parametres": {}}), "environment has wrong section \"parametres\""),
        (json!("- a"), "not a valid YAML mapping"),
        (json!({"resource_registry": {"resources": {"a": {"hooks": "pre-create"}}}}), "\"hooks\" of a is not supported"),
    ] {
        let error = Environment::parse(&environment).map(drop).expect_err(part);
        assert!(error.message.contains(part), "{}", error.message);
    }
}

#[test]
fn environment_files_are_laid_over_one_another_in_order() {
    let request = Request {
        template: Some(
            json!({"heat_template_version": "wallaby", "parameters": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}}}),
        ),
        files: [("one".to_owned(), "parameters: {a: 1, b: 1}".to_owned()), ("two".to_owned(), "parameters: {b: 2}".to_owned())]
            .into(),
        environment: json!({"parameter_defaults": {"c": "default", "unused": 1}}),
        environment_files: vec!["one".to_owned(), "two".to_owned()],
        parameters: Map::from_iter([("a".to_owned(), json!("own"))]),
        ..Request::default()
    };
    let blueprint = request.blueprint().expect("a blueprint");
    let shown = blueprint.parameters.shown();
    assert_eq!((&shown["a"], &shown["b"], &shown["c"]), (&json!("own"), &json!("2"), &json!("default")));
}
