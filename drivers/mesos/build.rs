//! Packs what every node of a role is given, whatever its cluster.

use jeroboam_driver_pack::{Archive, Error};

const EVERY_NODE: &[&str] = &[
    "agent.sh",
    "tools.sh",
    "lib.sh",
    "os-ubuntu.sh",
    "system.sh",
    "metadata-guard.service",
    "configure.sh",
    "units.sh",
    "packages.sh",
    "ensemble.sh",
    "ready.sh",
];

const DOCKER: &[&str] = &["mount.sh", "docker-install.sh", "docker-storage.sh", "docker-api.sh", "docker.sh"];

fn main() -> Result<(), Error> {
    let mut masters = Archive::of_driver()?;
    masters.add(EVERY_NODE)?;
    let mut slaves = masters.clone();
    masters.add(&["zookeeper.sh", "mesos-master.sh", "marathon.sh"])?;
    masters.write("master")?;
    slaves.add(DOCKER)?;
    slaves.add(&["mesos-slave.sh", "rexray.sh"])?;
    slaves.write("slave")
}
