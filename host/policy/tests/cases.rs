//! Every file of `cases`: a policy, and who passes what by it; or why it cannot be used.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

use std::{collections::BTreeMap, fs, path::Path};

use jeroboam_policy::{Credential, Credentials, PolicyOptions, Scope, Target, TargetKey, Value, load};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Files by their names, as they are found beside the configuration.
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    options: Options,
    /// What is wrong with them, in order.
    #[serde(default)]
    refused: Vec<String>,
    /// What is worth knowing of them.
    #[serde(default)]
    notices: Vec<String>,
    #[serde(default)]
    callers: BTreeMap<String, Caller>,
    #[serde(default)]
    targets: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// Rule, target, and the callers who pass; all others do not.
    #[serde(default)]
    passes: Vec<(String, String, Vec<String>)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    policy_file: Option<String>,
    policy_dirs: Option<Vec<String>>,
    policy_default_rule: Option<String>,
    enforce_scope: Option<bool>,
    enforce_new_defaults: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Caller {
    user: Option<String>,
    user_domain: Option<String>,
    project: Option<String>,
    domain: Option<String>,
    system: bool,
    roles: Vec<String>,
}

impl Credentials for Caller {
    fn get(&self, key: &Credential) -> Value<'_> {
        match key {
            Credential::UserId => Value::or_null(self.user.as_deref()),
            Credential::UserDomainId => Value::or_null(self.user_domain.as_deref()),
            Credential::ProjectId => Value::or_null(self.project.as_deref()),
            Credential::DomainId => Value::or_null(self.domain.as_deref().or(self.user_domain.as_deref())),
            Credential::SystemScope => Value::or_null(self.system.then_some("all")),
            _ => Value::Missing,
        }
    }

    fn roles(&self) -> &[String] {
        &self.roles
    }
}

impl Caller {
    fn scope(&self) -> Scope {
        match (self.system, &self.domain) {
            (true, _) => Scope::System,
            (_, Some(_)) => Scope::Domain,
            _ => Scope::Project,
        }
    }
}

struct Attributes<'a>(&'a BTreeMap<String, Option<String>>);

impl Target for Attributes<'_> {
    fn get(&self, key: &TargetKey) -> Value<'_> {
        self.0.get(key.name()).map_or(Value::Missing, |value| Value::or_null(value.as_deref()))
    }
}

#[test]
fn every_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let case: Case =
            serde_yaml_ng::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        try_case(path.file_stem().unwrap().to_str().unwrap(), &case);
        seen += 1;
    }
    assert!(seen >= 8, "{seen}");
}

fn try_case(name: &str, case: &Case) {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in &case.files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let here = format!("{}/", folder.path().display());
    let loaded = match load(&options(&case.options, folder.path())) {
        Err(refused) => {
            let told: Vec<String> = refused.0.iter().map(|problem| problem.to_string().replace(&here, "")).collect();
            assert_eq!(told, case.refused, "{name}");
            return;
        }
        Ok(loaded) => loaded,
    };
    assert!(case.refused.is_empty(), "{name} can be used");
    let told: Vec<String> = loaded.notices.iter().map(|notice| notice.to_string().replace(&here, "")).collect();
    assert_eq!(told, case.notices, "{name}");
    for (rule, target, passing) in &case.passes {
        let target = Attributes(&case.targets[target]);
        let passes = |caller: &Caller| {
            let decision = loaded.rules.decide_named(rule, caller, caller.scope(), &target);
            decision.unwrap_or_else(|| panic!("{name}: there is no rule {rule}")).is_allowed()
        };
        let mut found: Vec<&str> =
            case.callers.iter().filter(|(_, caller)| passes(caller)).map(|(name, _)| name.as_str()).collect();
        let mut passing: Vec<&str> = passing.iter().map(String::as_str).collect();
        found.sort_unstable();
        passing.sort_unstable();
        assert_eq!(found, passing, "{name}: {rule}, {:?}", target.0);
    }
}

fn options(given: &Options, folder: &Path) -> PolicyOptions {
    let standard = PolicyOptions { search: vec![folder.to_owned()], ..PolicyOptions::default() };
    PolicyOptions {
        file: given.policy_file.as_ref().map_or(standard.file, Into::into),
        file_is_named: given.policy_file.is_some(),
        dirs: given.policy_dirs.as_ref().map_or(standard.dirs, |dirs| dirs.iter().map(Into::into).collect()),
        default_rule: given.policy_default_rule.clone().unwrap_or(standard.default_rule),
        enforce_scope: given.enforce_scope.unwrap_or(standard.enforce_scope),
        enforce_new_defaults: given.enforce_new_defaults.unwrap_or(standard.enforce_new_defaults),
        search: standard.search,
    }
}
