//! What is worth saying about a configuration that can be used: options without effect, and names that nobody knows.

use std::fmt;

use jeroboam_model::nearest::nearest;

use super::{Ini, ini::Place, options};

/// Sections of libraries that Magnum has and this has not.
const FREE_SECTIONS: &[&str] = &["docker"];

/// Options of `[<service>_client]` sections that are read.
pub const CLIENT_OPTIONS: &[&str] = &["endpoint_type", "region_name", "endpoint_override"];

#[derive(Debug, PartialEq, Eq)]
pub struct Notice {
    pub place: Place,
    pub section: String,
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// With the reason.
    WithoutEffect(&'static str),
    /// Read, and meant otherwise than in Magnum.
    Means(&'static str),
    /// With what was likely meant.
    Unknown(Option<String>),
}

/// One for each option that will not be read.
pub fn of(ini: &Ini) -> Vec<Notice> {
    ini.options()
        .filter_map(|(section, name, place)| {
            let kind = judge(section, name).or_else(|| reading(ini, section, name))?;
            Some(Notice { place: place.clone(), section: section.to_owned(), name: name.to_owned(), kind })
        })
        .collect()
}

fn judge(section: &str, name: &str) -> Option<Kind> {
    // Origins with rules of their own: `[cors.<name>]`.
    let section = if section.starts_with("cors.") { "cors" } else { section };
    let known = |about: &options::About| about.section == section && about.name == name;
    if options::ALL.iter().any(known) || section.starts_with("driver:") {
        return None;
    }
    let without = options::WITHOUT_EFFECT.iter().find(|(s, n, _)| *s == section && (*n == name || *n == "*"));
    if let Some((_, _, reason)) = without {
        return Some(Kind::WithoutEffect(reason));
    }
    if section.ends_with("_client") {
        return (!CLIENT_OPTIONS.contains(&name)).then_some(Kind::WithoutEffect("see [keystone_auth]"));
    }
    if FREE_SECTIONS.contains(&section) {
        return Some(Kind::WithoutEffect("this part of Magnum's configuration is not read yet"));
    }
    // Defaults may hold names that are only there to be referred to.
    (section != "DEFAULT").then(|| Kind::Unknown(likely(section, name)))
}

/// Values that are taken for something else than Magnum takes them for.
fn reading(ini: &Ini, section: &str, name: &str) -> Option<Kind> {
    if section.starts_with("cors.") && ini.get(section, "allowed_origin").is_none_or(|origins| origins.trim().is_empty()) {
        return Some(Kind::WithoutEffect("the section has no allowed_origin"));
    }
    let is_manager = (section, name) == ("certificates", "cert_manager_type");
    let in_store = || matches!(ini.get(section, name).as_deref().map(str::trim), Some("x509keypair" | "local"));
    (is_manager && in_store()).then_some(Kind::Means("private keys are kept in the store, sealed"))
}

fn likely(section: &str, name: &str) -> Option<String> {
    let known = options::ALL.iter().filter(|about| about.section == section).map(|about| about.name);
    nearest(name, known).map(str::to_owned)
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, section, name, kind } = self;
        write!(f, "{}:{}: [{section}] {name} ", place.file, place.line)?;
        match kind {
            Kind::WithoutEffect(reason) => write!(f, "has no effect: {reason}"),
            Kind::Means(reading) => write!(f, "means: {reading}"),
            Kind::Unknown(Some(likely)) => write!(f, "is not known; was {likely} meant?"),
            Kind::Unknown(None) => write!(f, "is not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_for_origins_are_known_and_need_one() {
        let mut ini = Ini::default();
        ini.read("m", "[cors]\nmax_age = 1\n[cors.ui]\nallowed_origin = https://ui\nmaxage = 2\n[cors.none]\nmax_age = 3\n")
            .unwrap();
        let notices: Vec<String> = of(&ini).iter().map(ToString::to_string).collect();
        assert_eq!(
            notices,
            [
                "m:7: [cors.none] max_age has no effect: the section has no allowed_origin",
                "m:5: [cors.ui] maxage is not known; was max_age meant?",
            ]
        );
    }

    #[test]
    fn an_existing_configuration_is_read_and_what_cannot_apply_is_said_once() {
        let mut ini = Ini::default();
        ini.read(
            "magnum.conf",
            "[DEFAULT]\ntransport_url = rabbit://x\n[database]\nconnection = mysql://x\n[api]\nport = 9511\nhosts = a\n[heat_client]\nregion_name = R\n[driver:kubernetes]\nx = 1\n[certificates]\ncert_manager_type = local\n",
        )
        .unwrap();
        let notices: Vec<String> = of(&ini).iter().map(ToString::to_string).collect();
        assert_eq!(
            notices,
            [
                "magnum.conf:2: [DEFAULT] transport_url has no effect: there is no message bus: one process does all the work",
                "magnum.conf:7: [api] hosts is not known; was host meant?",
                "magnum.conf:13: [certificates] cert_manager_type means: private keys are kept in the store, sealed",
                "magnum.conf:4: [database] connection has no effect: see [store]",
            ]
        );
    }
}
