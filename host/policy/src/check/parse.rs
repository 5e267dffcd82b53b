//! A check from text.

use super::{
    Check, Left, Template,
    token::{Token, tokens},
};

/// Longer checks are refused, in bytes.
pub const MAX_LENGTH: usize = 16 << 10;
/// So are those with more parentheses and negations within each other.
pub const MAX_DEPTH: usize = 64;

/// Where a text stops being a check, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {problem}")]
pub struct SyntaxError {
    /// In characters, from 1.
    pub column: usize,
    pub problem: SyntaxProblem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxProblem {
    #[error(
        "the check has more than {MAX_LENGTH} bytes; move parts of it to rules of their own and refer to them with rule:NAME"
    )]
    TooLong,
    #[error("more than {MAX_DEPTH} parentheses and negations within each other; move parts to rules of their own")]
    TooDeep,
    #[error("there are only blanks; write @ for everybody or ! for nobody")]
    Blank,
    #[error("'{0}' is no check; expected @, !, rule:NAME, role:NAME or ATTRIBUTE:VALUE, such as project_id:%(project_id)s")]
    NotACheck(String),
    #[error("a text in quotes is no check; compare it with something, such as 'text':%(name)s")]
    Quoted,
    #[error("checks by {0}: ask another service, which is not supported; say it with roles and attributes")]
    Remote(String),
    #[error("a name is missing after {0}:")]
    NoName(String),
    #[error("'{0}' is neither an attribute of the caller nor a literal ('text', True, False, None or a whole number)")]
    Left(String),
    #[error("a substitution is written %(NAME)s, and a percent sign %%")]
    Substitution,
    #[error("a check is missing here")]
    Missing,
    #[error("'and' or 'or' is missing before this")]
    NoOperator,
    #[error("this '(' is not closed")]
    Unclosed,
    #[error("there is no '(' for this ')'")]
    Unopened,
}

impl SyntaxError {
    fn at<T>(column: usize, problem: SyntaxProblem) -> Result<T, Self> {
        Err(Self { column, problem })
    }
}

pub(super) fn check(text: &str) -> Result<Check, SyntaxError> {
    if text.is_empty() {
        return Ok(Check::Always);
    }
    if text.len() > MAX_LENGTH {
        return SyntaxError::at(1, SyntaxProblem::TooLong);
    }
    let tokens = tokens(text);
    if tokens.is_empty() {
        return SyntaxError::at(1, SyntaxProblem::Blank);
    }
    let mut parser = Parser { tokens: &tokens, end: text.chars().count() + 1, depth: 0 };
    let check = parser.any()?;
    match parser.tokens.first() {
        None => Ok(check),
        Some((column, Token::Close)) => SyntaxError::at(*column, SyntaxProblem::Unopened),
        Some((column, _)) => SyntaxError::at(*column, SyntaxProblem::NoOperator),
    }
}

/// One atom and nothing else, as lists hold them.
pub(super) fn single(text: &str) -> Result<Check, SyntaxError> {
    if text.len() > MAX_LENGTH {
        return SyntaxError::at(1, SyntaxProblem::TooLong);
    }
    match tokens(text).as_slice() {
        [(column, Token::Atom(word))] if *word == text => atom(word, *column),
        _ => SyntaxError::at(1, SyntaxProblem::NotACheck(shown(text))),
    }
}

struct Parser<'t, 'a> {
    tokens: &'t [(usize, Token<'a>)],
    /// The column after the last.
    end: usize,
    depth: usize,
}

