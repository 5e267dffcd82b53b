//! Packs what every node of a role is given, whatever its cluster: an Ignition configuration with the scripts, units and manifests of
//! `node/`, compressed. It is the same for all clusters of a driver version, so it is made once, here, and not in each call.

use std::{env, error::Error, fs, io::Write, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, GzBuilder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const SCRIPTS: &str = "/usr/local/libexec/jeroboam";
const SHARE: &str = "/usr/local/share/jeroboam";
const EVERY_NODE: &[&str] = &[
    "agent.sh",
    "lib.sh",
    "configure.sh",
    "system.sh",
    "volumes.sh",
    "binaries.sh",
    "containerd.sh",
    "certificates.sh",
    "kubeconfigs.sh",
    "kubelet.sh",
    "ready.sh",
    "kubeconfig.yaml",
    "kubelet.yaml",
];
const MASTERS: &[&str] = &["etcd.sh", "control-plane.sh", "addons.sh", "cloud.conf"];
const MANIFESTS: &[&str] = &["static", "addons"];
/// Name, and whether it starts by itself; the scripts start the others once they are configured.
const UNITS: &[(&str, bool)] = &[("jeroboam-agent.service", true), ("kubelet.service", false), ("metadata-guard.service", false)];
/// Updates would reboot nodes behind Kubernetes' back; Docker would compete for the container runtime.
const MASKED: &[&str] = &["zincati.service", "docker.service", "docker.socket"];
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b':').remove(b'=');

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=node");
    let out = env::var("OUT_DIR")?;
    let mut files = EVERY_NODE.iter().map(|name| file(name)).collect::<Result<Vec<_>, _>>()?;
    pack(&Path::new(&out).join("worker"), &files)?;
    files.extend(MASTERS.iter().map(|name| file(name)).collect::<Result<Vec<_>, _>>()?);
    for folder in MANIFESTS {
        let mut names: Vec<_> = fs::read_dir(format!("node/manifests/{folder}"))?
            .map(|entry| Ok(entry?.file_name()))
            .collect::<Result<_, std::io::Error>>()?;
        names.sort();
        for name in names {
            let name = name.to_string_lossy();
            let text = fs::read_to_string(format!("node/manifests/{folder}/{name}"))?;
            files.push(entry(&format!("{SHARE}/{folder}/{name}"), 0o644, &text));
        }
    }
    pack(&Path::new(&out).join("master"), &files)
}

fn file(name: &str) -> Result<Value, Box<dyn Error>> {
    let text = fs::read_to_string(format!("node/{name}"))?;
    Ok(if name.ends_with(".sh") {
        entry(&format!("{SCRIPTS}/{name}"), 0o755, &text)
    } else {
        entry(&format!("{SHARE}/{name}"), 0o644, &text)
    })
}

fn entry(path: &str, mode: u32, text: &str) -> Value {
    json!({"path": path, "mode": mode, "overwrite": true, "contents": {"source": format!("data:,{}", utf8_percent_encode(text, PLAIN))}})
}

fn pack(path: &Path, files: &[Value]) -> Result<(), Box<dyn Error>> {
    let mut units = Vec::new();
    for (name, enabled) in UNITS {
        units.push(json!({"name": name, "enabled": enabled, "contents": fs::read_to_string(format!("node/{name}"))?}));
    }
    units.extend(MASKED.iter().map(|name| json!({"name": name, "mask": true})));
    let ignition = json!({"ignition": {"version": "3.3.0"}, "storage": {"files": files}, "systemd": {"units": units}});
    let mut packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packed.write_all(ignition.to_string().as_bytes())?;
    fs::write(path, BASE64_STANDARD.encode(packed.finish()?))?;
    Ok(())
}
