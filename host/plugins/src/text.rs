//! What guests write for people: harmless in a terminal, and bounded.

/// Characters that reorder, hide or end what a person reads, without being control characters.
const fn misleads(c: char) -> bool {
    matches!(
        c,
        '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// One line that a terminal does nothing with: sequences that it would act on go as a whole, line ends and tabs become spaces, other control characters
/// and what misleads a reader go.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => skip_sequence(&mut rest),
            '\u{9b}' => skip_parameters(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_text(&mut rest),
            '\n' | '\r' | '\t' | '\x0b' | '\x0c' | '\u{85}' => out.push(' '),
            c if c.is_control() || misleads(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// How much of an unfinished sequence is taken to belong to it.
const SEQUENCE_MAX: usize = 256;

/// What follows an escape (ECMA-48): parameters, a text, or intermediates and one final character.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    match rest.clone().next() {
        Some('[') => {
            rest.next();
            skip_parameters(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_text(rest);
        }
        Some(' '..='~') => while let Some(' '..='/') = rest.next() {},
        _ => {}
    }
}

/// Up to a final character, from `@` to `~`.
fn skip_parameters(rest: &mut std::str::Chars<'_>) {
    for _ in 0..SEQUENCE_MAX {
        match rest.clone().next() {
            Some(' '..='?') => rest.next(),
            Some('@'..='~') => {
                rest.next();
                return;
            }
            _ => return,
        };
    }
}

/// Up to a terminator: BEL, ST, or an escape and a backslash. Without one, nothing goes but the introducer.
fn skip_text(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    for _ in 0..SEQUENCE_MAX {
        match ahead.next() {
            Some('\x07' | '\u{9c}') => {
                *rest = ahead;
                return;
            }
            Some('\x1b') => {
                if ahead.clone().next() == Some('\\') {
                    ahead.next();
                    *rest = ahead;
                }
                return;
            }
            Some(_) => {}
            None => return,
        }
    }
}

/// Cuts between characters.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// [`plain`], and what is longer than `bytes` is cut between characters.
pub(crate) fn line(text: &str, bytes: usize) -> String {
    shorten(plain(cut(text, bytes.saturating_mul(4))), bytes, text.len() > bytes.saturating_mul(4))
}

/// Marks what was cut off, here or before.
pub(crate) fn shorten(mut line: String, bytes: usize, cut_before: bool) -> String {
    let whole = line.len();
    line.truncate(line.floor_char_boundary(bytes));
    if cut_before || line.len() < whole {
        line.push('…');
    }
    line
}

/// The longest message of a driver's that users or operators are shown, in bytes.
pub(crate) const MESSAGE_MAX: usize = 4096;

/// A message: a [`line`] of at most 4 KiB.
pub(crate) fn message(text: &str) -> String {
    line(text, MESSAGE_MAX)
}

/// Whether it is a short text without spaces and control characters, as names, ids and addresses are.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && !text.chars().any(|c| c.is_whitespace() || c.is_control() || misleads(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_and_line_ends_lose_their_effect() {
        for (written, read) in [
            ("a\x1b[31mb\r\nc\u{202e}d", "ab  cd"),
            ("\x1b]0;title\x07x", "x"),
            ("\x1b]8;;http://192.0.2.1\x1b\\link", "link"),
            ("\u{9b}2Jx\u{7f}\x08", "x"),
            ("\x1bPq…\u{9c}x", "x"),
            ("\x1b]never ended", "never ended"),
            ("\x1b(Bx\x1bcy", "xy"),
            ("\u{200b}zero\u{feff}", "zero"),
            ("\x1b", ""),
        ] {
            assert_eq!(plain(written), read, "{written:?}");
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        assert_eq!(line("aäb", 2), "a…");
        assert_eq!(line("aäb", 3), "aä…");
        assert_eq!(line("aäb", 4), "aäb");
        assert_eq!(line(&"\x07".repeat(100), 4), "…");
    }
}
