//! What is wrong with policy files, and what is worth knowing of them.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::check::SyntaxProblem;

/// What keeps a policy from being used: where it is, and what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{kind}")]
pub struct Problem {
    pub place: Place,
    pub kind: ProblemKind,
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `None`: a default.
    pub file: Option<Arc<PathBuf>>,
    pub rule: Option<String>,
    /// In the check, in characters from 1.
    pub column: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    #[error("it cannot be read ({0}); let the service read it")]
    Unreadable(String),
    #[error("more than {} KiB, which no policy needs", crate::file::MAX_BYTES >> 10)]
    TooLong,
    #[error("it is no file")]
    NoFile,
    #[error("expected an object of rule names and checks: {0}")]
    NotRules(String),
    #[error("the rule is given twice; take one away")]
    Twice,
    #[error("{0} is no check; write a text, such as \"role:admin\", @ for everybody or ! for nobody")]
    NotAText(&'static str),
    #[error("{0}")]
    Syntax(SyntaxProblem),
    #[error("{0}")]
    List(crate::check::ListError),
    #[error("the rule refers to itself: {0}; let one of them say it with roles and attributes")]
    Cycle(String),
    #[error("with all that it refers to the rule has more than {} checks; make it simpler", crate::compile::MAX_NODES)]
    TooLarge,
}

/// Everything that keeps a policy from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<Problem>);

/// What does not keep it from being used, and is not as its author may think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub place: Place,
    pub kind: NoticeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Nothing asks for this rule, though others can refer to it. With the rule that was likely meant.
    Unknown(Option<String>),
    /// A reference to a rule that is nowhere: nobody passes, or who passes the default rule.
    Undefined { name: String, likely: Option<String> },
    /// What the default says already.
    Redundant,
    /// The name of a rule that is called otherwise now.
    Renamed(&'static str),
    /// No caller has this attribute.
    NoCredential(String),
    /// No target has this attribute.
    NoAttribute(String),
    /// The file that was named is not there.
    Absent,
    /// A file that Magnum read once by itself.
    Json,
}

impl Problem {
    pub(crate) fn of_file(path: &Path, kind: ProblemKind) -> Self {
        Self { place: Place { file: Some(Arc::new(path.to_owned())), ..Place::default() }, kind }
    }

    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::of_file(path, ProblemKind::Unreadable(error.to_string()))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if let Some(rule) = &self.rule {
            write!(f, "{rule}: ")?;
        }
        self.column.map_or(Ok(()), |column| write!(f, "column {column}: "))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => f.write_str("the policy cannot be used"),
            [only] => only.fmt(f),
            [first, more @ ..] => write!(f, "{first} (and {} more; see `jeroboam policy check`)", more.len()),
        }
    }
}

impl std::error::Error for Refused {}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)?;
        let meant = |f: &mut fmt::Formatter<'_>, likely: &Option<String>| match likely {
            Some(likely) => write!(f, "; was {likely} meant?"),
            None => Ok(()),
        };
        match &self.kind {
            NoticeKind::Unknown(likely) => {
                f.write_str("nothing asks for this rule; others can refer to it")?;
                meant(f, likely)
            }
            NoticeKind::Undefined { name, likely } => {
                write!(f, "rule:{name} is not defined")?;
                meant(f, likely)
            }
            NoticeKind::Redundant => f.write_str("this is the default; it can be taken away"),
            NoticeKind::Renamed(now) => write!(f, "this rule is called {now} now; its check is used for that one"),
            NoticeKind::NoCredential(name) => write!(f, "no caller has an attribute {name}: this is never so"),
            NoticeKind::NoAttribute(name) => {
                write!(f, "nothing that rules are asked about has an attribute {name}: this is never so")
            }
            NoticeKind::Absent => f.write_str("[oslo_policy] policy_file is not there: the defaults hold"),
            NoticeKind::Json => f.write_str("not read, as [oslo_policy] policy_file does not name it"),
        }
    }
}
