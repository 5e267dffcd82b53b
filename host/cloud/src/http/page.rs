//! Lists that come in pages.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::reply::Reply;
use crate::error::CloudError;

/// The most pages that are read of one list.
const MAX_PAGES: usize = 200;
/// How many entries are asked for in one page; services may give fewer.
const PAGE: usize = 500;

/// A list being read, page by page: limit and marker, as all these services do it.
pub(crate) struct Pages<T> {
    items: Vec<T>,
    collection: &'static str,
    marker: Option<String>,
    first: Option<String>,
    pages: usize,
}

impl<T: DeserializeOwned> Pages<T> {
    pub fn new(collection: &'static str) -> Self {
        Self { items: Vec::new(), collection, marker: None, first: None, pages: 0 }
    }

    /// What to ask for next: limit, and marker from the second page on.
    pub fn query(&self) -> (String, Option<String>) {
        (PAGE.to_string(), self.marker.clone())
    }

    /// Takes one page in. Says whether there is another.
    pub fn take(&mut self, reply: &Reply) -> Result<bool, CloudError> {
        let mut envelope: Map<String, Value> = reply.json()?;
        let has_next = names_next(&envelope, self.collection);
        let Some(Value::Array(entries)) = envelope.remove(self.collection) else {
            return Err(reply.unusable(&format!("it has no list '{}'", self.collection)));
        };
        let count = entries.len();
        let first = entries.first().and_then(id);
        let marker = entries.last().and_then(id);
        // A service that ignores the marker sends its first page for ever.
        if self.pages > 0 && (first == self.first || count == 0) {
            return Ok(false);
        }
        for entry in entries {
            let item = T::deserialize(entry).map_err(|error| reply.unusable(&format!("{}: {error}", self.collection)))?;
            self.items.push(item);
        }
        self.pages += 1;
        if self.pages == 1 {
            self.first = first;
        }
        // More than was asked for comes from a service that does not page.
        let more = marker.is_some() && (has_next || count == PAGE);
        if more && self.pages == MAX_PAGES {
            return Err(reply.unusable(&format!("it has more than {MAX_PAGES} pages")));
        }
        self.marker = marker;
        Ok(more)
    }

    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}

fn id(entry: &Value) -> Option<String> {
    entry.get("id")?.as_str().map(str::to_owned)
}

/// Whether the answer links to a next page: `next` (Glance), or `<collection>_links` (the others).
fn names_next(envelope: &Map<String, Value>, collection: &str) -> bool {
    let links = envelope.get(&format!("{collection}_links")).and_then(Value::as_array);
    let linked = links.is_some_and(|links| links.iter().any(|link| link.get("rel").and_then(Value::as_str) == Some("next")));
    linked || envelope.get("next").is_some_and(Value::is_string)
}
