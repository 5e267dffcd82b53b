//! The older form: a list of lists, one of which has to pass whole.

use serde_json::Value;

use super::{Check, SyntaxError, SyntaxProblem, parse};

/// Why a list is no check.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("a list of checks holds texts and lists of texts only")]
    NotText,
    #[error("'{text}' in the list: {problem}")]
    Syntax { text: String, problem: SyntaxProblem },
}

/// `[["a:b", "c:d"], "e:f"]` is `a:b and c:d or e:f`. An empty list is everybody; one of empty lists only, nobody.
pub fn from_lists(lists: &[Value]) -> Result<Check, ListError> {
    if lists.is_empty() {
        return Ok(Check::Always);
    }
    let mut any = Vec::new();
    for inner in lists {
        let all = match inner {
            Value::String(text) if text.is_empty() => continue,
            Value::String(text) => vec![single(text)?],
            Value::Array(texts) if texts.is_empty() => continue,
            Value::Array(texts) => {
                texts.iter().map(|text| single(text.as_str().ok_or(ListError::NotText)?)).collect::<Result<_, _>>()?
            }
            _ => return Err(ListError::NotText),
        };
        any.push(joined(all, Check::All));
    }
    Ok(if any.is_empty() { Check::Never } else { joined(any, Check::Any) })
}

fn joined(mut checks: Vec<Check>, of: fn(Vec<Check>) -> Check) -> Check {
    if checks.len() == 1 { checks.swap_remove(0) } else { of(checks) }
}

fn single(text: &str) -> Result<Check, ListError> {
    parse::single(text).map_err(|SyntaxError { problem, .. }| ListError::Syntax { text: text.to_owned(), problem })
}
