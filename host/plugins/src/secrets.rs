//! Values that must not be seen in a text, and whether one of them is.

use std::{fmt, sync::Arc};

use jeroboam_model::Secret;

/// Shorter ones would be found in texts that have nothing to do with them.
const SHORTEST: usize = 6;
/// Lines of a PEM or a kubeconfig that are shorter are found elsewhere too.
const SHORTEST_LINE: usize = 24;

/// Secrets that are known. Cheap to clone.
#[derive(Clone, Default)]
pub struct Secrets(Arc<[Secret]>);

impl Secrets {
    /// Of a value with several lines each long line is looked for: however a text has its line ends written, it is found.
    pub fn new(values: impl IntoIterator<Item = Secret>) -> Self {
        Self(values.into_iter().flat_map(|value| needles(&value)).collect())
    }

    /// Whether one of them is in the text: as it is, or as it stands within a JSON document.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret.expose()))
    }
}

fn needles(secret: &Secret) -> Vec<Secret> {
    let value = secret.expose();
    let is_boundary = |line: &&str| line.starts_with("-----");
    let parts: Vec<&str> = match value.trim().lines().count() {
        0 | 1 => vec![value.trim()],
        _ => value.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE && !is_boundary(line)).collect(),
    };
    let mut needles: Vec<Secret> = Vec::new();
    for part in parts.into_iter().filter(|part| part.len() >= SHORTEST) {
        needles.push(Secret::new(part));
        let escaped = serde_json::Value::from(part).to_string();
        let escaped = escaped.trim_matches('"');
        if escaped != part {
            needles.push(Secret::new(escaped));
        }
    }
    needles
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str =
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\nAwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n";

    fn secrets() -> Secrets {
        Secrets::new([KEY, "pass\"word\\1", "abc", ""].map(Secret::new))
    }

    #[test]
    fn a_secret_is_found_as_it_is_and_within_json_of_any_depth() {
        let inner = json!({"key": KEY}).to_string();
        for text in [KEY.to_owned(), inner.clone(), json!({"files": [inner]}).to_string(), json!(["pass\"word\\1"]).to_string()] {
            assert!(secrets().is_in(&text), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_is_not_found() {
        for text in ["", "abc", "-----BEGIN PRIVATE KEY-----", "password1"] {
            assert!(!secrets().is_in(text), "{text}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secrets::new([Secret::new("password")])), "Secrets(1)");
    }
}
