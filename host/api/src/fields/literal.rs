//! Python literals. Clients send the dicts of a patch as Python would print them, and servers have always read them with a literal evaluator;
//! JSON's `true`, `false` and `null` are read too, since some clients send those.

use std::iter::Peekable;
use std::str::CharIndices;

/// A value that Python's `ast.literal_eval` takes, as far as clients have use for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    None,
    Boolean(bool),
    /// As it was written; Python's numbers have no bounds.
    Number(String),
    Text(String),
    /// A list or a tuple.
    List(Vec<Literal>),
    Dict(Vec<(Literal, Literal)>),
}

/// Where the text stops being a literal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiteralError {
    #[error("unexpected '{character}' at character {0}", character = .1.escape_debug())]
    Unexpected(usize, char),
    #[error("it ends too early")]
    Ends,
    #[error("it is nested too deeply")]
    Depth,
}

const MAX_DEPTH: usize = 20;

impl Literal {
    pub fn parse(text: &str) -> Result<Self, LiteralError> {
        let mut parser = Parser { characters: text.char_indices().peekable() };
        let literal = parser.value(0)?;
        parser.blanks();
        match parser.characters.next() {
            None => Ok(literal),
            Some((at, c)) => Err(LiteralError::Unexpected(at, c)),
        }
    }

    /// As Python's `str()` writes it; nothing for what is made of parts, and for `None`.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Boolean(true) => Some("True".to_owned()),
            Self::Boolean(false) => Some("False".to_owned()),
            Self::None | Self::List(_) | Self::Dict(_) => None,
        }
    }
}

