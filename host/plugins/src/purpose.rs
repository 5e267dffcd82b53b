//! What calls are made for.

/// What the calls of a handle are made for. Operators see them apart: what a version does while it is tried is nobody's trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Clusters, and those that are to be.
    Serve,
    /// To see whether it is a driver, and how it answers.
    Check,
    /// To see what it would change.
    Plan,
}

impl Purpose {
    /// As metrics call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Check => "check",
            Self::Plan => "plan",
        }
    }
}
