//! Definitions that mean the same are the same, however they are written; and what is hostile ends.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

use jeroboam_model::driver::{StackDefinition, Value, Verdict};
use jeroboam_planner::compare;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

/// A template with what parameters it declares, all of them text.
#[derive(Clone, Debug)]
struct Template {
    json: Json,
    given: Vec<(String, String)>,
}

const PARAMETERS: [&str; 3] = ["a", "b", "c"];
const TYPES: [(&str, &[&str]); 5] = [
    ("OS::Nova::Server", &["flavor", "image", "scheduler_hints", "metadata", "user_data"]),
    ("OS::Neutron::Port", &["network", "security_groups", "fixed_ips"]),
    ("OS::Heat::SoftwareConfig", &["config"]),
    ("OS::Cinder::Volume", &["volume_type", "availability_zone"]),
    ("Site::Thing", &["what"]),
];
const NAMES: [&str; 4] = ["r0", "r1", "r2", "r3"];

/// Words that look like other things when they are not quoted.
fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        "[a-z #:{}'\"\\\\\\n-]{0,12}".prop_map(Json::String),
        prop::sample::select(vec!["true", "null", "~", "1", "1.0", "0x1", "2001-01-01", "", "- a", "a: b", "*x", "&x", "!t"])
            .prop_map(|word| json!(word)),
        any::<i32>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
        Just(Json::Null),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        4 => scalar(),
        2 => prop::sample::select(&PARAMETERS[..]).prop_map(|name| json!({"get_param": name})),
        1 => prop::sample::select(&NAMES[..]).prop_map(|name| json!({"get_resource": name})),
        1 => prop::sample::select(&NAMES[..]).prop_map(|name| json!({"get_attr": [name, "first_address"]})),
        1 => Just(json!({"get_file": "script"})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
            prop::collection::btree_map("[k-n]{1,2}", inner.clone(), 0..3).prop_map(|map| json!(map)),
            (inner.clone(), inner).prop_map(|(then, otherwise)| json!({"if": ["chosen", then, otherwise]})),
        ]
    })
}

fn resource() -> impl Strategy<Value = Json> {
    prop::sample::select(&TYPES[..]).prop_flat_map(|(kind, properties)| {
        prop::collection::btree_map(prop::sample::select(properties), value(), 0..3)
            .prop_map(move |properties| json!({"type": kind, "properties": properties}))
    })
}

fn template() -> impl Strategy<Value = Template> {
    let resources = prop::collection::btree_map(prop::sample::select(&NAMES[..]), resource(), 1..4);
    let defaults = prop::collection::vec("[xyz]{1,2}", 3);
    let given = prop::collection::btree_map(prop::sample::select(&PARAMETERS[..]), "[xyz]{1,2}", 0..3);
    (resources, defaults, given, value()).prop_map(|(resources, defaults, given, output)| {
        let declared: Map<String, Json> = PARAMETERS
            .iter()
            .zip(defaults)
            .map(|(name, default)| {
                ((*name).to_owned(), json!({"type": "string", "default": default, "description": "What for."}))
            })
            .collect();
        let json = json!({
            "heat_template_version": "wallaby",
            "description": "Any.",
            "parameters": declared,
            "conditions": {"chosen": {"equals": [{"get_param": "a"}, "x"]}},
            "resources": resources,
            "outputs": {"out": {"value": output}},
        });
        Template { json, given: given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    })
}

fn definition(template: String, given: &[(String, String)]) -> StackDefinition {
    StackDefinition {
        template: template.into(),
        files: vec![("script".into(), "#!/bin/sh\n".into())],
        environment: "".into(),
        parameters: given.iter().map(|(name, value)| (name.clone(), Value::Text(value.clone()))).collect(),
    }
}

/// The same with the keys of every mapping the other way round.
fn reversed(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(reversed).collect()),
        Json::Object(fields) => Json::Object(fields.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect()),
        other => other.clone(),
    }
}

fn as_written(template: &Template) -> StackDefinition {
    definition(template.json.to_string(), &template.given)
}