struct Parser<'a> {
    characters: Peekable<CharIndices<'a>>,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Literal, LiteralError> {
        if depth > MAX_DEPTH {
            return Err(LiteralError::Depth);
        }
        self.blanks();
        let (at, first) = *self.characters.peek().ok_or(LiteralError::Ends)?;
        match first {
            '\'' | '"' => Ok(Literal::Text(self.texts()?)),
            '{' => self.dict(depth),
            '[' => Ok(Literal::List(self.list('[', ']', depth)?)),
            '(' => Ok(Literal::List(self.list('(', ')', depth)?)),
            '0'..='9' | '-' | '+' | '.' => self.number(),
            'a'..='z' | 'A'..='Z' => self.word(),
            _ => Err(LiteralError::Unexpected(at, first)),
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Literal, LiteralError> {
        self.expect('{')?;
        let mut members = Vec::new();
        loop {
            if self.take_if('}') {
                return Ok(Literal::Dict(members));
            }
            let name = self.value(depth + 1)?;
            self.expect(':')?;
            members.push((name, self.value(depth + 1)?));
            if !self.take_if(',') {
                self.expect('}')?;
                return Ok(Literal::Dict(members));
            }
        }
    }

    fn list(&mut self, open: char, close: char, depth: usize) -> Result<Vec<Literal>, LiteralError> {
        self.expect(open)?;
        let mut items = Vec::new();
        loop {
            if self.take_if(close) {
                return Ok(items);
            }
            items.push(self.value(depth + 1)?);
            if !self.take_if(',') {
                self.expect(close)?;
                return Ok(items);
            }
        }
    }

    /// Pieces of text that stand side by side are one text to Python.
    fn texts(&mut self) -> Result<String, LiteralError> {
        let mut text = String::new();
        while let Some((_, quote @ ('\'' | '"'))) = self.characters.peek().copied() {
            self.characters.next();
            self.text(quote, &mut text)?;
            self.blanks();
        }
        Ok(text)
    }

    fn text(&mut self, quote: char, text: &mut String) -> Result<(), LiteralError> {
        loop {
            let (at, c) = self.characters.next().ok_or(LiteralError::Ends)?;
            match c {
                '\\' => self.escape(text)?,
                '\n' => return Err(LiteralError::Unexpected(at, c)),
                c if c == quote => return Ok(()),
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), LiteralError> {
        let (at, c) = self.characters.next().ok_or(LiteralError::Ends)?;
        match c {
            '\n' => {}
            '\\' | '\'' | '"' => text.push(c),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'x' => text.push(self.code(at, 2)?),
            'u' => text.push(self.code(at, 4)?),
            'U' => text.push(self.code(at, 8)?),
            // Python keeps the backslash before what is no escape.
            c => text.extend(['\\', c]),
        }
        Ok(())
    }

    fn code(&mut self, at: usize, digits: usize) -> Result<char, LiteralError> {
        let mut code = 0;
        for _ in 0..digits {
            let (at, c) = self.characters.next().ok_or(LiteralError::Ends)?;
            code = code * 16 + c.to_digit(16).ok_or(LiteralError::Unexpected(at, c))?;
        }
        char::from_u32(code).ok_or(LiteralError::Unexpected(at, '\\'))
    }

    fn number(&mut self) -> Result<Literal, LiteralError> {
        let start = self.characters.peek().map_or(0, |(at, _)| *at);
        let word = self.run(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-'));
        if word.parse::<i64>().is_ok() || word.parse::<f64>().is_ok_and(f64::is_finite) {
            Ok(Literal::Number(word.trim_start_matches('+').to_owned()))
        } else {
            Err(LiteralError::Unexpected(start, word.chars().next().unwrap_or_default()))
        }
    }

    fn word(&mut self) -> Result<Literal, LiteralError> {
        let (at, first) = self.characters.peek().copied().ok_or(LiteralError::Ends)?;
        let word = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
        match word.as_str() {
            "True" | "true" => Ok(Literal::Boolean(true)),
            "False" | "false" => Ok(Literal::Boolean(false)),
            "None" | "null" => Ok(Literal::None),
            // Python 2 printed u'text'.
            "u" if matches!(self.characters.peek(), Some((_, '\'' | '"'))) => Ok(Literal::Text(self.texts()?)),
            _ => Err(LiteralError::Unexpected(at, first)),
        }
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut run = String::new();
        while let Some((_, c)) = self.characters.next_if(|(_, c)| belongs(*c)) {
            run.push(c);
        }
        run
    }

    fn expect(&mut self, wanted: char) -> Result<(), LiteralError> {
        self.blanks();
        match self.characters.next() {
            Some((_, c)) if c == wanted => Ok(()),
            Some((at, c)) => Err(LiteralError::Unexpected(at, c)),
            None => Err(LiteralError::Ends),
        }
    }

    fn take_if(&mut self, wanted: char) -> bool {
        self.blanks();
        self.characters.next_if(|(_, c)| *c == wanted).is_some()
    }

    fn blanks(&mut self) {
        while self.characters.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dict(text: &str) -> Vec<(String, String)> {
        let Ok(Literal::Dict(members)) = Literal::parse(text) else { panic!("no dict: {text}") };
        members.into_iter().map(|(name, value)| (name.into_text().unwrap(), value.into_text().unwrap())).collect()
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn what_clients_send_is_read() {
        assert_eq!(dict("{'a': 'b', 'c': 'd'}"), pairs([("a", "b"), ("c", "d")]));
        assert_eq!(dict("{'k':'v',}"), pairs([("k", "v")]));
        assert_eq!(dict(r#"{"api": "ok", "ready": true}"#), pairs([("api", "ok"), ("ready", "True")]));
        assert_eq!(dict("{u'k': u'v'}"), pairs([("k", "v")]));
        assert_eq!(dict("{'n': 5, 'f': -1.5, 'b': False}"), pairs([("n", "5"), ("f", "-1.5"), ("b", "False")]));
        assert_eq!(dict("{}"), pairs([]));
    }

    #[test]
    fn escapes_are_those_of_python() {
        assert_eq!(Literal::parse(r"'it\'s \x41\u00e9\n\d'"), Ok(Literal::Text("it's Aé\n\\d".to_owned())));
        assert_eq!(Literal::parse("'a' \"b\""), Ok(Literal::Text("ab".to_owned())));
    }

    #[test]
    fn what_is_not_a_literal_is_refused() {
        for text in ["", "{", "{'a'}", "{'a': }", "__import__('os')", "1 + 1", "{'a': 'b'} x", "'open", "nan", "-", "{'a': b}"] {
            assert!(Literal::parse(text).is_err(), "{text}");
        }
        assert_eq!(Literal::parse(&"[".repeat(100_000)), Err(LiteralError::Depth));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            _ = Literal::parse(&text);
        }

        #[test]
        fn nothing_made_of_its_own_characters_makes_it_panic(text in r#"[\[\](){}'",:\\xuU0-9.eE+\- \nTrueNo]{0,60}"#) {
            _ = Literal::parse(&text);
        }

        #[test]
        fn text_between_quotes_comes_out_as_it_went_in(name in "[^\\\\'\n]{0,20}", value in "[^\\\\'\n]{0,20}") {
            prop_assert_eq!(dict(&format!("{{'{name}': '{value}'}}")), vec![(name, value)]);
        }
    }
}
