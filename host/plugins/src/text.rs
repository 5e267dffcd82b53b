//! What guests write for people: harmless in a terminal, and bounded.

/// Characters that a terminal acts on, or that reorder what a person reads.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line: such characters become spaces, and what is longer than `bytes` is cut between characters.
pub(crate) fn line(text: &str, bytes: usize) -> String {
    let end = if text.len() <= bytes { text.len() } else { text.floor_char_boundary(bytes) };
    let cut = text.get(..end).unwrap_or_default();
    let mut line: String = cut.chars().map(|c| if acts(c) { ' ' } else { c }).collect();
    if end < text.len() {
        line.push('…');
    }
    line
}

/// The longest message of a driver's that users or operators are shown, in bytes.
const MESSAGE_MAX: usize = 4096;

/// A message: a [`line`] of at most 4 KiB.
pub(crate) fn message(text: &str) -> String {
    line(text, MESSAGE_MAX)
}

/// Whether it is a short text without spaces and control characters, as names, ids and addresses are.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && !text.chars().any(|c| c.is_whitespace() || acts(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_and_line_ends_lose_their_effect() {
        assert_eq!(line("a\x1b[31mb\r\nc\u{202e}d", 100), "a [31mb  c d");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        assert_eq!(line("aäb", 2), "a…");
        assert_eq!(line("aäb", 3), "aä…");
        assert_eq!(line("aäb", 4), "aäb");
    }
}
