//! Packs what every node of a role is given, whatever its cluster.

use jeroboam_driver_pack::{Archive, Error};

const SHARED: &[&str] = &[
    "agent.sh",
    "tools.sh",
    "lib.sh",
    "os-fedora.sh",
    "system.sh",
    "signing.sh",
    "mount.sh",
    "units.sh",
    "docker-install.sh",
    "docker-storage.sh",
    "docker-api.sh",
    "docker.sh",
    "metadata-guard.service",
];
const EVERY_NODE: &[&str] = &["configure.sh", "certificates.sh", "store.sh", "ready.sh"];
const MASTERS: &[&str] = &["etcd.sh", "etcd.service", "swarm-manager.sh", "swarm-manager.service"];
const NODES: &[&str] = &[
    "container-network.sh",
    "flannel.service",
    "swarm-agent.sh",
    "swarm-agent.service",
    "rexray.sh",
    "registry.sh",
    "registry.service",
];

fn main() -> Result<(), Error> {
    let mut masters = Archive::of_driver()?;
    masters.add(SHARED)?;
    masters.add(EVERY_NODE)?;
    let mut nodes = masters.clone();
    masters.add(MASTERS)?;
    masters.write("master")?;
    nodes.add(NODES)?;
    nodes.write("node")
}
