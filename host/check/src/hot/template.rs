//! A parsed template that still knows its lines.

use serde_yaml_ng::Value as Yaml;

use super::Problem;

/// Heat's names and dates of template versions.
const VERSIONS: &[&str] = &[
    "2013-05-23",
    "2014-10-16",
    "2015-04-30",
    "2015-10-15",
    "2016-04-08",
    "2016-10-14",
    "2017-02-24",
    "2017-09-01",
    "2018-03-02",
    "2018-08-31",
    "2021-04-16",
    "newton",
    "ocata",
    "pike",
    "queens",
    "rocky",
    "wallaby",
];

const SECTIONS: &[&str] =
    &["heat_template_version", "description", "parameters", "parameter_groups", "resources", "outputs", "conditions"];

pub struct Template {
    /// `template`, or `files/<name>`.
    pub place: String,
    text: String,
    root: Yaml,
}

impl Template {
    /// Reports what is wrong with its head; nothing if it is not YAML at all.
    pub fn parse(place: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut root: Yaml = match serde_yaml_ng::from_str(text) {
            Ok(root) => root,
            Err(error) => {
                problems.push(Problem {
                    place: place.to_owned(),
                    what: format!("is not YAML: {error}"),
                    change: "that line".to_owned(),
                });
                return None;
            }
        };
        let _ = root.apply_merge();
        let template = Self { place: place.to_owned(), text: text.to_owned(), root };
        template.head(problems);
        Some(template)
    }

    fn head(&self, problems: &mut Vec<Problem>) {
        let version = self.root.get("heat_template_version").and_then(Yaml::as_str);
        if version.is_none_or(|version| !VERSIONS.contains(&version)) {
            problems.push(Problem {
                place: self.place_of("heat_template_version"),
                what: format!("heat_template_version is {}", version.unwrap_or("missing")),
                change: "one that Heat knows, such as wallaby".to_owned(),
            });
        }
        let keys = self.root.as_mapping().into_iter().flat_map(|map| map.keys()).filter_map(Yaml::as_str);
        for section in keys.filter(|key| !SECTIONS.contains(key)) {
            problems.push(Problem {
                place: self.place_of(section),
                what: format!("{section} is no section of a template"),
                change: format!("one of {}", SECTIONS.join(", ")),
            });
        }
    }

    /// `template line 12`, if a line begins with the name; else the template.
    pub fn place_of(&self, name: &str) -> String {
        let starts = |line: &str| {
            let line = line.trim_start().trim_start_matches("- ").trim_start_matches('{').trim_start_matches(['"', '\'']);
            line.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
        };
        let mentions = |line: &str| line.contains(name);
        let line = self.text.lines().position(starts).or_else(|| self.text.lines().position(mentions));
        line.map_or_else(|| self.place.clone(), |line| format!("{} line {}", self.place, line + 1))
    }

    /// The line on which a reference stands.
    pub fn place_of_reference(&self, function: &str, name: &str) -> String {
        let line = self.text.lines().position(|line| line.contains(function) && line.contains(name));
        line.map_or_else(|| self.place_of(name), |line| format!("{} line {}", self.place, line + 1))
    }

    pub fn section(&self, name: &str) -> Option<&Yaml> {
        self.root.get(name)
    }

    pub fn names(&self, section: &str) -> impl Iterator<Item = &str> {
        self.root.get(section).and_then(Yaml::as_mapping).into_iter().flat_map(|map| map.keys()).filter_map(Yaml::as_str)
    }

    pub fn parameter(&self, name: &str) -> Option<&Yaml> {
        self.root.get("parameters")?.get(name)
    }

    /// Parameters without a default.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.names("parameters").filter(|name| self.parameter(name).is_some_and(|parameter| parameter.get("default").is_none()))
    }

    /// Resources that are templates themselves, alone or in groups: template, properties, name of the resource.
    pub fn nested(&self) -> Vec<(String, &Yaml, String)> {
        const NOTHING: &Yaml = &Yaml::Null;
        let resources = self.root.get("resources").and_then(Yaml::as_mapping);
        let mut found = Vec::new();
        for (name, resource) in resources.into_iter().flatten() {
            let definition = resource.get("properties").and_then(|properties| properties.get("resource_def"));
            for node in [Some(resource), definition].into_iter().flatten() {
                let kind = node.get("type").and_then(Yaml::as_str).unwrap_or_default();
                if kind.ends_with(".yaml") || kind.ends_with(".yml") || kind.ends_with(".template") {
                    let properties = node.get("properties").unwrap_or(NOTHING);
                    found.push((kind.to_owned(), properties, name.as_str().unwrap_or_default().to_owned()));
                }
            }
        }
        found
    }
}
