//! Which daemon is meant.

use std::path::{Path, PathBuf};

use super::{ClientError, clouds_yaml, login::Login};
use crate::{
    cli::Connection,
    commands,
    config::{Ini, options as o},
    settings,
};

/// Where a daemon is, and how to be let in.
pub enum Place {
    /// On this host: who connects is an administrator, or is not let in.
    Socket(PathBuf),
    Cloud(Box<Login>),
}

/// Reads an environment variable; one that is empty is none.
type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Place {
    pub fn find(connection: &Connection, variable: Variable<'_>) -> Result<Self, ClientError> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        if let Some(socket) = &connection.socket {
            return Ok(Self::Socket(socket.clone()));
        }
        if let Some(cloud) = &connection.os_cloud {
            return Self::cloud(cloud, connection, &variable);
        }
        if let Some(socket) = variable("JEROBOAM_SOCKET") {
            return Ok(Self::Socket(socket.into()));
        }
        if let Some(cloud) = variable("OS_CLOUD") {
            return Self::cloud(&cloud, connection, &variable);
        }
        if variable("OS_AUTH_URL").is_some() {
            return Ok(Self::Cloud(Box::new(Login::from_variables(&variable, connection)?)));
        }
        Ok(Self::Socket(configured(Path::new(commands::DEFAULT_FILE))))
    }

    fn cloud(name: &str, connection: &Connection, variable: Variable<'_>) -> Result<Self, ClientError> {
        let entry = clouds_yaml::find(name, variable)?;
        Ok(Self::Cloud(Box::new(Login::from_cloud(name, entry, connection)?)))
    }
}

/// The socket of the daemon that the standard configuration file starts; without the file, of one with the defaults.
fn configured(file: &Path) -> PathBuf {
    let mut ini = Ini::default();
    if let Ok(text) = std::fs::read_to_string(file) {
        let _ = ini.read(&file.display().to_string(), &text);
    }
    settings::path(&ini, &o::OPERATOR_SOCKET).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const CLOUD: &[(&str, &str)] =
        &[("OS_AUTH_URL", "http://c:5000"), ("OS_USERNAME", "u"), ("OS_PASSWORD", "p"), ("OS_PROJECT_NAME", "p")];

    fn find(connection: &Connection, variables: &[(&str, &str)]) -> String {
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        let variable = |name: &str| variables.get(name).map(|value| (*value).to_owned());
        match Place::find(connection, &variable) {
            Ok(Place::Socket(path)) => path.display().to_string(),
            Ok(Place::Cloud(_)) => "cloud".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_said_more_precisely_wins() {
        let socket = Connection { socket: Some("/run/s".into()), ..Connection::default() };
        let with = |more: &[(&'static str, &'static str)]| [CLOUD, more].concat();
        assert_eq!(find(&socket, &with(&[("JEROBOAM_SOCKET", "/run/t")])), "/run/s");
        let none = Connection::default();
        assert_eq!(find(&none, &with(&[("JEROBOAM_SOCKET", "/run/t")])), "/run/t");
        assert_eq!(find(&none, &with(&[("JEROBOAM_SOCKET", "")])), "cloud");
        assert_eq!(find(&none, &[]), "/var/lib/jeroboam/operator.sock");
    }

    #[test]
    fn a_cloud_that_no_file_names_is_said_to_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clouds.yaml");
        std::fs::write(&file, "clouds: {devstack: {auth: {}}}").unwrap();
        let variables = [("OS_CLIENT_CONFIG_FILE", file.to_str().unwrap()), ("OS_CLOUD", "prod")];
        let error = find(&Connection::default(), &variables);
        assert!(error.contains("prod") && error.contains("devstack"), "{error}");
    }
}
