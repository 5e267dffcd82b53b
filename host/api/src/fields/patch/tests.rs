use std::collections::BTreeMap;

use super::*;
use crate::fields::{Form, Given, Ignored};
use proptest::prelude::*;
use serde_json::json;

#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    name: Given<String>,
    image_id: Given<String>,
    node_count: Given<u32>,
    public: Given<bool>,
    labels: Given<BTreeMap<String, String>>,
}

enum Thing {}

impl Resource for Thing {
    type Shown = ();
    type Draft = Draft;
    const ARGUMENT: &'static str = "thing";
    const INTERNAL: &'static [&'static str] = &["trust_id"];
    const FIELDS: &'static [Field<Self>] = &[
        Field::new("uuid", |(), out| out.null()),
        Field::new("name", |(), out| out.null()).optional(Slot::text(1, 20, |d: &mut Draft| &mut d.name)),
        Field::new("image_id", |(), out| out.null()).mandatory(Slot::text(1, 20, |d: &mut Draft| &mut d.image_id)).unremovable(),
        Field::new("node_count", |(), out| out.null()).optional(Slot::integer(0, 100, |d: &mut Draft| &mut d.node_count)),
        Field::new("public", |(), out| out.null()).optional(Slot::boolean(|d: &mut Draft| &mut d.public)),
        Field::new("labels", |(), out| out.null()).optional(Slot::pairs(|d: &mut Draft| &mut d.labels)),
        Field::new("status", |(), out| out.null()).optional(Slot::Ignored(Ignored::Status)).from_form(Form::Whole),
    ];
}

fn before() -> Draft {
    Draft {
        name: Given::Null,
        image_id: Given::Value("image".to_owned()),
        node_count: Given::Value(2),
        public: Given::Value(false),
        labels: Given::Value(BTreeMap::from([("a".to_owned(), "1".to_owned())])),
    }
}

fn patched(patch: Value) -> Result<Draft, String> {
    let mut draft = before();
    let patch = Patch::read::<Thing>(&patch).map_err(|error| error.to_string())?;
    patch.apply::<Thing>(&mut draft).map(|()| draft).map_err(|error| error.to_string())
}

fn replace(path: &str, value: Value) -> Value {
    json!([{"op": "replace", "path": path, "value": value}])
}

#[test]
fn values_are_replaced_added_and_removed() {
    let named = Given::Value("n".to_owned());
    assert_eq!(patched(replace("/name", json!("n"))).unwrap().name, named);
    assert_eq!(patched(json!([{"op": "add", "path": "/name", "value": "n"}])).unwrap().name, named);
    assert_eq!(patched(json!([{"op": "remove", "path": "/node_count"}])).unwrap().node_count, Given::Null);
    assert_eq!(patched(replace("/node_count", json!(4))).unwrap().node_count, Given::Value(4));
    assert_eq!(patched(replace("/node_count", json!("4"))).unwrap().node_count, Given::Value(4));
    assert_eq!(patched(replace("/public", json!("true"))).unwrap().public, Given::Value(true));
    assert_eq!(patched(json!([])), Ok(before()));
}

#[test]
fn labels_are_patched_as_a_whole_or_one_by_one() {
    let labels = |patch| patched(patch).map(|draft| draft.labels.value().unwrap().into_iter().collect::<Vec<_>>());
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(labels(replace("/labels", json!("{'b': '2'}"))).unwrap(), [pair("b", "2")]);
    assert_eq!(labels(replace("/labels/a", json!("9"))).unwrap(), [pair("a", "9")]);
    assert_eq!(labels(json!([{"op": "add", "path": "/labels/b", "value": "2"}])).unwrap(), [pair("a", "1"), pair("b", "2")]);
    assert_eq!(labels(json!([{"op": "remove", "path": "/labels/a"}])).unwrap(), []);
    assert!(labels(replace("/labels/b", json!("9"))).unwrap_err().contains("can't replace a non-existent object 'b'"));
    assert!(
        labels(json!([{"op": "remove", "path": "/labels/b"}])).unwrap_err().contains("can't remove a non-existent object 'b'")
    );
}

