//! Packs what every node of a role is given, whatever its cluster and its operating system.

use jeroboam_driver_pack::{Archive, Error};

const SHARED: &[&str] = &[
    "agent.sh",
    "tools.sh",
    "lib.sh",
    "os-fedora.sh",
    "os-ubuntu.sh",
    "system.sh",
    "mount.sh",
    "signing.sh",
    "metadata-guard.service",
    "docker-api.sh",
    "docker-install.sh",
    "docker-storage.sh",
    "docker.sh",
    "rexray.sh",
];
const EVERY_NODE: &[&str] = &["configure.sh", "certificates.sh", "swarm-functions.sh", "swarm.sh", "ready.sh"];
const MASTERS: &[&str] = &["drain.sh", "members.sh"];

fn main() -> Result<(), Error> {
    let mut node = Archive::of_driver()?;
    node.add(SHARED)?;
    node.add(EVERY_NODE)?;
    node.write("worker")?;
    node.add(MASTERS)?;
    node.write("master")
}
