//! One object of a service.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{moment::Moment, services::Scope};

/// The attributes of an object, as its API names them.
pub type Body = Map<String, Value>;

/// One object of a service: who owns it, and its attributes.
#[derive(Clone, Serialize, Deserialize)]
pub struct Record {
    pub id: String,
    pub project_id: String,
    pub user_id: String,
    /// Orders objects by creation.
    pub sequence: u64,
    pub created: Moment,
    pub updated: Option<Moment>,
    /// What the API shows.
    pub body: Body,
    /// What it does not: payloads, bookkeeping.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub private: Body,
}

impl Record {
    /// With a fresh id; the state gives it its place and time.
    pub fn new(scope: &Scope, body: Body) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            project_id: scope.project_id.clone(),
            user_id: scope.user_id.clone(),
            sequence: 0,
            created: Moment::default(),
            updated: None,
            body,
            private: Body::new(),
        }
    }

    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// The attribute as text; empty if it is absent or something else.
    pub fn text(&self, key: &str) -> &str {
        self.body.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn number(&self, key: &str) -> i64 {
        self.body.get(key).and_then(Value::as_i64).unwrap_or_default()
    }

    pub fn flag(&self, key: &str) -> bool {
        self.body.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    pub fn list(&self, key: &str) -> &[Value] {
        self.body.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.body.insert(key.to_owned(), value.into());
    }

    /// Adds to a list attribute.
    pub fn push(&mut self, key: &str, value: impl Into<Value>) {
        match self.body.get_mut(key) {
            Some(Value::Array(list)) => list.push(value.into()),
            _ => self.set(key, vec![value.into()]),
        }
    }

    /// Keeps of a list attribute what `keep` holds for; says whether something went.
    pub fn retain(&mut self, key: &str, keep: impl FnMut(&Value) -> bool) -> bool {
        let Some(Value::Array(list)) = self.body.get_mut(key) else {
            return false;
        };
        let before = list.len();
        list.retain(keep);
        list.len() < before
    }

    /// The texts in a list attribute.
    pub fn texts<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> {
        self.list(key).iter().filter_map(Value::as_str)
    }
}

/// Leaves the attributes out: some are secret.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("id", &self.id).field("project_id", &self.project_id).finish_non_exhaustive()
    }
}

/// Reads attributes out of a body.
pub trait Attributes {
    fn text(&self, key: &str) -> Option<&str>;
    fn number(&self, key: &str) -> Option<i64>;
    fn flag(&self, key: &str) -> Option<bool>;
    fn list(&self, key: &str) -> &[Value];
    fn object(&self, key: &str) -> Option<&Body>;
    /// Whether the attribute is there and not null.
    fn has(&self, key: &str) -> bool;
}

impl Attributes for Body {
    fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Value::as_i64)
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(Value::as_bool)
    }

    fn list(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn object(&self, key: &str) -> Option<&Body> {
        self.get(key).and_then(Value::as_object)
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !value.is_null())
    }
}