#[test]
fn what_may_not_change_is_named() {
    for (patch, error) in [
        (replace("/uuid", json!("x")), "'/uuid' is an internal attribute and can not be updated"),
        (replace("/id", json!("x")), "'/id' is an internal attribute and can not be updated"),
        (replace("/trust_id", json!("x")), "'/trust_id' is an internal attribute and can not be updated"),
        (json!([{"op": "remove", "path": "/image_id"}]), "'/image_id' is a mandatory attribute and can not be removed"),
        (json!([{"op": "add", "path": "/foo", "value": "x"}]), "Adding a new attribute /foo to the root"),
        (json!([{"op": "add", "path": "/image_id", "value": "x"}]), "The attribute /image_id has existed"),
        (json!([{"op": "add", "path": "/public", "value": true}]), "The attribute /public has existed"),
        (replace("/foo", json!("x")), "can't replace a non-existent object 'foo'"),
        (json!([{"op": "remove", "path": "/foo"}]), "can't remove a non-existent object 'foo'"),
        (replace("/name/first", json!("x")), "non-existent object 'first'"),
        (replace("/status", json!("CREATE_COMPLETE")), "cannot change thing property(ies) status."),
    ] {
        let message = patched(patch.clone()).unwrap_err();
        assert!(message.contains(error), "{patch}: {message}");
    }
}

#[test]
fn what_is_no_patch_is_refused() {
    for patch in [
        json!({"op": "remove", "path": "/name"}),
        json!(null),
        json!("remove"),
        json!([1]),
        json!([{"path": "/name"}]),
        json!([{"op": "move", "path": "/name", "from": "/image_id"}]),
        json!([{"op": "test", "path": "/name", "value": "x"}]),
        json!([{"op": "remove"}]),
        json!([{"op": "remove", "path": ""}]),
        json!([{"op": "remove", "path": "/"}]),
        json!([{"op": "remove", "path": "name"}]),
        json!([{"op": "remove", "path": "/name/"}]),
        json!([{"op": "remove", "path": "/a b"}]),
        json!([{"op": "remove", "path": 5}]),
        json!([{"op": "replace", "path": "/name"}]),
        replace("/name", json!(null)),
        replace("/name", json!({})),
        replace("/name", json!([])),
        replace("/node_count", json!(1.5)),
        replace("/node_count", json!("many")),
        replace("/name", json!(5)),
        replace("/name", json!("")),
        replace("/public", json!("perhaps")),
        replace("/labels", json!("a=b")),
    ] {
        assert!(patched(patch.clone()).is_err(), "{patch}");
    }
}

#[test]
fn a_patch_has_an_end() {
    let element = json!({"op": "remove", "path": "/name"});
    assert!(patched(Value::from(vec![element; 1001])).unwrap_err().contains("at most 1000"));
}

#[test]
fn changes_are_net() {
    let mut after = before();
    let patch = json!([
        {"op": "replace", "path": "/node_count", "value": 9},
        {"op": "replace", "path": "/node_count", "value": 2},
        {"op": "replace", "path": "/public", "value": true},
    ]);
    Patch::read::<Thing>(&patch).unwrap().apply::<Thing>(&mut after).unwrap();
    assert_eq!(crate::fields::changed::<Thing>(&mut before(), &mut after), ["public"]);
}

fn any_element() -> impl Strategy<Value = Value> {
    let op = prop_oneof!["add|replace|remove", ".{0,6}"];
    let path =
        prop_oneof!["/(name|image_id|node_count|public|labels|labels/a|uuid|status|foo)", "[/a-z_{}'~. -]{0,12}", ".{0,8}"];
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        "[{}'\":, a-zA-Z0-9]{0,20}".prop_map(Value::from),
        Just(json!({"a": []})),
    ];
    (op, path, value).prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}))
}

proptest! {
    #[test]
    fn no_patch_makes_it_panic(elements in prop::collection::vec(any_element(), 0..5)) {
        _ = patched(Value::from(elements));
    }
}
