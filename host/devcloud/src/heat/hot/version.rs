//! Template versions, and what each knows.

use crate::heat::error::{ErrorKind, HeatError, Result};

/// A `heat_template_version`, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    Icehouse,
    Juno,
    Kilo,
    Liberty,
    Mitaka,
    Newton,
    Ocata,
    Pike,
    Queens,
    Rocky,
    Wallaby,
}

/// Date, release name (accepted since Newton), version.
const VERSIONS: &[(&str, Option<&str>, Version)] = &[
    ("2013-05-23", None, Version::Icehouse),
    ("2014-10-16", None, Version::Juno),
    ("2015-04-30", None, Version::Kilo),
    ("2015-10-15", None, Version::Liberty),
    ("2016-04-08", None, Version::Mitaka),
    ("2016-10-14", Some("newton"), Version::Newton),
    ("2017-02-24", Some("ocata"), Version::Ocata),
    ("2017-09-01", Some("pike"), Version::Pike),
    ("2018-03-02", Some("queens"), Version::Queens),
    ("2018-08-31", Some("rocky"), Version::Rocky),
    ("2021-04-16", Some("wallaby"), Version::Wallaby),
];

/// A function's name, what it is for, and the first version that has it.
pub const FUNCTIONS: &[(&str, &str, Version)] = &[
    ("get_param", "The value of a parameter, or a part of it.", Version::Icehouse),
    ("get_resource", "The reference id of a resource.", Version::Icehouse),
    ("get_attr", "An attribute of a resource, or a part of it.", Version::Icehouse),
    ("get_file", "The content of a file sent with the template.", Version::Icehouse),
    ("str_replace", "A text with its placeholders replaced.", Version::Icehouse),
    ("resource_facade", "Data of the resource in the parent stack.", Version::Icehouse),
    ("list_join", "The items of lists, joined by a delimiter.", Version::Icehouse),
    ("digest", "The hexadecimal digest of a text.", Version::Kilo),
    ("repeat", "A template repeated for each item of lists.", Version::Kilo),
    ("str_split", "A text split by a delimiter.", Version::Liberty),
    ("map_merge", "Maps merged, later ones winning.", Version::Mitaka),
    ("map_replace", "A map with keys and values replaced.", Version::Newton),
    ("if", "One of two values, by a condition.", Version::Newton),
    ("yaql", "A YAQL expression (not evaluated by this simulated Heat).", Version::Newton),
    ("filter", "A list without some values.", Version::Ocata),
    ("str_replace_strict", "As str_replace; every placeholder must be in the text.", Version::Ocata),
    ("str_replace_vstrict", "As str_replace_strict; no value may be empty.", Version::Pike),
    ("make_url", "A URL from its parts.", Version::Pike),
    ("list_concat", "Lists, one after the other.", Version::Pike),
    ("list_concat_unique", "As list_concat, without repeats.", Version::Pike),
    ("contains", "Whether a value is in a list.", Version::Pike),
];

/// As [`FUNCTIONS`], for conditions.
pub const CONDITION_FUNCTIONS: &[(&str, &str, Version)] = &[
    ("get_param", "The value of a parameter, or a part of it.", Version::Newton),
    ("equals", "Whether two values are equal.", Version::Newton),
    ("not", "The opposite of a condition.", Version::Newton),
    ("and", "Whether all conditions hold.", Version::Newton),
    ("or", "Whether any condition holds.", Version::Newton),
    ("yaql", "A YAQL expression (not evaluated by this simulated Heat).", Version::Pike),
    ("contains", "Whether a value is in a list.", Version::Pike),
];

impl Version {
    pub fn parse(text: &str) -> Result<Self> {
        // A YAML date may have come through as a timestamp.
        let date = text.get(..10).filter(|_| text.len() > 10 && text.contains([' ', 'T'])).unwrap_or(text);
        VERSIONS
            .iter()
            .find(|(known, name, _)| *known == date || *name == Some(text))
            .map(|(_, _, version)| *version)
            .ok_or_else(|| {
                let known = Self::names().collect::<Vec<_>>().join(", ");
                HeatError::new(
                    ErrorKind::InvalidTemplateVersion,
                    format!("The template version is invalid: \"heat_template_version: {text}\". \"heat_template_version\" should be one of: {known}"),
                )
            })
    }

    /// The date that names it in templates.
    #[must_use]
    pub fn date(self) -> &'static str {
        VERSIONS.iter().find(|(_, _, version)| *version == self).map_or("", |(date, _, _)| date)
    }

    /// Every accepted spelling.
    pub fn names() -> impl Iterator<Item = &'static str> {
        VERSIONS.iter().flat_map(|(date, name, _)| std::iter::once(*date).chain(*name))
    }

    /// Whether `name` is a function of this version's templates.
    #[must_use]
    pub fn has_function(self, name: &str) -> bool {
        FUNCTIONS.iter().any(|(known, _, since)| *known == name && *since <= self)
    }

    #[must_use]
    pub fn has_conditions(self) -> bool {
        self >= Self::Newton
    }
}