/// In block style, in another order, with comments, with another description, beside a file that nobody reads.
fn rewritten(template: &Template) -> StackDefinition {
    let mut json = reversed(&template.json);
    json["description"] = json!("Some.");
    json["parameters"]["a"]["description"] = json!("Why.");
    let text = serde_yaml_ng::to_string(&json).unwrap();
    let mut given = template.given.clone();
    given.reverse();
    let mut definition = definition(format!("# As before.\n{text}\n# The end.\n"), &given);
    definition.files.push(("notes".into(), "nothing".into()));
    definition.environment = "{}".into();
    definition
}

fn is_same(verdict: &Verdict) -> bool {
    *verdict == Verdict::Same
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_definition_is_the_same_however_it_is_written(template in template()) {
        let (one, other) = (as_written(&template), rewritten(&template));
        prop_assert_eq!(compare(&one, &other), Verdict::Same);
        prop_assert_eq!(compare(&other, &one), Verdict::Same);
    }

    #[test]
    fn whether_anything_changes_is_the_same_both_ways_and_however_it_is_written(one in template(), other in template()) {
        let verdict = compare(&as_written(&one), &as_written(&other));
        prop_assert_eq!(is_same(&verdict), is_same(&compare(&as_written(&other), &as_written(&one))));
        prop_assert_eq!(&verdict, &compare(&rewritten(&one), &rewritten(&other)));
        prop_assert_eq!(&verdict, &compare(&as_written(&one), &as_written(&other)), "asked again");
    }

    #[test]
    fn a_script_counts_byte_for_byte(template in template()) {
        let (one, mut other) = (as_written(&template), as_written(&template));
        other.files[0].1 = format!("{} ", other.files[0].1).into();
        let read = |json: &Json| json.to_string().contains("get_file");
        if !read(&template.json) {
            prop_assert_eq!(compare(&one, &other), Verdict::Same);
        }
    }

    #[test]
    fn no_text_makes_it_fall_over(template in "[ -~\\n]{0,200}", environment in "[ -~\\n]{0,40}") {
        let one = StackDefinition { environment: environment.into(), ..definition(template, &[]) };
        let other = definition(json!({"heat_template_version": "wallaby"}).to_string(), &[]);
        compare(&one, &other);
        prop_assert_eq!(compare(&one, &one.clone()), Verdict::Same);
    }
}

fn with_files(template: &str, files: &[(&str, &str)]) -> StackDefinition {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).into())).collect();
    StackDefinition { files, ..definition(template.to_owned(), &[]) }
}

