//! One spelling for each path: without slashes at the end, and with the version.

use http::Uri;
use http::uri::PathAndQuery;

/// Rewrites a path that is spelled otherwise. Clients put slashes before their queries, and old ones leave the version out.
pub fn rewrite(uri: &mut Uri) {
    let Some(path) = canonical(uri.path()) else { return };
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = std::mem::take(uri).into_parts();
    if let Ok(path_and_query) = PathAndQuery::try_from(text) {
        parts.path_and_query = Some(path_and_query);
    }
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

/// What can be read without a token.
pub fn is_public(path: &str) -> bool {
    matches!(path, "/" | "/v1" | "/v1/drivers/openapi.json" | "/v1/operations/openapi.json")
}

/// The other spelling, if the path is not already as it should be.
fn canonical(path: &str) -> Option<String> {
    let trimmed = path.trim_end_matches('/');
    let versioned = trimmed.is_empty() || trimmed == "/v1" || trimmed.starts_with("/v1/");
    match (trimmed.is_empty(), versioned, trimmed.len() == path.len()) {
        (true, _, _) if path == "/" => None,
        (true, _, _) => Some("/".to_owned()),
        (false, true, true) => None,
        (false, true, false) => Some(trimmed.to_owned()),
        (false, false, _) => Some(format!("/v1{trimmed}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        let mut uri: Uri = text.parse().unwrap();
        rewrite(&mut uri);
        uri.to_string()
    }

    #[test]
    fn every_spelling_of_a_path_becomes_the_same() {
        for (spelling, path) in [
            ("/", "/"),
            ("//", "/"),
            ("/v1", "/v1"),
            ("/v1/", "/v1"),
            ("/v1/clusters", "/v1/clusters"),
            ("/v1/clusters/", "/v1/clusters"),
            ("/v1/clusters/?limit=1", "/v1/clusters?limit=1"),
            ("/clusters", "/v1/clusters"),
            ("/clusters/?limit=1", "/v1/clusters?limit=1"),
            ("/v1x", "/v1/v1x"),
            ("/v2/clusters", "/v1/v2/clusters"),
        ] {
            assert_eq!(rewritten(spelling), path, "{spelling}");
        }
        assert_eq!(rewritten("http://host/clusters/"), "http://host/v1/clusters");
    }

    #[test]
    fn only_documents_are_public() {
        assert!(
            is_public("/")
                && is_public("/v1")
                && is_public("/v1/drivers/openapi.json")
                && is_public("/v1/operations/openapi.json")
        );
        assert!(!is_public("/v1/clusters") && !is_public("/v1/drivers"));
    }
}
