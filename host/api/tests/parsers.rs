//! What `tests/fuzz` looks for with a fuzzer, as properties: of any bytes, and of bytes that look like what is parsed.

#![allow(clippy::unwrap_used, reason = "a test may say what it expects")]

#[path = "../../../tests/fuzz/src/literal.rs"]
mod literal;
#[path = "../../../tests/fuzz/src/microversion.rs"]
mod microversion;
#[path = "../../../tests/fuzz/src/patch.rs"]
mod patch;

use proptest::collection::vec;
use proptest::prelude::*;

/// Text of a grammar's own pieces, in any order.
fn of_pieces(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    vec(
        prop_oneof![6 => proptest::sample::select(pieces).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..most,
    )
    .prop_map(|parts| parts.concat())
}

const JSON: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"op\":\"add\"",
    "\"op\":\"replace\"",
    "\"op\":\"remove\"",
    "\"path\":\"/labels\"",
    "\"path\":\"/labels/a\"",
    "\"path\":\"/name\"",
    "\"path\":\"/node_count\"",
    "\"value\":\"{'a': 'b'}\"",
    "\"value\":\"x\"",
    "\"value\":5",
    "\"value\":null",
    "\"value\":true",
    "[{",
    "}]",
    "\"from\":1",
    "},{",
];
const PATHS: &[&str] =
    &["/", "labels", "name", "uuid", "secret", "created_at", "status", "a", "-", "~1", " ", ".", "\u{0}", "/labels/"];
const PYTHON: &[&str] = &[
    "{", "}", "[", "]", "(", ")", "'", "\"", "\\", "\\x41", "\\u1f37", "\\ud83c", "'a'", "u'b'", ":", ",", ", ", "None", "True",
    "null", "1", "-1", "1.5", "1e9", "nan", "#", "\n", "_", "'''",
];
const VERSIONS: &[&str] = &[
    "container-infra",
    "container-infrastructure-management",
    "compute",
    " ",
    "\t",
    "1.",
    "1",
    ".",
    "14",
    "9",
    "latest",
    "LATEST",
    "0",
    "-",
    "+",
    ",",
    "99999999999999999999",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_version_or_an_error(data in vec(any::<u8>(), 0..60)) {
        microversion::check(&data);
    }

    #[test]
    fn what_looks_like_a_version_is_one_or_an_error(text in of_pieces(VERSIONS, 8)) {
        microversion::check(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_a_patch_or_an_error(data in vec(any::<u8>(), 0..80)) {
        patch::check(&data);
    }

    #[test]
    fn what_looks_like_a_patch_is_one_or_an_error(text in of_pieces(JSON, 14)) {
        patch::check(text.as_bytes());
        patch::check(format!("[{{{text}}}]").as_bytes());
    }

    #[test]
    fn what_looks_like_a_path_is_one_or_an_error(text in of_pieces(PATHS, 6)) {
        patch::check(text.as_bytes());
    }

    #[test]
    fn what_looks_like_a_literal_is_one_or_an_error(text in of_pieces(PYTHON, 24)) {
        literal::check(text.as_bytes());
        patch::check(text.as_bytes());
    }
}