impl<'a> Parser<'_, 'a> {
    fn any(&mut self) -> Result<Check, SyntaxError> {
        let mut checks = vec![self.all()?];
        while self.take(Token::Or) {
            checks.push(self.all()?);
        }
        Ok(one_or(checks, Check::Any))
    }

    fn all(&mut self) -> Result<Check, SyntaxError> {
        let mut checks = vec![self.negation()?];
        while self.take(Token::And) {
            checks.push(self.negation()?);
        }
        Ok(one_or(checks, Check::All))
    }

    fn negation(&mut self) -> Result<Check, SyntaxError> {
        let Some((column, token)) = self.next() else { return SyntaxError::at(self.end, SyntaxProblem::Missing) };
        match token {
            Token::Atom(word) => atom(word, column),
            Token::Not => Ok(Check::Not(Box::new(self.deeper(column, Self::negation)?))),
            Token::Open => {
                let check = self.deeper(column, Self::any)?;
                match self.tokens.first() {
                    Some((_, Token::Close)) => {
                        self.next();
                        Ok(check)
                    }
                    Some((at, _)) => SyntaxError::at(*at, SyntaxProblem::NoOperator),
                    None => SyntaxError::at(column, SyntaxProblem::Unclosed),
                }
            }
            Token::And | Token::Or | Token::Close => SyntaxError::at(column, SyntaxProblem::Missing),
        }
    }

    fn deeper(&mut self, column: usize, parse: fn(&mut Self) -> Result<Check, SyntaxError>) -> Result<Check, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return SyntaxError::at(column, SyntaxProblem::TooDeep);
        }
        let check = parse(self)?;
        self.depth -= 1;
        Ok(check)
    }

    fn next(&mut self) -> Option<(usize, Token<'a>)> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn take(&mut self, wanted: Token<'_>) -> bool {
        let is_there = self.tokens.first().is_some_and(|(_, token)| *token == wanted);
        if is_there {
            self.next();
        }
        is_there
    }
}

fn one_or(mut checks: Vec<Check>, of: fn(Vec<Check>) -> Check) -> Check {
    match checks.pop() {
        Some(only) if checks.is_empty() => only,
        last => {
            checks.extend(last);
            of(checks)
        }
    }
}

fn atom(word: &str, column: usize) -> Result<Check, SyntaxError> {
    match word {
        "@" => return Ok(Check::Always),
        "!" => return Ok(Check::Never),
        _ => {}
    }
    let quote = word.chars().next().filter(|c| matches!(c, '\'' | '"'));
    if quote.is_some_and(|quote| word.len() > 1 && word.ends_with(quote)) {
        return SyntaxError::at(column, SyntaxProblem::Quoted);
    }
    let Some((kind, right)) = word.split_once(':') else {
        return SyntaxError::at(column, SyntaxProblem::NotACheck(shown(word)));
    };
    let template = |text| Template::parse(text, column + kind.chars().count() + 1);
    match kind {
        "rule" | "role" if right.is_empty() => SyntaxError::at(column, SyntaxProblem::NoName(kind.to_owned())),
        "rule" => Ok(Check::Rule(right.to_owned())),
        "role" => Ok(Check::Role(template(right)?)),
        "http" | "https" => SyntaxError::at(column, SyntaxProblem::Remote(kind.to_owned())),
        _ => match left(kind) {
            Some(left) => Ok(Check::Equal { left, right: template(right)? }),
            None => SyntaxError::at(column, SyntaxProblem::Left(shown(kind))),
        },
    }
}

fn left(kind: &str) -> Option<Left> {
    if let Some(quote) = kind.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let text = kind.strip_prefix(quote)?.strip_suffix(quote)?;
        return (!text.contains([quote, '\\'])).then(|| Left::Text(text.to_owned()));
    }
    if matches!(kind, "True" | "False" | "None") || is_whole_number(kind) {
        return Some(Left::Word(kind.to_owned()));
    }
    let names: Vec<String> = kind.split('.').map(str::to_owned).collect();
    names.iter().all(|name| is_name(name)).then_some(Left::Credential(names))
}

/// As Python prints it: another spelling would never be equal to anything.
fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').filter(|digits| *digits != "0").unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Short enough for an error.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if shown.chars().count() < text.chars().count() {
        shown.push('…');
    }
    shown
}
