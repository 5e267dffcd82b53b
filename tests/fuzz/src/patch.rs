//! Patches of a resource that has an attribute of every kind.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use jeroboam_api::fields::{Field, Given, Ignored, Patch, Resource, Slot, TextRule};
use serde_json::{Value, json};

const LONGEST_NAME: usize = 20;
const MOST_NODES: u32 = 100;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    uuid: Given<String>,
    name: Given<String>,
    node_count: Given<u32>,
    public: Given<bool>,
    labels: Given<BTreeMap<String, String>>,
    nodes: Given<Vec<String>>,
    nameservers: Given<Vec<Ipv4Addr>>,
}

/// A resource that only exists here.
pub enum Thing {}

impl Resource for Thing {
    type Shown = ();
    type Draft = Draft;
    const ARGUMENT: &'static str = "thing";
    const INTERNAL: &'static [&'static str] = &["secret"];
    const FIELDS: &'static [Field<Self>] = &[
        Field::new("created_at", |(), out| out.null()),
        Field::new("uuid", |(), out| out.null()).optional(Slot::Text {
            min: 1,
            max: 64,
            rule: TextRule::Uuid,
            at: |d: &mut Draft| &mut d.uuid,
        }),
        Field::new("name", |(), out| out.null()).optional(Slot::text(1, LONGEST_NAME, |d: &mut Draft| &mut d.name)),
        Field::new("node_count", |(), out| out.null()).optional(Slot::integer(0, MOST_NODES, |d: &mut Draft| &mut d.node_count)),
        Field::new("public", |(), out| out.null()).optional(Slot::boolean(|d: &mut Draft| &mut d.public)).unremovable(),
        Field::new("labels", |(), out| out.null()).optional(Slot::pairs(|d: &mut Draft| &mut d.labels)),
        Field::new("nodes", |(), out| out.null()).optional(Slot::List { at: |d: &mut Draft| &mut d.nodes }),
        Field::new("nameservers", |(), out| out.null()).optional(Slot::Nameservers { at: |d: &mut Draft| &mut d.nameservers }),
        Field::new("status", |(), out| out.null()).optional(Slot::Ignored(Ignored::Status)),
    ];
}

/// The bytes as a patch, and as the parts of one.
pub fn check(data: &[u8]) {
    if let Ok(body) = serde_json::from_slice::<Value>(data) {
        applied(&body);
        applied(&json!([{ "op": "replace", "path": "/labels", "value": body }]));
    }
    let text = String::from_utf8_lossy(data);
    applied(&json!([{ "op": text, "path": "/name" }]));
    for operation in ["add", "replace", "remove"] {
        applied(&json!([{ "op": operation, "path": text, "value": "1" }]));
        for field in Thing::FIELDS {
            applied(&json!([{ "op": operation, "path": format!("/{}", field.name), "value": text }]));
        }
    }
}

/// It is refused with a moderate text, or what comes of it is within the constraints of the table, and each time the same.
fn applied(body: &Value) {
    let before = before();
    let patch = match Patch::read::<Thing>(body) {
        Ok(patch) => patch,
        Err(error) => return moderate(&error),
    };
    let (mut after, mut again) = (before.clone(), before.clone());
    match patch.apply::<Thing>(&mut after) {
        Ok(()) => {
            assert_eq!(patch.apply::<Thing>(&mut again), Ok(()));
            assert_eq!(after, again);
            constrained(&after);
        }
        Err(error) => moderate(&error),
    }
}

fn constrained(draft: &Draft) {
    let name = draft.name.as_value().map_or(1, |name| name.chars().count());
    assert!((1..=LONGEST_NAME).contains(&name), "a name of {name} characters");
    assert!(draft.node_count.as_value().is_none_or(|count| *count <= MOST_NODES));
    assert!(draft.public != Given::Null, "what is not removable is removed");
    assert!(draft.uuid.as_value().is_none_or(|uuid| uuid == before().uuid.as_value().unwrap()), "the uuid is another");
    assert!(draft.labels.as_value().is_none_or(|labels| labels.keys().all(|name| !name.is_empty())));
}

fn before() -> Draft {
    Draft {
        uuid: Given::Value("6f1c2a4e-08c5-4a39-9c21-5a0d6b9e7f10".to_owned()),
        name: Given::Null,
        node_count: Given::Value(2),
        public: Given::Value(false),
        labels: Given::Value(BTreeMap::from([("a".to_owned(), "1".to_owned())])),
        nodes: Given::Null,
        nameservers: Given::Null,
    }
}

fn moderate(error: &impl std::fmt::Display) {
    let text = error.to_string();
    assert!(text.len() < 8192, "the error repeats too much: {} bytes", text.len());
    assert!(!text.chars().any(char::is_control), "the error has control characters: {text:?}");
}
