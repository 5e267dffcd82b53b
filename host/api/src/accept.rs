//! What a client takes for an answer: `Accept`, RFC 9110 §12.5.1.

use http::{HeaderMap, header};

/// Whether the client takes an answer of this type at all.
pub fn accepts(headers: &HeaderMap, mimetype: &str) -> bool {
    quality(headers, mimetype) > 0.0
}

/// Of the types on offer, the one that the client likes best; the first of several that it likes as much. Nothing, if it takes none.
pub fn preferred<'a>(headers: &HeaderMap, offers: &[&'a str]) -> Option<&'a str> {
    let mut best = (None, 0.0);
    for offer in offers {
        let quality = quality(headers, offer);
        if quality > best.1 {
            best = (Some(*offer), quality);
        }
    }
    best.0
}

/// From 0, not at all, to 1. The range that says the most about the type counts; without the header, everything is liked.
fn quality(headers: &HeaderMap, mimetype: &str) -> f32 {
    let mut values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if values.peek().is_none() {
        return 1.0;
    }
    let ranges = values.flat_map(|value| value.split(','));
    let fitting = ranges.filter_map(|range| {
        let (range, parameters) = range.split_once(';').unwrap_or((range, ""));
        Some((specificity(range.trim(), mimetype)?, weight(parameters)))
    });
    fitting.max_by_key(|(specificity, _)| *specificity).map_or(0.0, |(_, weight)| weight)
}

/// How much a range says about the type; nothing, if it is about others. An empty header, which some clients send, is as good as none.
fn specificity(range: &str, mimetype: &str) -> Option<u8> {
    let of_kind = || range.strip_suffix("/*").is_some_and(|kind| mimetype.split('/').next() == Some(kind));
    match range {
        "" | "*/*" => Some(0),
        _ if range.eq_ignore_ascii_case(mimetype) => Some(2),
        _ if of_kind() => Some(1),
        _ => None,
    }
}

fn weight(parameters: &str) -> f32 {
    let given = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="));
    given.map_or(1.0, |given| given.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())])
    }

    #[test]
    fn json_is_accepted_unless_the_client_says_otherwise() {
        let json = "application/json";
        assert!(accepts(&HeaderMap::new(), json));
        for value in ["", "*/*", "application/json", "text/html, application/json;q=0.5", "application/*"] {
            assert!(accepts(&asking(value), json), "{value}");
        }
        for value in ["text/html", "application/xml", "application/json;q=0", "*/*, application/json; q=0.0"] {
            assert!(!accepts(&asking(value), json), "{value}");
        }
    }

    #[test]
    fn the_type_that_is_liked_best_is_chosen_and_the_first_of_equals() {
        let offers = ["text/plain", "text/html", "application/json"];
        let preferred = |value: &str| preferred(&asking(value), &offers);
        assert_eq!(super::preferred(&HeaderMap::new(), &offers), Some("text/plain"));
        assert_eq!(preferred("*/*"), Some("text/plain"));
        assert_eq!(preferred("application/json"), Some("application/json"));
        assert_eq!(preferred("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Some("text/html"));
        assert_eq!(preferred("text/html;q=0.3, application/json;q=0.4"), Some("application/json"));
        assert_eq!(preferred("image/png"), None);
    }
}
