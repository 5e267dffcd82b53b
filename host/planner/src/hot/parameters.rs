//! Parameters: what a template declares of them, and what values of that type mean.

use jeroboam_model::driver::Value;
use serde_yaml_ng::Value as Yaml;

use super::term::{Number, Term};

/// A parameter as a template declares it. Descriptions and labels are for people, and make no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) kind: Kind,
    pub(crate) default: Option<Term>,
    pub(crate) hidden: bool,
    /// Heat refuses an update that changes it.
    pub(crate) immutable: bool,
    pub(crate) constraints: Term,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    /// `comma_delimited_list`
    List,
    Json,
    Boolean,
}

impl Parameter {
    pub(super) fn read(yaml: &Yaml) -> Option<Self> {
        let kind = match yaml.get("type")?.as_str()? {
            "string" => Kind::Text,
            "number" => Kind::Number,
            "comma_delimited_list" => Kind::List,
            "json" => Kind::Json,
            "boolean" => Kind::Boolean,
            _ => return None,
        };
        let flag = |name| yaml.get(name).is_some_and(|flag| matches!(flag, Yaml::Bool(true)) || flag.as_str() == Some("true"));
        Some(Self {
            kind,
            default: yaml.get("default").map(|default| kind.normal(&Term::of_yaml(default))),
            hidden: flag("hidden"),
            immutable: flag("immutable"),
            constraints: yaml.get("constraints").map_or(Term::Null, constraints),
        })
    }

    /// A value for it, in its type's form.
    pub(super) fn take(&self, value: &Term) -> Term {
        match self.kind.normal(value) {
            Term::Hidden(term) => Term::Hidden(term),
            Term::Null => Term::Null,
            term if self.hidden => Term::Hidden(term.into()),
            term => term,
        }
    }
}

/// Their descriptions are for people too.
fn constraints(yaml: &Yaml) -> Term {
    let Yaml::Sequence(items) = yaml else { return Term::of_yaml(yaml) };
    let without = items.iter().map(|item| {
        let mut item = item.clone();
        if let Yaml::Mapping(mapping) = &mut item {
            mapping.remove("description");
        }
        Term::of_yaml(&item)
    });
    Term::list(without.collect())
}

impl Kind {
    /// One form for all that Heat takes as the same value of the type. What is not known yet stays as it is.
    fn normal(self, value: &Term) -> Term {
        match (self, value) {
            (_, Term::Hidden(term)) => Term::Hidden(self.normal(term).into()),
            (Self::Text, Term::Number(number)) => Term::text(&match number {
                Number::Whole(whole) => whole.to_string(),
                Number::Broken(bits) => f64::from_bits(*bits).to_string(),
            }),
            (Self::Text, Term::Flag(flag)) => Term::text(if *flag { "True" } else { "False" }),
            (Self::Number, Term::Text(text)) => number(text).map_or_else(|| value.clone(), Term::Number),
            (Self::Boolean, Term::Text(text)) => flag(text).map_or_else(|| value.clone(), Term::Flag),
            (Self::Boolean, Term::Number(Number::Whole(whole @ (0 | 1)))) => Term::Flag(*whole == 1),
            (Self::List, Term::Text(text)) if text.is_empty() => Term::list(Vec::new()),
            (Self::List, Term::Text(text)) => Term::list(text.split(',').map(|item| Term::text(item.trim())).collect()),
            (Self::List, Term::List(items)) => Term::list(items.iter().map(|item| Self::Text.normal(item)).collect()),
            (Self::Json, Term::Text(text)) => {
                serde_json::from_str(text).map_or_else(|_| value.clone(), |json| Term::of_json(&json))
            }
            _ => value.clone(),
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    text.parse().map(Number::Whole).ok().or_else(|| text.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::of))
}

/// What Heat takes for a boolean.
fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "on" | "y" | "yes" | "1" => Some(true),
        "f" | "false" | "off" | "n" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// A value as the driver gave it.
pub(super) fn given(value: &Value) -> Term {
    match value {
        Value::Text(text) => Term::text(text),
        Value::Number(number) => Term::Number(Number::Whole(*number)),
        Value::Flag(flag) => Term::Flag(*flag),
        Value::Json(json) => Term::of_json(json),
        Value::Secret(name) => Term::Secret(name.clone()),
    }
}