fn replaced(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Replaces { resources, .. } => resources.join("\n"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_template_that_uses_itself_is_given_up_with_the_reason() {
    let own = "{heat_template_version: wallaby, resources: {again: {type: own.yaml}}}";
    let (one, other) = (with_files(own, &[("own.yaml", own)]), with_files(own, &[("own.yaml", &format!("{own} # other"))]));
    assert!(replaced(&compare(&one, &other)).contains("nested deeper than"), "{:?}", compare(&one, &other));
}

#[test]
fn templates_that_multiply_are_given_up_with_the_reason() {
    let level = |next: &str| {
        let resources: Vec<String> = (0..40).map(|number| format!("r{number}: {{type: {next}}}")).collect();
        format!("{{heat_template_version: wallaby, resources: {{{}}}}}", resources.join(", "))
    };
    let names = ["a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml"];
    let mut files: Vec<(&str, String)> = names.windows(2).map(|pair| (pair[0], level(pair[1]))).collect();
    files.push(("e.yaml", level("OS::Heat::None")));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (one, other) = (with_files(&level("a.yaml"), &files), with_files(&format!("{} ", level("a.yaml")), &files));
    assert!(replaced(&compare(&one, &other)).contains("more in it than can be compared"));
}

#[test]
fn a_secret_or_hidden_value_is_never_shown() {
    let template = "
heat_template_version: wallaby
parameters: {password: {type: string, hidden: true}, key: {type: string, hidden: true, default: none}}
resources:
  config: {type: OS::Heat::SoftwareConfig, properties: {config: {list_join: ['', [{get_param: password}, {get_param: key}]]}}}
";
    let with = |key: &str| {
        let mut definition = definition(template.into(), &[("key".into(), key.into())]);
        definition.parameters.push(("password".into(), Value::Secret(jeroboam_model::driver::SecretName::TrusteePassword)));
        definition
    };
    let verdict = compare(&with("old-hidden-words"), &with("new-hidden-words"));
    assert!(matches!(verdict, Verdict::InPlace { .. }), "{verdict:?}");
    assert!(!format!("{verdict:?}").contains("hidden-words"), "{verdict:?}");
}

/// Two nested stacks, the inner one with a script; beside it one whose path begins alike.
fn nested(root: &str, inner: &str, script: &str, other_script: &str) -> StackDefinition {
    let root = format!(
        "{{heat_template_version: wallaby, parameters: {{size: {{type: string, default: {root}}}}}, resources: {{
           a: {{type: outer.yaml, properties: {{name: one}}}}, a-b: {{type: outer.yaml, properties: {{name: two}}}},
           z: {{type: other.yaml, properties: {{size: {{get_param: size}}}}}}}}}}"
    );
    let outer = "{heat_template_version: wallaby, parameters: {name: {type: string}},
                  resources: {b: {type: inner.yaml, properties: {name: {get_param: name}}}}}";
    let inner = format!(
        "{{heat_template_version: wallaby, parameters: {{name: {{type: string}}}}, resources: {{
           n: {{type: OS::Heat::SoftwareConfig, properties: {{inputs: {{get_param: name}}, options: {inner}, config: {{get_file: s}}}}}}}}}}"
    );
    let other = "{heat_template_version: wallaby, parameters: {size: {type: string}}, resources: {
                   n: {type: OS::Heat::SoftwareConfig, properties: {options: {get_param: size}, config: {get_file: t}}}}}";
    let files = [("outer.yaml", outer), ("inner.yaml", &inner), ("other.yaml", other), ("s", script), ("t", other_script)];
    with_files(&root, &files)
}

/// Where the changes are.
fn changed(one: &StackDefinition, other: &StackDefinition) -> Vec<String> {
    match compare(one, other) {
        Verdict::Same => Vec::new(),
        Verdict::InPlace { changes } => changes.into_iter().map(|change| change.path).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_nested_stacks_have_in_common_hides_no_change_in_them() {
    let base = nested("small", "1", "script", "other script");
    assert_eq!(changed(&base, &nested(" small", "1", "script", "other script")), [""; 0]);
    let all = [
        (nested("large", "1", "script", "other script"), vec!["parameters/size", "resources/z/n/properties/options"]),
        (
            nested("small", "2", "script", "other script"),
            vec!["resources/a-b/b/n/properties/options", "resources/a/b/n/properties/options"],
        ),
        (
            nested("small", "1", "new", "other script"),
            vec!["resources/a-b/b/n/properties/config", "resources/a/b/n/properties/config"],
        ),
        (nested("small", "1", "script", "new"), vec!["resources/z/n/properties/config"]),
    ];
    for (other, paths) in &all {
        assert_eq!(changed(&base, other), *paths);
        assert_eq!(changed(other, &base), *paths);
        assert_eq!(changed(other, &other.clone()), [""; 0]);
    }
}

#[test]
fn what_nested_stacks_have_in_common_hides_no_change_of_the_environment() {
    let root = "{heat_template_version: wallaby, resources: {a: {type: outer.yaml}}}";
    let outer = "{heat_template_version: wallaby, resources: {b: {type: inner.yaml}}}";
    let inner = "{heat_template_version: wallaby, parameters: {level: {type: string}}, resources: {
                   n: {type: OS::Heat::SoftwareConfig, properties: {options: {get_param: level}}}}}";
    let with = |level: &str| {
        let environment = format!("parameter_defaults: {{level: {level}}}").into();
        StackDefinition { environment, ..with_files(root, &[("outer.yaml", outer), ("inner.yaml", inner)]) }
    };
    assert_eq!(changed(&with("low"), &with("high")), ["resources/a/b/n/properties/options"]);
    assert_eq!(changed(&with("low"), &with("'low'")), [""; 0]);
}

