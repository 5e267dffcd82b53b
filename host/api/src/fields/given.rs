//! What a request says about an attribute.

/// Absent and `null` are different things to Magnum: the one inherits, the other empties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<T> Given<T> {
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    pub fn as_value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// `absent` if nothing was said, `null` if `null` was.
    pub fn unwrap_or_else(self, absent: impl FnOnce() -> T, null: impl FnOnce() -> T) -> T {
        match self {
            Self::Value(value) => value,
            Self::Absent => absent(),
            Self::Null => null(),
        }
    }
}

impl<T> From<Option<T>> for Given<T> {
    /// As a resource has it: what is not set is `null`.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T> From<T> for Given<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}
