//! Secrets of a call, found in what a guest wrote.
//!
//! No secret is handed to a guest. It may still come to know one: from the API of its own cluster, whose nodes have the private keys of its authorities; from an
//! output that a template let slip; by a fault of the host's. Whatever of a guest's words goes to a log, a person or a record goes through here first.

use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use jeroboam_model::Secret;

use crate::text;

/// What stands in place of a secret.
const MASK: &str = "***";

/// Shorter values would be found in ordinary words.
const SHORTEST: usize = 6;

/// Lines of keys and certificates are looked for one by one, as a guest may show them in any wrapping.
const SHORTEST_LINE: usize = 24;

/// The secrets that whoever makes a call knows of: the token that it acts with, passwords, private keys. Cheap to clone; shows none of them.
///
/// The search reads each byte of a text once, however many secrets there are and however much of them the text holds.
#[derive(Clone, Default)]
pub struct Redactor(Option<Arc<Known>>);

struct Known {
    patterns: Vec<Secret>,
    longest: usize,
    /// Made when it is first needed: most calls write nothing.
    search: OnceLock<Search>,
}

/// Nothing if the secrets are too many to look for. Then all text counts as secret.
type Search = Option<AhoCorasick>;

impl Redactor {
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self::of(secrets.into_iter().flat_map(|secret| patterns(&secret)).collect())
    }

    /// With these too.
    pub fn and(&self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        let known = self.0.iter().flat_map(|known| known.patterns.iter().cloned());
        Self::of(known.chain(secrets.into_iter().flat_map(|secret| patterns(&secret))).collect())
    }

    fn of(patterns: Vec<Secret>) -> Self {
        if patterns.is_empty() {
            return Self(None);
        }
        let longest = patterns.iter().map(|secret| secret.expose().len()).max().unwrap_or_default();
        Self(Some(Arc::new(Known { patterns, longest, search: OnceLock::new() })))
    }

    /// Whether the text holds a secret.
    pub fn finds(&self, text: &str) -> bool {
        self.search().is_some_and(|search| search.as_ref().is_none_or(|search| search.is_match(text)))
    }

    /// The text without secrets.
    pub fn redact(&self, text: &str) -> String {
        match self.search() {
            Some(Some(search)) => search.replace_all(text, &vec![MASK; search.patterns_len()]),
            Some(None) => MASK.to_owned(),
            None => text.to_owned(),
        }
    }

    /// One harmless line without secrets, of at most `bytes`. A secret is found also where control characters were put between its parts, and no part of
    /// one is left at the end.
    pub(crate) fn line(&self, written: &str, bytes: usize) -> String {
        let longest = self.0.as_ref().map_or(0, |known| known.longest);
        let window = text::cut(written, bytes.saturating_mul(4).saturating_add(longest));
        let is_cut = window.len() < written.len();
        let mut plain = text::plain(window);
        if is_cut {
            // What begins here may be a secret that goes on after the window.
            plain.truncate(plain.floor_char_boundary(plain.len().saturating_sub(longest)));
        }
        text::shorten(self.redact(&plain), bytes, is_cut)
    }

    /// [`line`](Self::line) of at most 4 KiB.
    pub(crate) fn message(&self, written: &str) -> String {
        self.line(written, text::MESSAGE_MAX)
    }

    fn search(&self) -> Option<&Search> {
        let known = self.0.as_ref()?;
        Some(known.search.get_or_init(|| {
            let values = known.patterns.iter().map(Secret::expose);
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(values).ok()
        }))
    }
}

/// A secret as it may stand in a line: whole, and line by line.
fn patterns(secret: &Secret) -> Vec<Secret> {
    let value = secret.expose().trim();
    let lines = value.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE && !line.starts_with("-----"));
    let whole = (value.len() >= SHORTEST && !value.contains('\n')).then_some(value);
    let mut all: Vec<Secret> = whole.into_iter().chain(lines).map(Secret::new).collect();
    all.dedup();
    all
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} secrets)", self.0.as_ref().map_or(0, |known| known.patterns.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knows(secrets: &[&str]) -> Redactor {
        Redactor::new(secrets.iter().map(|secret| Secret::new(*secret)))
    }

    #[test]
    fn a_secret_is_replaced_wherever_it_stands() {
        let redactor = knows(&["hunter22", "gAAAAB-token"]);
        assert_eq!(redactor.redact("a hunter22b gAAAAB-token"), "a ***b ***");
        assert!(redactor.finds("xhunter22") && !redactor.finds("hunter2"));
    }

    #[test]
    fn a_key_is_found_line_by_line() {
        let redactor = knows(&["-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqG\nSM49\n-----END PRIVATE KEY-----\n"]);
        assert_eq!(redactor.redact("key: MIGHAgEAMBMGByqGSM49AgEGCCqG\\nSM49"), "key: ***\\nSM49");
        assert!(!redactor.finds("-----BEGIN PRIVATE KEY-----"));
    }

    #[test]
    fn control_characters_do_not_hide_a_secret() {
        assert_eq!(knows(&["hunter22"]).line("x hun\x1b[0mter\u{200b}2\x072 y", 100), "x *** y");
    }

    #[test]
    fn the_end_of_a_cut_line_is_not_the_beginning_of_a_secret() {
        let redactor = knows(&["hunter22"]);
        for filling in 0..60 {
            let line = redactor.line(&format!("{}hunter22 and more{}", "x".repeat(filling), "\x07".repeat(200)), 20);
            assert!(!line.contains("hun"), "{line}");
        }
    }

    #[test]
    fn short_values_are_left_alone_and_nothing_known_means_nothing_done() {
        assert_eq!(knows(&["a", ""]).redact("abc"), "abc");
        assert_eq!(Redactor::default().line("abc\n", 2), "ab…");
    }

    #[test]
    fn debug_shows_none() {
        assert_eq!(format!("{:?}", knows(&["hunter22"])), "Redactor(1 secrets)");
    }
}
