//! A request and what has to come of it.

use serde_json::{Value, json};

use super::support::Answer;
use super::table::{Reply, Version, Who};

#[derive(Clone, Debug)]
pub struct Case {
    /// The attribute that it is about.
    pub field: String,
    /// How it is given.
    pub way: String,
    pub version: Version,
    pub caller: Who,
    pub method: String,
    /// With `{}` for the thing that is changed.
    pub path: String,
    pub on: On,
    pub body: Value,
    pub expected: Expected,
}

/// What a request is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// What the tables name.
    Anything,
    /// Something of the resource with as little said about it as can be.
    Bare,
    /// Something on which everything is set.
    Full,
}

#[derive(Clone, Debug)]
pub enum Expected {
    Taken(Taken),
    Refused {
        status: u16,
        /// Any of these is in the text.
        says: Vec<String>,
    },
    /// The resource is not in this version; with the status that says so.
    NotInVersion(u16),
}

/// What shows that a request was done.
#[derive(Clone, Debug)]
pub struct Taken {
    pub status: u16,
    pub reply: Reply,
    pub attribute: String,
    /// Nothing: it is there, whatever it is.
    pub shown: Option<Value>,
}

impl Expected {
    pub fn refused(says: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Refused { status: 400, says: says.into_iter().map(Into::into).collect() }
    }

    /// `refused`, `any`, or a value.
    pub fn from_word(value: &Value, says: &str, taken: &Taken) -> Self {
        match value.as_str() {
            Some("refused") => Self::refused([says]),
            Some("any") => Self::Taken(Taken { shown: None, ..taken.clone() }),
            _ => Self::Taken(Taken { shown: Some(value.clone()), ..taken.clone() }),
        }
    }
}

impl Case {
    /// What is wrong with the answer itself.
    pub fn judge(&self, answer: &Answer) -> Result<(), String> {
        match &self.expected {
            Expected::Taken(taken) if answer.status == taken.status => Ok(()),
            Expected::Taken(taken) => Err(format!("expected {}", taken.status)),
            Expected::NotInVersion(status) => {
                let detail = refusal(answer, *status)?;
                let text = format!("Version {} was requested", self.version);
                let is_said = detail.contains(&text) || detail.contains("not supported in the provided microversion");
                if is_said { Ok(()) } else { Err(format!("expected \"{text}\"")) }
            }
            Expected::Refused { status, says } => {
                let detail = refusal(answer, *status)?.to_lowercase();
                let is_said = says.is_empty() || says.iter().any(|text| detail.contains(&text.to_lowercase()));
                if is_said { Ok(()) } else { Err(format!("expected it to name {}", says.join(" or "))) }
            }
        }
    }

    /// For reports.
    pub fn line(&self, resource: &str, answer: &Answer, wrong: &str) -> String {
        let (body, text) = (short(&self.body.to_string()), short(&answer.text));
        let Self { field, way, version, method, path, .. } = self;
        format!("{resource}.{field}, {way}, at {version}: {wrong}\n    {method} {path} {body}\n    {} {text}", answer.status)
    }
}

/// The text of an error in Magnum's shape, with exactly its members; or what it is not.
pub fn refusal(answer: &Answer, status: u16) -> Result<String, String> {
    if answer.status != status {
        return Err(format!("expected {status}"));
    }
    let body: Value = serde_json::from_str(&answer.text).map_err(|error| format!("the error is no JSON: {error}"))?;
    let error = &body["errors"][0];
    let keys: Vec<&str> = error.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default();
    if keys != ["request_id", "code", "status", "title", "detail", "links"] {
        return Err(format!("the error has {keys:?}"));
    }
    let id = answer.header("x-openstack-request-id").unwrap_or_default();
    let code = if status == 406 || status == 405 { "" } else { "client" };
    let framework = json!([status, [], code, id]);
    if json!([error["status"], error["links"], error["code"], error["request_id"]]) != framework {
        return Err("the error is not of Magnum's shape".to_owned());
    }
    error["detail"].as_str().map(str::to_owned).ok_or_else(|| "the error has no detail".to_owned())
}

fn short(text: &str) -> String {
    let mut characters = text.chars();
    let head: String = characters.by_ref().take(400).collect();
    if characters.next().is_some() { head + "…" } else { head }
}
