//! A check as text, with as few parentheses as it needs.

use std::fmt;

use super::{Check, Left};

/// How tight a check binds, the loosest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Any,
    All,
    One,
}

impl Check {
    fn binding(&self) -> Binding {
        match self {
            Self::Any(_) => Binding::Any,
            Self::All(_) => Binding::All,
            _ => Binding::One,
        }
    }

    fn within(&self, around: &Binding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.binding() > *around || self.binding() == Binding::One { write!(f, "{self}") } else { write!(f, "({self})") }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |checks: &[Self], word: &str, f: &mut fmt::Formatter<'_>| {
            checks.iter().enumerate().try_for_each(|(i, check)| {
                if i > 0 {
                    f.write_str(word)?;
                }
                check.within(&self.binding(), f)
            })
        };
        match self {
            Self::Always => f.write_str("@"),
            Self::Never => f.write_str("!"),
            Self::Not(check) => {
                f.write_str("not ")?;
                check.within(&Binding::All, f)
            }
            Self::All(checks) => joined(checks, " and ", f),
            Self::Any(checks) => joined(checks, " or ", f),
            Self::Rule(name) => write!(f, "rule:{name}"),
            Self::Role(name) => write!(f, "role:{name}"),
            Self::Equal { left, right } => write!(f, "{left}:{right}"),
        }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => {
                let quote = if text.contains('\'') { '"' } else { '\'' };
                write!(f, "{quote}{text}{quote}")
            }
            Self::Word(word) => f.write_str(word),
            Self::Credential(names) => f.write_str(&names.join(".")),
        }
    }
}
