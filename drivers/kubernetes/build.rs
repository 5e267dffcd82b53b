//! Packs what every node of a role is given, whatever its cluster and its operating system.

use jeroboam_driver_pack::{Archive, Error};

const SHARED: &[&str] = &[
    "agent.sh",
    "tools.sh",
    "lib.sh",
    "os-fedora.sh",
    "os-ubuntu.sh",
    "os-coreos.sh",
    "system.sh",
    "mount.sh",
    "signing.sh",
    "metadata-guard.service",
];
const EVERY_NODE: &[&str] = &[
    "kubernetes.sh",
    "configure.sh",
    "kernel.sh",
    "volumes.sh",
    "binaries.sh",
    "containerd-install.sh",
    "containerd.sh",
    "containerd.unit",
    "certificates.sh",
    "kubeconfigs.sh",
    "kubelet.sh",
    "registry.sh",
    "registry-config.yaml",
    "registry-pod.yaml",
    "ready.sh",
    "rotation.sh",
    "kubeconfig.yaml",
    "kubelet.yaml",
    "kubelet.service",
];
const MASTERS: &[&str] = &["etcd.sh", "control-plane.sh", "addons.sh", "keystone-webhook.yaml"];

fn main() -> Result<(), Error> {
    let mut node = Archive::of_driver()?;
    node.add(SHARED)?;
    node.add(EVERY_NODE)?;
    node.write("worker")?;
    node.add(MASTERS)?;
    node.add_folder("manifests/static")?;
    node.write("master")?;
    let mut addons = Archive::of_driver()?;
    addons.add_folder("manifests/addons")?;
    addons.write_parts("addons")
}
