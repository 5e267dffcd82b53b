use std::sync::Arc;

use jeroboam_model::driver::{SecretName, Text, Value};

use super::{references::REFUSED_TYPES, *};

fn definition(template: &str) -> StackDefinition {
    StackDefinition { template: template.into(), files: vec![], environment: "".into(), parameters: vec![] }
}

fn with_files(template: &str, files: &[(&str, &str)]) -> StackDefinition {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).into())).collect();
    StackDefinition { files, ..definition(template) }
}

fn with_secret(template: &str, secret: SecretName) -> StackDefinition {
    StackDefinition { parameters: vec![("p".into(), Value::Secret(secret))], ..definition(template) }
}

#[test]
fn a_template_may_name_its_own_files() {
    let template = "
resources:
  nodes:
    type: OS::Heat::ResourceGroup
    properties:
      resource_def: {type: worker.yaml, properties: {user_data: {get_file: worker.ign}}}
  monitor: {type: OS::Octavia::HealthMonitor, properties: {type: TCP}}
parameters:
  name: {type: string}
";
    assert_eq!(check_definition(&with_files(template, &[("worker.yaml", "resources: {}"), ("worker.ign", "{}")])), Ok(()));
}

#[test]
fn nothing_is_fetched_from_outside() {
    for template in [
        "resources: {a: {type: 'http://192.0.2.1/a.yaml'}}",
        "resources: {a: {type: \"http:\\x2f\\x2f192.0.2.1/a.yaml\"}}",
        "resources: {a: {type: 'file:///etc/passwd'}}",
        "resources: {a: {type: !!str 'http://192.0.2.1/a'}}",
        "resources: {a: {!!str type: 'http://192.0.2.1/a'}}",
        "resources: {a: {? type : 'http://192.0.2.1/a'}}",
        "resources: {a: {type: !local 'http://192.0.2.1/a'}}",
        "resources:\n  a:\n    type: >-\n      http://192.0.2.1/a.yaml\n",
        "resources: {a: {type: OS::Heat::ResourceGroup, properties: {resource_def: {type: 'https://192.0.2.1/x'}}}}",
        "resources: {a: {type: OS::Heat::AutoScalingGroup, properties: {resource: {type: 'https://192.0.2.1/x'}}}}",
        "resources: {a: {type: OS::Heat::ResourceChain, properties: {resources: [OS::Heat::None, 'http://192.0.2.1/a.yaml']}}}",
        "resources: {a: {properties: {config: {get_file: 'http://192.0.2.1/a'}}}}",
        "resources: {a: {properties: {config: [{str_replace: {template: {get_file: 'http://192.0.2.1/a'}}}]}}}",
        "conditions: {c: {equals: [{get_file: 'http://192.0.2.1/a'}, x]}}",
        "x: &x {type: 'http://192.0.2.1/a'}\nresources: {a: {<<: *x}}",
        "x: &x 'http://192.0.2.1/a'\nresources: {a: {type: *x}}",
        "x: &x {type: 'http://192.0.2.1/a'}\nresources: {a: {? !!merge m : *x}}",
        r#"{"resources": {"a": {"type": "http://192.0.2.1/a"}}}"#,
        r#"{"resources": {"a": {"type": "\u0068ttp:\/\/192.0.2.1\/a"}}}"#,
    ] {
        let checked = check_definition(&definition(template));
        assert!(matches!(checked, Err(DefinitionError::Outside { .. })), "{template}: {checked:?}");
    }
}

#[test]
fn a_url_is_not_taken_for_a_file_that_was_sent_along() {
    let url = "http://192.0.2.1/a.yaml";
    let template = format!("resources: {{a: {{type: '{url}'}}}}");
    let sent = check_definition(&with_files(&template, &[(url, "resources: {}")]));
    assert!(matches!(sent, Err(DefinitionError::Outside { .. })));
}

#[test]
fn an_empty_file_is_one_that_heat_would_fetch() {
    for text in ["", " \n"] {
        let empty = check_definition(&with_files("resources: {a: {type: a.yaml}}", &[("a.yaml", text)]));
        assert!(matches!(empty, Err(DefinitionError::Empty { .. })));
    }
}

#[test]
fn what_a_nested_template_is_made_of_is_not_computed() {
    for properties in [
        "{resource_def: {type: {get_param: t}}}",
        "{resource_def: {type: {list_join: ['', ['http:', '//192.0.2.1/a.yaml']]}}}",
        "{resource_def: {get_param: d}}",
        "{resource_def: {if: [c, {type: a.yaml}, {get_param: d}]}}",
        "{resource_def: {type: OS::Heat::ResourceGroup, properties: {get_param: p}}}",
        "{resource: {get_attr: [v, value]}}",
        "{resources: {get_param: list}}",
        "{resources: [{str_replace: {template: t, params: {}}}]}",
        "{get_param: p}",
        "{map_merge: [{}, {get_param: p}]}",
        "{Fn::Select: [a, {}]}",
    ] {
        let template = format!("resources: {{a: {{type: OS::Heat::ResourceGroup, properties: {properties}}}}}");
        let checked = check_definition(&definition(&template));
        assert!(matches!(checked, Err(DefinitionError::Computed { .. })), "{properties}: {checked:?}");
    }
    let usual = "resources: {a: {type: X, properties: {resource: {get_resource: b}, name: {get_param: p}}, metadata: {resources: [{a: b}]}}}";
    assert!(matches!(check_definition(&definition(usual)), Err(DefinitionError::Computed { .. })), "a resource that is computed");
    let usual =
        "resources: {a: {type: X, properties: {resource: b, name: {get_param: p}}, metadata: {resources: [{a: b, c: d}]}}}";
    assert_eq!(check_definition(&definition(usual)), Ok(()));
}

