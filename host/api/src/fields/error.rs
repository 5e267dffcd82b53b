//! What is wrong with a body's attributes.

/// An attribute that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error("Unknown attribute{} for argument {argument}: {}", if names.len() == 1 { "" } else { "s" }, listed(names))]
    Unknown { argument: &'static str, names: Vec<String> },
    #[error("Invalid input for field/attribute {field}. Value: '{value}'. {reason}.")]
    Invalid { field: String, value: String, reason: String },
}

/// How many names an error repeats.
const MOST_NAMES: usize = 10;
/// How much of a client's own text an error repeats, in characters.
const ECHO: usize = 120;

impl FieldError {
    pub fn invalid(field: &str, value: impl AsRef<str>, reason: impl Into<String>) -> Self {
        Self::Invalid { field: echo(field), value: echo(value.as_ref()), reason: reason.into() }
    }

    pub fn mandatory(field: &str) -> Self {
        Self::invalid(field, "", "Mandatory field missing")
    }

    pub fn read_only(field: &str, value: &serde_json::Value) -> Self {
        Self::invalid(field, render(value), "Cannot set read only field")
    }

    /// One line that says all: clients show no more than the title.
    pub fn title(&self) -> String {
        match self {
            Self::Unknown { .. } => self.to_string(),
            Self::Invalid { field, value, reason } => {
                format!("Invalid input for field/attribute {field}, value '{value}': {reason}")
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A client's text, short enough to be repeated, and without control characters.
pub fn echo(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut characters = text.chars();
    let mut echo: String = characters.by_ref().take(ECHO).map(clean).collect();
    if characters.next().is_some() {
        echo.push('…');
    }
    echo
}

/// A value as it is shown in errors: text without quotes, everything else as JSON.
pub fn render(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => echo(text),
        serde_json::Value::Null => "None".to_owned(),
        serde_json::Value::Array(_) => "a list".to_owned(),
        serde_json::Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}
