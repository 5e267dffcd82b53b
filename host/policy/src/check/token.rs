//! Words of a check, each with its place.

/// A word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Atom(&'a str),
}

/// Words and their columns, counted in characters from 1.
pub(super) fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let mut tokens = Vec::new();
    let mut column = 1;
    let mut rest = text;
    while !rest.is_empty() {
        let blanks = rest.len() - rest.trim_start().len();
        let (blank, word) = rest.split_at(blanks);
        column += blank.chars().count();
        let (word, tail) = word.split_at(word.find(char::is_whitespace).unwrap_or(word.len()));
        split(word, column, &mut tokens);
        column += word.chars().count();
        rest = tail;
    }
    tokens
}

/// Parentheses at the ends of a word are words of their own. Those within belong to it: a substitution has them, and ends in an `s`.
fn split<'a>(word: &'a str, column: usize, tokens: &mut Vec<(usize, Token<'a>)>) {
    let inner = word.trim_start_matches('(');
    let opening = word.len() - inner.len();
    tokens.extend((0..opening).map(|i| (column + i, Token::Open)));
    let atom = inner.trim_end_matches(')');
    let column = column + opening;
    if !atom.is_empty() {
        let token = match atom {
            _ if atom.eq_ignore_ascii_case("and") => Token::And,
            _ if atom.eq_ignore_ascii_case("or") => Token::Or,
            _ if atom.eq_ignore_ascii_case("not") => Token::Not,
            _ => Token::Atom(atom),
        };
        tokens.push((column, token));
    }
    let column = column + atom.chars().count();
    tokens.extend((0..inner.len() - atom.len()).map(|i| (column + i, Token::Close)));
}
