//! Values that nobody expects.

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Number, Value, json};

/// Texts with something about them.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\u{0}",
    "a\u{0}b",
    "\n",
    "\u{202e}gnp.exe",
    "\u{1f37e}\u{200d}\u{1f37e}",
    "e\u{301}",
    "\u{feff}x",
    "null",
    "None",
    "true",
    "0",
    "-0",
    "1e309",
    "NaN",
    "{}",
    "[]",
    "{'a': 'b'}",
    "{\"a\": true}",
    "{'a': {'b': [1, 2, (3,)]}}",
    "{'\\ud800': '\\x00'}",
    "[[[[[[[[[[[[[[[[",
    "../../etc/passwd",
    "%s%n%x",
    "%00",
    "${jndi:ldap://x}",
    "'; DROP TABLE clusters; --",
    "<script>",
    "\\",
    "\"",
    "a=b,c=d",
    "::1",
    "256.256.256.256",
    "detail",
    "actions",
    "default-master",
    "fedora-coreos-latest",
    "00000000-0000-0000-0000-000000000000",
    "6F1C2A4E08C54A399C215A0D6B9E7F10",
];

const NUMBERS: &[i64] =
    &[0, 1, -1, 2, 3, 255, 256, 65_535, 65_536, i32::MAX as i64, i32::MIN as i64, u32::MAX as i64, i64::MAX, i64::MIN];

pub fn text(rng: &mut StdRng) -> String {
    match rng.random_range(0..10) {
        0 => "x".repeat(rng.random_range(1..5000)),
        1 => (0..rng.random_range(1..20)).map(|_| rng.random::<char>()).collect(),
        2 => "\u{1f37e}".repeat(rng.random_range(1..300)),
        3 => format!("{}{}", pick(rng, TEXTS), pick(rng, TEXTS)),
        _ => pick(rng, TEXTS).to_owned(),
    }
}

pub fn value(rng: &mut StdRng) -> Value {
    nested(rng, 4)
}

fn nested(rng: &mut StdRng, depth: usize) -> Value {
    match rng.random_range(0..if depth == 0 { 8 } else { 12 }) {
        0 => Value::Null,
        1 => json!(rng.random::<bool>()),
        2 => json!(pick(rng, NUMBERS)),
        3 => Number::from_f64(rng.random::<f64>() * 10f64.powi(rng.random_range(-300..300))).map_or(Value::Null, Value::Number),
        4 => json!(u64::MAX - rng.random_range(0..3)),
        5..8 => json!(text(rng)),
        8 => (0..rng.random_range(0..5)).map(|_| nested(rng, depth - 1)).collect(),
        9 => (0..rng.random_range(0..5)).map(|_| (text(rng), nested(rng, depth - 1))).collect::<Map<_, _>>().into(),
        10 => deep(rng.random_range(1..120)),
        _ => many(rng.random_range(1..2500)),
    }
}

/// Far down.
fn deep(levels: usize) -> Value {
    (0..levels).fold(json!("bottom"), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "a": inner }) })
}

/// Wide.
fn many(members: usize) -> Value {
    (0..members).map(|index| (format!("k{index}"), json!(index))).collect::<Map<_, _>>().into()
}

pub fn pick<T: Copy>(rng: &mut StdRng, from: &[T]) -> T {
    *from.choose(rng).unwrap()
}
