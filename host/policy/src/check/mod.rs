//! The language of checks, as a closed type.
//!
//! ```text
//! check    = "" | any                     "" is everybody
//! any      = all *("or" all)
//! all      = negation *("and" negation)
//! negation = *"not" ("(" any ")" | atom)
//! atom     = "@" | "!" | "rule:" name | "role:" template | left ":" template
//! left     = "'" text "'" | True | False | None | integer | credential *("." credential)
//! template = *(text | "%(" attribute ")s" | "%%")
//! ```
//!
//! As in oslo.policy, what separates words is white space and parentheses at their ends, and `and`, `or` and `not` may be written in capitals.

mod list;
mod parse;
mod print;
mod template;
mod token;

use std::str::FromStr;

pub use list::{ListError, from_lists};
pub use parse::{MAX_DEPTH, MAX_LENGTH, SyntaxError, SyntaxProblem};
pub use template::{Part, Template};

/// Who passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// `@`: everybody.
    Always,
    /// `!`: nobody.
    Never,
    Not(Box<Check>),
    /// All of two or more.
    All(Vec<Check>),
    /// One of two or more.
    Any(Vec<Check>),
    /// `rule:name`: who passes that rule.
    Rule(String),
    /// `role:name`: whose token has the role, in whatever case.
    Role(Template),
    /// `left:right`: where both are the same text.
    Equal {
        left: Left,
        right: Template,
    },
}

/// What a comparison is made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// `'text'`.
    Text(String),
    /// `True`, `False`, `None` or a whole number: compared as it is written.
    Word(String),
    /// An attribute of the caller; of one that is an object or a list, what is inside.
    Credential(Vec<String>),
}

impl FromStr for Check {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        parse::check(text)
    }
}

#[cfg(test)]
mod tests;
