//! Every template of the drivers before Heat's own validation.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::rig::Session;

pub async fn validate_all(user: &Session) -> Result<usize> {
    let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../drivers");
    let folders = folders(&drivers)?;
    let shared = read(&drivers.join("common/templates"))?;
    let mut failed = Vec::new();
    let mut count = 0;
    for folder in &folders {
        let own = read(folder)?;
        // User data may lie beside them.
        for (name, template) in own.iter().filter(|(_, text)| text.starts_with("heat_template_version")) {
            count += 1;
            let mut files = shared.clone();
            files.extend(own.clone());
            // What the drivers put in when they are built.
            files.extend(mentioned(template).map(|file| (file, "#".to_owned())));
            let nested: Vec<_> = files.values().flat_map(|text| mentioned(text)).collect();
            for file in nested {
                files.entry(file).or_insert_with(|| "#".to_owned());
            }
            let body = json!({"template": template, "files": files, "environment": {}});
            if let Err(error) = user.post("orchestration", "/validate?show_nested=true", &body).await {
                failed.push(format!("{}/{name}: {error}", folder.display()));
            }
        }
    }
    ensure!(count > 0, "no templates in {}", drivers.display());
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(count)
}

/// All folders named `templates` below one.
fn folders(below: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below)? {
        let path = entry?.path();
        if path.ends_with("templates") {
            found.push(path);
        } else if path.is_dir() {
            found.extend(folders(&path)?);
        }
    }
    Ok(found)
}

/// Name and text of each template in a folder, which may be missing.
fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_name().and_then(|name| name.to_str()).context("a file name")?.to_owned();
            files.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(files)
}

/// The files that a template names with `get_file`.
fn mentioned(template: &str) -> impl Iterator<Item = String> {
    template.split("get_file:").skip(1).filter_map(|rest| {
        let name = rest.trim_start().split([',', '}', '\n', ' ']).next()?;
        (!name.is_empty()).then(|| name.trim_matches(['"', '\'']).to_owned())
    })
}
