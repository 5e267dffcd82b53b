//! Values that must not be printed. [`Secret`] is one in memory, [`Sealed`] one at rest.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A password, key or token. Has no `Display`, its `Debug` shows nothing, it is not `Serialize`, and its memory is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The value itself. Each use is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A secret, encrypted and authenticated under a key that is not in the store, and bound to the place it is kept at. Made and opened by
/// `jeroboam_store::Vault`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Wraps the vault's text form.
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(***)")
    }
}
