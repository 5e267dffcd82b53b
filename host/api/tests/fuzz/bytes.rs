//! Bodies that are damaged.

use rand::RngExt as _;
use rand::rngs::StdRng;

/// The body, hurt somewhere.
pub fn damage(rng: &mut StdRng, mut body: Vec<u8>) -> Vec<u8> {
    let at = |rng: &mut StdRng, body: &[u8]| rng.random_range(0..=body.len());
    match rng.random_range(0..9) {
        // Cut off.
        0 | 1 => body.truncate(at(rng, &body)),
        // A bit flipped.
        2 | 3 => {
            if !body.is_empty() {
                let place = rng.random_range(0..body.len());
                body[place] ^= 1 << rng.random_range(0..8);
            }
        }
        // No UTF-8.
        4 => {
            let place = at(rng, &body);
            body.splice(place..place, [0xff, 0xc0, 0x80]);
        }
        // Half a surrogate pair.
        5 => {
            let place = at(rng, &body);
            body.splice(place..place, *b"\\ud83c");
        }
        // Each member twice.
        6 => {
            let text = String::from_utf8_lossy(&body).into_owned();
            if let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
                body = format!("{{{inner},{inner}}}").into_bytes();
            }
        }
        // Something after the end.
        7 => body.extend_from_slice(b"}{\"a\":1}"),
        _ => body = (0..rng.random_range(0..2000)).map(|_| rng.random()).collect(),
    }
    body
}

/// Brackets that are never closed, or white space and nothing else.
pub fn hollow(rng: &mut StdRng) -> Vec<u8> {
    let length = rng.random_range(1..120_000);
    match rng.random_range(0..4) {
        0 => b"[".repeat(length),
        1 => b"{\"a\":".repeat(length / 5),
        2 => b" ".repeat(length),
        _ => [b"\"".to_vec(), b"a".repeat(length), b"\"".to_vec()].concat(),
    }
}
