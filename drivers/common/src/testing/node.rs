//! What nodes are given: archives, user data, and the variables that scripts read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read,
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::MultiGzDecoder;
use serde_json::Value as Json;

/// The folder of the scripts that drivers share.
pub const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");

/// Content by path of an archive as `jeroboam_driver_pack` writes it, in base64.
pub fn unpack(archive: &str) -> BTreeMap<String, String> {
    let packed = BASE64_STANDARD.decode(archive).unwrap();
    let mut tar = tar::Archive::new(MultiGzDecoder::new(packed.as_slice()));
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (format!("/{}", entry.path().unwrap().display()), text)
    };
    tar.entries().unwrap().map(read).collect()
}

/// What user data writes, by path: for any of the three formats. Contents are base64.
pub fn files(user_data: &str) -> BTreeMap<String, String> {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    if let Some(cloud_config) = user_data.strip_prefix("#cloud-config\n") {
        let document: Json = serde_json::from_str(cloud_config).unwrap();
        let files = document["write_files"].as_array().unwrap();
        return files.iter().map(|file| (text(&file["path"]), text(&file["content"]))).collect();
    }
    let document: Json = serde_json::from_str(user_data).unwrap();
    let content = |file: &Json| text(&file["contents"]["source"]).strip_prefix("data:;base64,").unwrap().to_owned();
    let files = document["storage"]["files"].as_array().unwrap();
    files.iter().map(|file| (text(&file["path"]), content(file))).collect()
}

/// The archive in user data, unpacked.
pub fn installed(user_data: &str) -> BTreeMap<String, String> {
    unpack(&files(user_data)["/var/lib/jeroboam/node.tar.gz"])
}

/// Name and content of the files of a folder, by name.
pub fn texts(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    found
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The names in `@NAME@`, as `render` of `lib.sh` replaces them.
pub fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('@').filter(|name| is_variable(name)).map(str::to_owned).collect()
}

/// The names in `${NAME}`, `${NAME:-…}` and the like.
pub fn variables(text: &str) -> BTreeSet<String> {
    let names = text.split("${").skip(1).filter_map(|rest| Some(&rest[..rest.find(['}', ':', '%', '#', '/', ',', '[', '@'])?]));
    names.filter(|name| is_variable(name)).map(str::to_owned).collect()
}

/// Variables that scripts give a value themselves.
pub fn assigned<'a>(scripts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let words = scripts.into_iter().flat_map(str::split_whitespace);
    words.filter_map(|word| word.split_once('=')).map(|(name, _)| name.trim_end_matches('+').to_owned()).collect()
}

/// The variables that the templates of a definition add to the deployments' parameters.
pub fn added_by_templates(definition: &jeroboam_driver_sdk::StackDefinition) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for template in super::hot::templates(definition).into_values() {
        for merged in super::hot::uses(&Json::Object(template), "map_merge") {
            let maps = merged.as_array().unwrap().iter().filter_map(Json::as_object);
            found.extend(maps.flat_map(|map| map.keys()).filter(|key| is_variable(key)).cloned());
        }
    }
    found
}

/// Names that one script makes read-only and another one declares `local`: where a step sources both, bash refuses the declaration and goes on.
pub fn shadowed(installed: &BTreeMap<String, String>) -> BTreeSet<String> {
    let declared = |keyword: &str| -> BTreeSet<String> {
        let lines = installed.iter().filter(|(path, _)| path.ends_with(".sh")).flat_map(|(_, text)| text.lines());
        let words = lines.filter_map(|line| line.trim().strip_prefix(keyword)).flat_map(str::split_whitespace);
        words.map(|word| word.split('=').next().unwrap_or(word).to_owned()).collect()
    };
    declared("readonly ").intersection(&declared("local ")).cloned().collect()
}
