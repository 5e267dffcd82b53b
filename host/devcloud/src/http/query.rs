//! Lists: filters, pages, order.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde_json::Value;
use url::form_urlencoded;

use crate::refusal::Refusal;

/// What a list was asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

/// These say how, not which.
const NOT_FILTERS: [&str; 16] = [
    "limit",
    "marker",
    "sort",
    "sort_key",
    "sort_dir",
    "page_reverse",
    "fields",
    "offset",
    "all_tenants",
    "all_projects",
    "detail",
    "with_count",
    "changes-since",
    "cascade",
    "is_public",
    "force",
];

/// A page of a list, and whether there is more.
pub struct Page {
    pub items: Vec<Value>,
    pub next: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    pub fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { pairs }
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Whether a flag is set: present and not `false` or `0`.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !["false", "0", "no"].contains(&value.to_ascii_lowercase().as_str()))
    }

    /// Without the filters of that name, for those that a service treats in a way of its own.
    pub fn without(mut self, key: &str) -> Self {
        self.pairs.retain(|(name, _)| name != key);
        self
    }

    /// Filters, sorts and cuts a list. Values of one name are alternatives; names that no object has do not count.
    pub fn page(&self, mut items: Vec<Value>) -> Result<Page, Refusal> {
        let mut names: Vec<&str> = self.pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let key = name.strip_suffix("-any").unwrap_or(name);
            let key = if key == "tenant_id" { "project_id" } else { key };
            if NOT_FILTERS.contains(&name) || !items.iter().any(|item| item.get(key).is_some()) {
                continue;
            }
            let wanted: Vec<&str> = self.pairs.iter().filter(|(pair, _)| pair == name).map(|(_, value)| value.as_str()).collect();
            items.retain(|item| wanted.iter().any(|wanted| matches(item.get(key).unwrap_or(&Value::Null), wanted)));
        }
        self.sort(&mut items);
        self.cut(items)
    }

    fn sort(&self, items: &mut [Value]) {
        let asked = self.get("sort_key").map(|key| (key, self.get("sort_dir")));
        let combined = self.get("sort").map(|sort| sort.split(',').next().unwrap_or(sort));
        let combined = combined.map(|sort| sort.split_once(':').map_or((sort, None), |(key, dir)| (key, Some(dir))));
        if let Some((key, dir)) = asked.or(combined) {
            let text = |item: &Value| item.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            items.sort_by_key(text);
            if dir == Some("desc") {
                items.reverse();
            }
        }
    }

    fn cut(&self, mut items: Vec<Value>) -> Result<Page, Refusal> {
        let id = |item: &Value| item.get("id").and_then(Value::as_str).map(str::to_owned);
        if let Some(marker) = self.get("marker").filter(|marker| !marker.is_empty()) {
            let at = items.iter().position(|item| id(item).as_deref() == Some(marker));
            let at = at.ok_or_else(|| Refusal::bad(format!("marker [{marker}] not found")))?;
            items.drain(..=at);
        }
        let limit = match self.get("limit") {
            Some(text) => Some(text.parse::<usize>().map_err(|_| Refusal::bad(format!("Invalid input for limit: '{text}'")))?),
            None => None,
        };
        let mut next = None;
        if let Some(limit) = limit.filter(|limit| *limit > 0 && *limit < items.len()) {
            items.truncate(limit);
            next = items.last().and_then(id);
        }
        Ok(Page { items, next })
    }

    /// The same query from another marker on.
    pub fn from(&self, marker: &str) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != "marker");
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("marker", marker).finish()
    }
}

/// Lists match if they hold what is wanted; objects in lists by `key=value`.
fn matches(value: &Value, wanted: &str) -> bool {
    if let Some(any) = wanted.strip_prefix("in:") {
        return any.split(',').any(|one| matches(value, one.trim_matches('"')));
    }
    match value {
        Value::String(text) => {
            text == wanted || (text.len() == wanted.len() && text.eq_ignore_ascii_case(wanted) && text.to_uppercase() == *text)
        }
        Value::Bool(flag) => wanted.eq_ignore_ascii_case(if *flag { "true" } else { "false" }) || (*flag && wanted == "1"),
        Value::Null => wanted.is_empty(),
        Value::Array(list) => wanted.split(',').all(|one| list.iter().any(|item| matches(item, one))),
        Value::Object(object) => match wanted.split_once('=') {
            Some((key, wanted)) => object.get(key).is_some_and(|value| matches(value, wanted)),
            None => object.get("id").is_some_and(|id| matches(id, wanted)),
        },
        Value::Number(number) => number.to_string() == wanted,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(query: &str) -> Vec<String> {
        let items = vec![
            json!({"id": "1", "name": "a", "shared": true, "status": "ACTIVE", "tags": ["x", "y"]}),
            json!({"id": "2", "name": "b", "shared": false, "status": "ACTIVE", "tags": ["x"]}),
            json!({"id": "3", "name": "a", "shared": false, "status": "DOWN", "tags": [], "ips": [{"subnet_id": "s"}]}),
        ];
        let page = Query::parse(query).page(items).unwrap();
        page.items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn filters_narrow_and_repeated_ones_widen() {
        assert_eq!(ids("name=a"), ["1", "3"]);
        assert_eq!(ids("name=a&shared=True"), ["1"]);
        assert_eq!(ids("name=a&name=b"), ["1", "2", "3"]);
        assert_eq!(ids("name=in:b,c"), ["2"]);
        assert_eq!(ids("status=down"), ["3"]);
        assert_eq!(ids("tags=x,y"), ["1"]);
        assert_eq!(ids("ips=subnet_id%3Ds"), ["3"]);
        assert_eq!(ids("nobody=knows"), ["1", "2", "3"]);
    }

    #[test]
    fn pages_follow_each_other() {
        assert_eq!(ids("limit=2"), ["1", "2"]);
        assert_eq!(ids("limit=2&marker=2"), ["3"]);
        assert_eq!(ids("sort_key=name&sort_dir=desc&limit=1"), ["2"]);
        assert!(Query::parse("marker=9").page(vec![]).is_err());
        assert!(Query::parse("limit=many").page(vec![]).is_err());
    }
}
