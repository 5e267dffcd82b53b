//! `clouds.yaml` and `secure.yaml`: where openstackclient looks for clouds by name, and what stands there.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_yaml_ng::Value;

use super::ClientError;

/// A bigger file names no clouds.
const MAX_BYTES: u64 = 1 << 20;

/// Entries by the names of their clouds.
type Clouds = BTreeMap<String, Value>;

#[derive(Default, Deserialize)]
struct File {
    #[serde(default)]
    clouds: Clouds,
}

/// The entry of a cloud, the secret half put in.
pub fn find(name: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Value, ClientError> {
    let folders = folders(variable);
    let (path, clouds) = read("clouds.yaml", variable("OS_CLIENT_CONFIG_FILE"), &folders)?.ok_or_else(|| {
        let places: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        ClientError::Login(format!(
            "there is no clouds.yaml to find the cloud {name} in; it is looked for in {}",
            places.join(", ")
        ))
    })?;
    let mut entry = clouds.get(name).cloned().ok_or_else(|| {
        let known: Vec<&str> = clouds.keys().map(String::as_str).collect();
        ClientError::Login(format!("{} names no cloud {name}; it names {}", path.display(), known.join(", ")))
    })?;
    if let Some((_, mut secure)) = read("secure.yaml", variable("OS_CLIENT_SECURE_FILE"), &folders)?
        && let Some(secret) = secure.remove(name)
    {
        merge(&mut entry, secret);
    }
    Ok(entry)
}

/// In openstackclient's order.
fn folders(variable: &dyn Fn(&str) -> Option<String>) -> Vec<PathBuf> {
    let home = variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".config")))
        .map(|config| config.join("openstack"));
    [Some(PathBuf::from(".")), home, Some(PathBuf::from("/etc/openstack"))].into_iter().flatten().collect()
}

/// The file that a variable names, else the first of this name in the folders.
fn read(name: &str, named: Option<String>, folders: &[PathBuf]) -> Result<Option<(PathBuf, Clouds)>, ClientError> {
    let path = named.map(PathBuf::from).or_else(|| {
        let short = name.replace(".yaml", ".yml");
        let paths = folders.iter().flat_map(|folder| [folder.join(name), folder.join(&short)]);
        paths.into_iter().find(|path| path.is_file())
    });
    let Some(path) = path else { return Ok(None) };
    let failed = |error| ClientError::File(path.clone(), error);
    if fs::metadata(&path).map_err(failed)?.len() > MAX_BYTES {
        return Err(failed(io::Error::other("it is longer than a mebibyte")));
    }
    let text = fs::read_to_string(&path).map_err(failed)?;
    let file: Option<File> = serde_yaml_ng::from_str(&text).map_err(|error| ClientError::Yaml(path.clone(), error))?;
    Ok(Some((path, file.unwrap_or_default().clouds)))
}

/// Puts the other's members in, those of members too.
fn merge(into: &mut Value, other: Value) {
    match (into, other) {
        (Value::Mapping(into), Value::Mapping(other)) => {
            for (name, value) in other {
                match into.get_mut(&name) {
                    Some(present) => merge(present, value),
                    None => _ = into.insert(name, value),
                }
            }
        }
        (into, other) => *into = other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_half_is_put_into_the_cloud_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let openstack = folder.path().join("openstack");
        fs::create_dir(&openstack).unwrap();
        fs::write(openstack.join("clouds.yml"), "clouds: {a: {auth: {username: u}, region_name: r}, b: {}}").unwrap();
        fs::write(openstack.join("secure.yaml"), "clouds: {a: {auth: {password: p}}}").unwrap();
        let home = folder.path().display().to_string();
        let variable = |name: &str| (name == "XDG_CONFIG_HOME").then(|| home.clone());
        let entry = find("a", &variable).unwrap();
        assert_eq!(entry["auth"]["username"], "u");
        assert_eq!(entry["auth"]["password"], "p");
        assert_eq!(entry["region_name"], "r");
    }
}
