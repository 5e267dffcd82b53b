//! Where the next page of a list is.

use url::form_urlencoded::Serializer;

use crate::call::Call;

/// The address of the page after the marker, with what the list is narrowed by. The path is one below `/v1/drivers/`.
pub fn link(call: &Call, path: &str, limit: usize, marker: &str, filters: &[(&str, Option<&str>)]) -> String {
    link_to(call, &format!("drivers/{path}"), limit, marker, filters)
}

/// The same for any path below `/v1/`.
pub fn link_to(call: &Call, path: &str, limit: usize, marker: &str, filters: &[(&str, Option<&str>)]) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("limit", &limit.to_string()).append_pair("marker", marker);
    for (name, value) in filters.iter().filter_map(|(name, value)| Some((name, (*value)?))) {
        query.append_pair(name, value);
    }
    format!("{}/v1/{path}?{}", call.base(), query.finish())
}