#[test]
fn what_a_parser_could_read_in_two_ways_is_refused() {
    for template in [
        "resources: {a: {type: OS::Heat::None, type: 'http://192.0.2.1/a'}}",
        "resources: {a: {type: 'http://192.0.2.1/a', type: OS::Heat::None}}",
        "resources: {}\n---\nresources: {a: {type: 'http://192.0.2.1/a'}}",
        "resources: {a: {<<: 'http://192.0.2.1/a'}}",
    ] {
        let checked = check_definition(&definition(template));
        assert!(matches!(checked, Err(DefinitionError::Syntax { .. })), "{template}: {checked:?}");
    }
}

#[test]
fn a_nested_template_is_held_to_the_same() {
    let hidden = with_files(
        "resources: {a: {type: a.yaml}}",
        &[("a.yaml", "resources: {b: {type: b.yaml}}"), ("b.yaml", "resources: {c: {type: 'http://192.0.2.1/'}}")],
    );
    let Err(DefinitionError::Outside { place, .. }) = check_definition(&hidden) else { panic!("it was not found") };
    assert_eq!(place, "files/b.yaml");

    let circle = with_files("resources: {a: {type: a.yaml}}", &[("a.yaml", "resources: {a: {type: a.yaml}}")]);
    assert_eq!(check_definition(&circle), Ok(()), "Heat refuses this by itself");
}

#[test]
fn a_file_that_is_not_there_is_missed() {
    let missing = check_definition(&definition("resources: {a: {type: a.yaml}}"));
    assert!(matches!(missing, Err(DefinitionError::Missing { .. })));
}

#[test]
fn types_that_carry_templates_of_their_own_are_refused() {
    for name in REFUSED_TYPES {
        let refused = check_definition(&definition(&format!("resources: {{a: {{type: '{name}'}}}}")));
        assert!(matches!(refused, Err(DefinitionError::RefusedType { .. })), "{name}");
    }
}

#[test]
fn an_environment_cannot_map_a_type_to_a_url() {
    for registry in [
        "OS::Nova::Server: 'http://192.0.2.1/a.yaml'",
        "resources: {a: {X: 'http://192.0.2.1/a'}}",
        "base_url: 'http://192.0.2.1/'",
        "'http://192.0.2.1/a.yaml': OS::Heat::None",
        "{A: &u 'http://192.0.2.1/a.yaml'}",
    ] {
        let environment = format!("resource_registry:\n  {registry}\n").into();
        let bad = StackDefinition { environment, ..definition("resources: {}") };
        assert!(matches!(check_definition(&bad), Err(DefinitionError::Outside { .. })), "{registry}");
    }
    for (registry, files) in
        [("'X::*': 'OS::Heat::*'", vec![]), ("'X*': 'http:*'", vec![("X//192.0.2.1/a.yaml".to_owned(), "resources: {}".into())])]
    {
        let environment = format!("resource_registry: {{{registry}}}").into();
        let bad = StackDefinition { environment, files, ..definition("resources: {}") };
        assert!(matches!(check_definition(&bad), Err(DefinitionError::Wildcard { .. })), "{registry}");
    }
    let good = StackDefinition { environment: "resource_registry: {A: OS::Heat::None}".into(), ..definition("resources: {}") };
    assert_eq!(check_definition(&good), Ok(()));
}

#[test]
fn a_parameter_that_gets_a_secret_is_hidden() {
    let hidden = "parameters: {p: {type: string, hidden: true}}";
    let shown = "parameters: {p: {type: string}}";
    assert_eq!(check_definition(&with_secret(hidden, SecretName::TrusteePassword)), Ok(()));
    for secret in
        [SecretName::TrusteePassword, SecretName::TrustId, SecretName::ServiceAccountPrivateKey, SecretName::CaPrivateKey]
    {
        assert_eq!(check_definition(&with_secret(shown, secret)), Err(DefinitionError::Visible("p".into())));
    }
    assert_eq!(check_definition(&with_secret(shown, SecretName::TrusteeUserId)), Ok(()));
}

#[test]
fn an_output_shows_no_secret() {
    for value in ["{get_param: p}", "{list_join: ['', [a, {get_param: [p, 0]}]]}"] {
        let template = format!("parameters: {{p: {{type: string, hidden: true}}}}\noutputs: {{o: {{value: {value}}}}}");
        let shown = check_definition(&with_secret(&template, SecretName::TrusteePassword));
        assert!(matches!(shown, Err(DefinitionError::Output { .. })), "{value}");
    }
}

