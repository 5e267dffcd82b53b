//! Between the contract's records and the model's types. What goes to a guest is copied; what comes from one is parsed once,
//! here, into closed types, or is a [`Bad`] answer.

pub(crate) mod cluster;
pub(crate) mod definition;
pub(crate) mod description;
pub(crate) mod error;
pub(crate) mod observation;
pub(crate) mod resource;
pub(crate) mod template;
pub(crate) mod upgrade;

use std::collections::HashSet;

use jeroboam_model::Labels;

/// What is wrong with an answer, for its driver's author; begins with the place: "parameters/fixed_network: …".
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bad(pub(crate) String);

pub(crate) fn bad<T>(place: &str, what: impl std::fmt::Display) -> Result<T, Bad> {
    Err(Bad(crate::text::message(&format!("{place}: {what}"))))
}

fn pairs(labels: &Labels) -> Vec<(String, String)> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// No name may stand twice.
fn distinct<'a>(place: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Bad> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return bad(place, format_args!("{name} is there twice"));
        }
    }
    Ok(())
}
