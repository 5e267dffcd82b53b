//! Who may do what: where it is written, and how it is read.

use std::path::PathBuf;

use jeroboam_policy::PolicyOptions;

use crate::config::{
    ConfigError, Ini,
    options::{self as o, About},
};

pub fn read(ini: &Ini) -> Result<PolicyOptions, ConfigError> {
    let About { section, name, default, .. } = o::POLICY_DIRS.about;
    let dirs = match ini.all(section, name).as_slice() {
        [] => vec![PathBuf::from(default)],
        given => given.iter().filter(|dir| !dir.trim().is_empty()).map(|dir| dir.trim().into()).collect(),
    };
    let file = o::POLICY_FILE.about;
    Ok(PolicyOptions {
        file: o::POLICY_FILE.get(ini)?,
        file_is_named: ini.place(file.section, file.name).is_some(),
        dirs,
        default_rule: o::POLICY_DEFAULT_RULE.get(ini)?,
        enforce_scope: o::ENFORCE_SCOPE.get(ini)?,
        enforce_new_defaults: o::ENFORCE_NEW_DEFAULTS.get(ini)?,
        search: ini.search.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_folders_are_given_by_naming_the_option_several_times() {
        let mut ini = Ini::default();
        ini.search = vec!["/etc/here".into()];
        let defaults = read(&ini).unwrap();
        assert_eq!(defaults, PolicyOptions { search: vec!["/etc/here".into()], ..PolicyOptions::default() });
        ini.read("f", "[oslo_policy]\npolicy_file = own.yaml\npolicy_dirs = a\npolicy_dirs = b\nenforce_new_defaults = false\n")
            .unwrap();
        let options = read(&ini).unwrap();
        assert_eq!((options.dirs, options.file), (vec!["a".into(), "b".into()], "own.yaml".into()));
        assert!(options.file_is_named && !options.enforce_new_defaults);
    }
}
