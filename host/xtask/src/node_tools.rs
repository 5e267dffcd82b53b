//! What looks at nodes' configuration: ShellCheck, Ignition, cloud-init and etcd as Debian packages them. They are unpacked below `target/`, not installed:
//! cloud-init, once installed, would take part in the next boot of the machine.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::run::{check, output, target};

/// The programs, what cloud-init imports, and the libraries of jq.
const PACKAGES: &[&str] = &[
    "shellcheck",
    "ignition",
    "etcd-server",
    "etcd-client",
    "jq",
    "libjq1",
    "libonig5",
    "cloud-init",
    "libyaml-0-2",
    "python3-attr",
    "python3-certifi",
    "python3-chardet",
    "python3-charset-normalizer",
    "python3-configobj",
    "python3-debconf",
    "python3-idna",
    "python3-jinja2",
    "python3-json-pointer",
    "python3-jsonpatch",
    "python3-jsonschema",
    "python3-markupsafe",
    "python3-netifaces",
    "python3-oauthlib",
    "python3-pyrsistent",
    "python3-requests",
    "python3-serial",
    "python3-six",
    "python3-urllib3",
    "python3-yaml",
];

/// Unpacks them once; answers the folder that holds their `usr/`. Nothing on a machine that has no `apt-get`: the suite then says what it did not look at.
pub fn ensure() -> Result<Option<PathBuf>> {
    if output(Command::new("apt-get").arg("--version")).is_none() {
        return Ok(None);
    }
    let tools = target().join("node-tools");
    let stamp = tools.join("unpacked.txt");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&wanted) {
        eprintln!("unpacking what looks at nodes' configuration");
        let _ = fs::remove_dir_all(&tools);
        let archives = tools.join("archives");
        fs::create_dir_all(&archives)?;
        if !download(&archives) {
            // A fresh machine has no list of packages, or an old one.
            check(Command::new("apt-get").args(["update", "-qq"])).context("apt-get has no list of packages")?;
            anyhow::ensure!(download(&archives), "apt-get cannot download {}", PACKAGES.join(" "));
        }
        for archive in fs::read_dir(&archives)? {
            check(Command::new("dpkg-deb").arg("--extract").arg(archive?.path()).arg(tools.join("root")))?;
        }
        fs::remove_dir_all(&archives)?;
        fs::write(&stamp, wanted)?;
    }
    Ok(Some(tools.join("root")))
}

fn download(archives: &std::path::Path) -> bool {
    output(Command::new("apt-get").args(["download", "-qq"]).args(PACKAGES).current_dir(archives)).is_some()
}
