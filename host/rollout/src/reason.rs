//! Why a component does not serve, for those who can change it.

use jeroboam_model::driver::Reason;
use jeroboam_plugins::{ComponentError, LoadError};

/// One sentence for the operator, and one for the author if the component has to change.
pub(crate) fn reason(error: &LoadError) -> Reason {
    let said = Reason::operator(sentence(&error.to_string()));
    match error {
        LoadError::Component(error) => component(error),
        LoadError::Compile(_) | LoadError::Link(_) => said.and_author("Build it again for the world coe-driver of jeroboam:coe@0.1.0, with current tools."),
        LoadError::Describe(_) | LoadError::Description(_) => {
            said.and_author("describe must answer at once, without asking for anything, as the WIT file says; run `jeroboam driver check` on the component.")
        }
        _ => said,
    }
}

fn component(error: &ComponentError) -> Reason {
    Reason { operator: sentence(&error.to_string()), author: error.author().map(|told| sentence(&told)) }
}

fn sentence(text: &str) -> String {
    let text = capital(text);
    if text.ends_with('.') { text } else { format!("{text}.") }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
