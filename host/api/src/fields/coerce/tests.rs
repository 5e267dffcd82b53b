use super::*;
use proptest::prelude::*;
use serde_json::json;

/// One slot of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    text: Given<String>,
    integer: Given<u32>,
    boolean: Given<bool>,
    pairs: Given<BTreeMap<String, String>>,
    list: Given<Vec<String>>,
    nameservers: Given<Vec<Ipv4Addr>>,
    coe: Given<jeroboam_model::Coe>,
}

const TEXT: Slot<Draft> = Slot::text(1, 5, |d| &mut d.text);
const NAME: Slot<Draft> = Slot::Text { min: 1, max: 242, rule: TextRule::ClusterName, at: |d| &mut d.text };
const UUID: Slot<Draft> = Slot::Text { min: 1, max: 64, rule: TextRule::Uuid, at: |d| &mut d.text };
const INTEGER: Slot<Draft> = Slot::integer(1, 100, |d| &mut d.integer);
const BOOLEAN: Slot<Draft> = Slot::boolean(|d| &mut d.boolean);
const PAIRS: Slot<Draft> = Slot::pairs(|d| &mut d.pairs);
const LIST: Slot<Draft> = Slot::List { at: |d| &mut d.list };
const NAMESERVERS: Slot<Draft> = Slot::Nameservers { at: |d| &mut d.nameservers };
const COE: Slot<Draft> = Slot::choice(|d| &mut d.coe);
const ALL: [Slot<Draft>; 9] = [TEXT, NAME, UUID, INTEGER, BOOLEAN, PAIRS, LIST, NAMESERVERS, COE];

fn body(slot: Slot<Draft>, value: Value) -> Result<Draft, String> {
    let mut draft = Draft::default();
    put("field", slot, &value, &mut draft).map(|()| draft).map_err(|error| error.to_string())
}

fn patched(slot: Slot<Draft>, value: Value) -> Result<Draft, String> {
    let mut draft = Draft::default();
    put_patched("field", slot, &value, &mut draft).map(|()| draft).map_err(|error| error.to_string())
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Given<BTreeMap<String, String>> {
    Given::Value(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

#[test]
fn integers_come_as_numbers_booleans_and_text() {
    for (value, number) in [(json!(7), 7), (json!(7.9), 7), (json!(true), 1), (json!("7"), 7), (json!(" 7 "), 7)] {
        assert_eq!(body(INTEGER, value.clone()).unwrap().integer, Given::Value(number), "{value}");
    }
    for value in [json!("x"), json!(""), json!([1]), json!({}), json!(null), json!("7.5")] {
        assert!(body(INTEGER, value.clone()).unwrap_err().contains("Value should be an integer"), "{value}");
    }
    assert!(body(INTEGER, json!(0)).unwrap_err().contains("greater or equal to 1"));
    assert!(body(INTEGER, json!(-1)).unwrap_err().contains("Value: '-1'. Value should be greater or equal to 1."));
    for value in [json!(101), json!(1e300), json!(u64::MAX)] {
        assert!(body(INTEGER, value.clone()).unwrap_err().contains("lower or equal to 100"), "{value}");
    }
}

#[test]
fn booleans_come_in_every_word_that_oslo_knows() {
    for value in [json!(true), json!(1), json!("True"), json!("yes"), json!("ON"), json!("t"), json!("1")] {
        assert_eq!(body(BOOLEAN, value.clone()).unwrap().boolean, Given::Value(true), "{value}");
    }
    for value in [json!(false), json!(0), json!("False"), json!("no"), json!("off"), json!("F"), json!("0")] {
        assert_eq!(body(BOOLEAN, value.clone()).unwrap().boolean, Given::Value(false), "{value}");
    }
    for value in [json!("maybe"), json!(2), json!(0.5), json!([])] {
        assert!(body(BOOLEAN, value.clone()).is_err(), "{value}");
    }
}

#[test]
fn text_is_text_and_has_its_length() {
    assert_eq!(body(TEXT, json!("äöüßé")).unwrap().text, Given::Value("äöüßé".to_owned()));
    assert!(body(TEXT, json!("")).unwrap_err().contains("minimum character requirement of 1"));
    assert!(body(TEXT, json!("sixsix")).unwrap_err().contains("maximum character requirement of 5"));
    assert!(body(TEXT, json!("a\0b")).is_err());
    assert!(body(TEXT, json!(5)).unwrap_err().contains("Value should be string"));
    assert!(body(NAME, json!("a b")).unwrap_err().contains("should match the pattern"));
    assert!(body(UUID, json!("x")).unwrap_err().contains("should be a UUID"));
    let uuid = body(UUID, json!("A9A5E0B6F1BA4F3F9B7D0B3D0F6C1E11")).unwrap().text;
    assert_eq!(uuid, Given::Value("a9a5e0b6-f1ba-4f3f-9b7d-0b3d0f6c1e11".to_owned()));
}

#[test]
fn labels_become_text_as_python_prints_it() {
    let labels = json!({"a": "x", "b": 2, "c": 1.5, "d": true, "e": false});
    let expected = pairs([("a", "x"), ("b", "2"), ("c", "1.5"), ("d", "True"), ("e", "False")]);
    assert_eq!(body(PAIRS, labels).unwrap().pairs, expected);
    for value in [json!({"a": null}), json!({"a": {}}), json!({"a": []}), json!({"": "x"}), json!("{'a': 'b'}"), json!([])] {
        assert!(body(PAIRS, value.clone()).is_err(), "{value}");
    }
}

#[test]
fn patches_bring_labels_as_python_text() {
    assert_eq!(patched(PAIRS, json!("{'a': 'b', 'n': 1}")).unwrap().pairs, pairs([("a", "b"), ("n", "1")]));
    assert_eq!(patched(PAIRS, json!(r#"{"a": "b"}"#)).unwrap().pairs, pairs([("a", "b")]));
    for text in ["a=b", "['a']", "{'a': None}", "{'a': {}}", "{1: ", ""] {
        assert!(patched(PAIRS, json!(text)).is_err(), "{text}");
    }
}

#[test]
fn choices_are_among_those_there_are() {
    assert_eq!(body(COE, json!("swarm-mode")).unwrap().coe, Given::Value(jeroboam_model::Coe::SwarmMode));
    let error = body(COE, json!("dcos")).unwrap_err();
    assert!(error.contains("Value should be one of: kubernetes, swarm-mode, swarm, mesos"), "{error}");
}

#[test]
fn nameservers_stand_between_commas() {
    let addresses = vec![Ipv4Addr::new(8, 8, 8, 8), Ipv4Addr::new(1, 1, 1, 1)];
    assert_eq!(body(NAMESERVERS, json!("8.8.8.8, 1.1.1.1")).unwrap().nameservers, Given::Value(addresses));
    for text in ["", "::1", "dns.example", "8.8.8.8,", "8.8.8"] {
        assert!(body(NAMESERVERS, json!(text)).is_err(), "{text}");
    }
}

#[test]
fn errors_repeat_a_clients_text_only_in_part() {
    let error = body(NAME, json!(format!("1{}\n", "x".repeat(200)))).unwrap_err();
    assert!(error.chars().count() < 300 && !error.contains('\n'), "{error}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(".{0,4}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_makes_any_slot_panic(value in any_json()) {
        for slot in ALL {
            _ = body(slot, value.clone());
            _ = patched(slot, value.clone());
        }
    }
}
