//! Templates, scripts, environments: long, and the same for most clusters of a driver.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Serialize};

use super::Digest;

/// A text that is made once and shared by all who have it. Its digest is found at most once, and two whose digests are known are compared by these.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Text(Arc<Inner>);

struct Inner {
    text: Arc<str>,
    digest: OnceLock<Digest>,
}

impl Text {
    /// SHA-256 of its bytes.
    pub fn digest(&self) -> &Digest {
        self.0.digest.get_or_init(|| Digest::of(self.0.text.as_bytes()))
    }

    /// For who keeps the text without its digest.
    pub fn shared(&self) -> &Arc<str> {
        &self.0.text
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        match (self.0.digest.get(), other.0.digest.get()) {
            (Some(one), Some(other)) => one == other,
            _ => self.0.text == other.0.text,
        }
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Arc::new(Inner { text: text.into(), digest: OnceLock::new() }))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.to_string()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_the_same_if_their_bytes_are_whatever_is_known_of_them(one in "[ab]{0,3}", other in "[ab]{0,3}", known: (bool, bool)) {
            let (left, right) = (Text::from(one.as_str()), Text::from(other.as_str()));
            _ = known.0.then(|| left.digest());
            _ = known.1.then(|| right.digest());
            prop_assert_eq!(left == right, one == other);
            prop_assert_eq!(left.digest() == right.digest(), one == other);
        }

        #[test]
        fn as_json_it_is_a_string(text: String) {
            let json = serde_json::to_value(Text::from(text.as_str())).unwrap();
            prop_assert_eq!(&json, &serde_json::Value::String(text.clone()));
            prop_assert_eq!(&*serde_json::from_value::<Text>(json).unwrap(), text.as_str());
        }
    }
}