/// A template with a property that is written so.
fn with_property(written: &str) -> StackDefinition {
    let template =
        format!("{{heat_template_version: wallaby, resources: {{x: {{type: Site::Thing, properties: {{what: {written}}}}}}}}}");
    definition(template, &[])
}

#[test]
fn what_yaml_1_1_does_not_take_for_a_text_is_another_one_when_it_is_quoted() {
    let others = [
        "yes",
        "No",
        "on",
        "OFF",
        "true",
        "~",
        "null",
        "0755",
        "1_000",
        "12:30",
        "1.5",
        ".inf",
        "-.Inf",
        ".nan",
        "0x1F",
        "0b11",
        "1.",
        "685_230.15",
        "190:20:30.15",
        "0",
        "99999999999999999999",
    ];
    for plain in others {
        for quoted in [format!("'{plain}'"), format!("\"{plain}\"")] {
            let (one, other) = (with_property(plain), with_property(&quoted));
            assert!(!is_same(&compare(&one, &other)) && !is_same(&compare(&other, &one)), "{plain} and {quoted}");
        }
        assert!(is_same(&compare(&with_property(plain), &with_property(&format!("   {plain}")))), "{plain} is itself");
    }
}

#[test]
fn what_yaml_1_1_takes_for_a_text_is_the_same_when_it_is_quoted() {
    for plain in [
        "y",
        "none",
        "1e3",
        "0o17",
        "08",
        "+.5",
        "12:75",
        "2001-01-01",
        "8.8.8.8",
        "10.0.0.0/24",
        "v1.2",
        "m1.small",
        "!!str yes",
    ] {
        let quoted = format!("'{}'", plain.trim_start_matches("!!str "));
        assert_eq!(compare(&with_property(plain), &with_property(&quoted)), Verdict::Same, "{plain}");
    }
}

#[test]
fn values_are_the_same_in_all_of_their_forms() {
    let same =
        [("0755", "493"), ("1_000", "1000"), ("12:30", "750"), ("yes", "True"), ("Off", "false"), ("~", "null"), ("0x1f", "31")];
    for (one, other) in same {
        assert_eq!(compare(&with_property(one), &with_property(other)), Verdict::Same, "{one} and {other}");
    }
    for (one, other) in [("0755", "755"), ("0o17", "15"), ("1e3", "1000"), ("99999999999999999998", "99999999999999999999")] {
        assert!(!is_same(&compare(&with_property(one), &with_property(other))), "{one} and {other}");
    }
}

#[test]
fn aliases_that_multiply_are_given_up_with_the_reason() {
    let bomb = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1));
    let (one, other) = (definition(bomb.clone(), &[]), definition(format!("{bomb} "), &[]));
    assert!(replaced(&compare(&one, &other)).contains("too large with its aliases"), "{:?}", compare(&one, &other));
    let held = format!("a: {}'{}'{}", "&a [".repeat(100), "x".repeat(200_000), "]".repeat(100));
    let verdict = compare(&definition(held.clone(), &[]), &definition(format!("{held} "), &[]));
    assert!(replaced(&verdict).contains("its anchors"), "{verdict:?}");
    let deep = "[".repeat(1 << 16);
    assert!(
        replaced(&compare(&definition(deep.clone(), &[]), &definition(format!("{deep} "), &[])))
            .contains("neither YAML nor JSON")
    );
}

#[test]
fn a_file_that_something_unknown_may_use_counts() {
    let template = "{heat_template_version: wallaby, resources: {x: {type: Site::Thing, properties: {script: helper.sh}}}}";
    let (one, other) = (with_files(template, &[("helper.sh", "1")]), with_files(template, &[("helper.sh", "2")]));
    assert!(replaced(&compare(&one, &other)).starts_with("files/helper.sh"));
}
