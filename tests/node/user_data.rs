//! What servers of every cluster type are given, before anything runs.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use jeroboam_tests::site::{Server, Site, TYPES, template_of};
use serde_json::Value;
use tempfile::TempDir;

use crate::tools::{Tools, said};

/// Where the archive of scripts and units lies.
const ARCHIVE: &str = "/var/lib/jeroboam/node.tar.gz";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_cluster_type_s_user_data_is_what_its_system_reads() -> Result<()> {
    let Some(tools) = Tools::find()? else { return Ok(()) };
    let site = Site::open().await?;
    let mut seen = BTreeSet::new();
    for (number, (coe, image)) in TYPES.iter().enumerate() {
        let template = template_of(coe, image);
        let (_, servers) =
            site.cluster(&format!("data{number}x"), &template, 1).await.with_context(|| format!("{coe} on {image}"))?;
        for server in servers {
            look(&tools, &server).with_context(|| format!("{coe} on {image}: {}", server.name))?;
        }
        seen.insert((coe, image));
    }
    ensure!(seen.len() == TYPES.len(), "a type is listed twice");
    Ok(())
}

fn look(tools: &Tools, server: &Server) -> Result<()> {
    let folder = TempDir::new()?;
    let text = String::from_utf8(server.user_data.clone())?;
    let file = folder.path().join("user-data");
    fs::write(&file, &text)?;
    let (files, units) = if text.starts_with("#cloud-config\n") {
        let document: Value = serde_yaml_ng::from_str(&text)?;
        validate_cloud_config(tools, &file)?;
        (cloud_config_files(&document)?, Vec::new())
    } else {
        let config: Value = serde_json::from_str(&text)?;
        match config["ignition"]["version"].as_str().context("a version of Ignition")? {
            version if version.starts_with("3.") => drop(said(tools.command("usr/bin/ignition-validate").arg(&file))?),
            // No validator of the old specification is packaged any more; its structure is compared by the drivers' own tests.
            version => ensure!(version.starts_with("2."), "{version}"),
        }
        (crate::node::files_of(&config)?, units_of(&config))
    };
    let (_, archive) = files.iter().find(|(path, _)| path == ARCHIVE).context("the archive of the node's files")?;
    tar::unpack(archive, folder.path())?;
    verify_units(folder.path(), &units)
}

fn validate_cloud_config(tools: &Tools, file: &Path) -> Result<()> {
    let mut schema = Command::new("/usr/bin/python3");
    schema.env("PYTHONPATH", tools.path("usr/lib/python3/dist-packages")).env("LD_LIBRARY_PATH", tools.libraries());
    let text = said(schema.args(["-m", "cloudinit.cmd.main", "schema", "--config-file"]).arg(file))?;
    ensure!(text.contains("Valid cloud-config") && !text.contains("deprecat"), "{text}");
    Ok(())
}

fn cloud_config_files(document: &Value) -> Result<Vec<(String, Vec<u8>)>> {
    let files = document["write_files"].as_array().context("write_files")?;
    let decode = |file: &Value| {
        ensure!(file["encoding"] == "b64", "{file}");
        let content = file["content"].as_str().context("content")?;
        Ok((file["path"].as_str().context("a path")?.to_owned(), BASE64_STANDARD.decode(content)?))
    };
    files.iter().map(decode).collect()
}

/// Name and text.
fn units_of(config: &Value) -> Vec<(String, String)> {
    let units = config["systemd"]["units"].as_array().into_iter().flatten();
    units.filter_map(|unit| Some((unit["name"].as_str()?.to_owned(), unit["contents"].as_str()?.to_owned()))).collect()
}

/// Those of the archive and those of the configuration. What they start has to be in the archive, or is a program of the system.
fn verify_units(root: &Path, more: &[(String, String)]) -> Result<()> {
    let folder = root.join("etc/systemd/system");
    fs::create_dir_all(&folder)?;
    for (name, text) in more {
        fs::write(folder.join(name), text)?;
    }
    let mut names = Vec::new();
    for unit in fs::read_dir(&folder)? {
        let unit = unit?;
        let name = unit.file_name().to_string_lossy().into_owned();
        if unit.file_type()?.is_file() && [".service", ".timer", ".socket", ".mount"].iter().any(|kind| name.ends_with(kind)) {
            provide(root, &fs::read_to_string(unit.path())?)?;
            names.push(name);
        }
    }
    ensure!(!names.is_empty(), "a node without units");
    // systemd's own units, that these refer to.
    let system = root.join("usr/lib/systemd");
    fs::create_dir_all(&system)?;
    said(Command::new("cp").args(["--archive", "/usr/lib/systemd/system"]).arg(&system))?;
    let mut verify = Command::new("systemd-analyze");
    verify.arg(format!("--root={}", root.display())).args(["--man=no", "--recursive-errors=no", "verify"]).args(&names);
    let output = verify.output().context("systemd-analyze is needed")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !text.trim().is_empty() {
        bail!("{}: {text}", names.join(" "));
    }
    Ok(())
}

/// Programs that the system or an earlier step brings: systemd looks whether they are there.
fn provide(root: &Path, unit: &str) -> Result<()> {
    for line in unit.lines().filter(|line| line.starts_with("Exec")) {
        let program =
            line.split_once('=').and_then(|(_, command)| command.trim_start_matches(['-', '@', '+', '!', ':']).split(' ').next());
        let program = program.context("a program")?;
        let path = root.join(program.trim_start_matches('/'));
        if program.starts_with("/opt/jeroboam/libexec/") {
            ensure!(path.exists(), "{program} is not among the node's files");
        } else if !path.exists() {
            fs::create_dir_all(path.parent().context("a folder")?)?;
            fs::copy("/bin/true", &path)?;
        }
    }
    Ok(())
}

mod tar {
    //! Unpacks with the tool that nodes use.

    use std::{
        io::Write,
        path::Path,
        process::{Command, Stdio},
    };

    use anyhow::{Context, Result, ensure};

    pub fn unpack(archive: &[u8], folder: &Path) -> Result<()> {
        let mut tar = Command::new("tar")
            .args(["--extract", "--gzip", "--no-same-owner", "--directory"])
            .arg(folder)
            .stdin(Stdio::piped())
            .spawn()?;
        tar.stdin.take().context("an input")?.write_all(archive)?;
        ensure!(tar.wait()?.success(), "tar does not unpack the node's files");
        Ok(())
    }
}
