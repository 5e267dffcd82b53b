//! Passwords for trustees.

use jeroboam_model::Secret;

/// Letters and digits that cannot be taken for one another, and that no shell, YAML or JSON reads specially.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
const LENGTH: usize = 32;

/// At least one digit, one upper-case and one lower-case letter, as password rules ask; 32 of 56 characters: 185 bits.
pub(crate) fn generate() -> Secret {
    loop {
        let text: String = std::iter::repeat_with(character).take(LENGTH).collect();
        let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
        if has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) {
            return Secret::new(text);
        }
    }
}

fn character() -> char {
    let index = rand::random_range(0..ALPHABET.len());
    char::from(ALPHABET.get(index).copied().unwrap_or(b'2'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_plain_and_never_the_same() {
        let one = generate();
        assert_eq!(one.expose().len(), LENGTH);
        assert!(one.expose().bytes().all(|byte| ALPHABET.contains(&byte)));
        assert!(one != generate());
    }
}