#[test]
fn what_is_no_yaml_or_too_much_is_refused() {
    assert!(matches!(check_definition(&definition("a: [")), Err(DefinitionError::Syntax { .. })));
    for deep in [
        "[".repeat(1 << 19),
        "{a: ".repeat(1 << 17),
        "- ".repeat(1 << 19),
        "? ".repeat(1 << 19),
        (0..700).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
    ] {
        let began = std::time::Instant::now();
        assert!(matches!(check_definition(&definition(&deep)), Err(DefinitionError::Syntax { .. })));
        eprintln!("{:?} {:?}", &deep[..8], began.elapsed());
    }
    assert!(matches!(check_definition(&definition(&" ".repeat(TEMPLATE_MAX + 1))), Err(DefinitionError::TooLarge { .. })));
    let bomb = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1));
    assert!(matches!(check_definition(&definition(&bomb)), Err(DefinitionError::Syntax { .. })));
    let files = (0..=FILES_MAX).map(|n| (n.to_string(), Text::default())).collect();
    assert!(matches!(check_definition(&StackDefinition { files, ..definition("{}") }), Err(DefinitionError::TooManyFiles(257))));
}

#[test]
fn what_was_found_right_is_not_taken_for_what_looks_like_it() {
    let checked = Checked::default();
    let shown = "parameters: {p: {type: string}}";
    assert_eq!(checked.check(&with_secret(shown, SecretName::TrusteeUserId)), Ok(()));
    assert_eq!(checked.check(&with_secret(shown, SecretName::TrusteeUserId)), Ok(()));
    assert!(checked.check(&with_secret(shown, SecretName::TrusteePassword)).is_err());
    assert!(checked.check(&definition("resources: {a: {type: a.yaml}}")).is_err());
}

#[test]
fn what_was_found_right_is_looked_at_once() {
    let template = "parameters: {b: {type: string, hidden: true}, a: {type: string, hidden: true}}";
    let with = |length: i64| {
        let secret = |name: SecretName| Value::Secret(name);
        let parameters = vec![
            ("b".to_owned(), secret(SecretName::TrusteePassword)),
            ("a".to_owned(), secret(SecretName::TrustId)),
            ("count".to_owned(), Value::Number(length)),
        ];
        StackDefinition { parameters, ..definition(template) }
    };
    let checked = Checked::default();
    for count in 0..3 {
        assert_eq!(checked.check(&with(count)), Ok(()));
    }
    assert_eq!(checked.with(|seen| seen.len()), 1);
}

#[test]
fn scripts_may_be_others_and_templates_may_not() {
    let template = "resources: {a: {type: a.yaml, properties: {user_data: {get_file: a.sh}}}}";
    let checked = Checked::default();
    let with = |nested: &str, script: &str| with_files(template, &[("a.yaml", nested), ("a.sh", script)]);
    for script in ["1", "2", "3"] {
        assert_eq!(checked.check(&with("resources: {}", script)), Ok(()));
    }
    assert_eq!(checked.with(|seen| seen.len()), 1);
    assert!(checked.check(&with("resources: {b: {type: b.yaml}}", "1")).is_err());
    // They may be others, and not be gone or be called otherwise.
    for files in [&[("a.yaml", "resources: {}")][..], &[("a.yaml", "resources: {}"), ("b.sh", "1")]] {
        assert!(checked.check(&with_files(template, files)).is_err());
    }
}

#[test]
fn a_text_that_comes_again_is_the_one_of_before() {
    let checked = Checked::default();
    let shared = |script: &str| {
        let mut definition = with_files("resources: {}", &[("a.sh", script)]);
        checked.share(&mut definition);
        definition.files.remove(0).1
    };
    let same = |one: &Text, other: &Text| Arc::ptr_eq(one.shared(), other.shared());
    let first = shared("1");
    assert!(same(&first, &shared("1")) && !same(&first, &shared("2")) && same(&first, &shared("1")));
    // However many there are.
    for number in 10..200 {
        let script = number.to_string().repeat(100_000);
        assert!(same(&shared(&script), &shared(&script)) && *shared(&script) == *script);
    }
}

#[test]
fn texts_that_are_many_or_long_are_not_kept_for_ever() {
    for (others, length) in [(20, 1), (10, 500_000)] {
        let checked = Checked::default();
        let kept = |script: String| {
            let mut definition = with_files("resources: {}", &[("a.sh", script.as_str())]);
            checked.share(&mut definition);
            definition.files.remove(0).1
        };
        let first = kept("first".to_owned());
        assert!(Arc::ptr_eq(first.shared(), kept("first".to_owned()).shared()), "it is kept");
        for number in 0..others {
            kept(number.to_string().repeat(length));
        }
        assert!(!Arc::ptr_eq(first.shared(), kept("first".to_owned()).shared()), "{others} of {length} bytes came since");
    }
}
