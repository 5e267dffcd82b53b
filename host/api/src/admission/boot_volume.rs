//! What nodes boot from: a volume of the size that the label `boot_volume_size` says, or else the flavor's disk, which then has to be there.

use jeroboam_cloud::nova::Flavor;
use jeroboam_model::Labels;

use super::{Flavors, Refusal};

pub fn check_root_volumes(labels: &Labels, default_size: u32, flavors: &Flavors) -> Result<(), Refusal> {
    let size = match labels.get("boot_volume_size") {
        None => i64::from(default_size),
        Some(text) => text.trim().parse().map_err(|_| Refusal::BootVolumeSize(crate::error::echo(text)))?,
    };
    let diskless = |flavor: &&Flavor| size == 0 && flavor.disk == 0;
    match [&flavors.node, &flavors.master].into_iter().flatten().find(diskless) {
        Some(flavor) => Err(Refusal::FlavorWithoutDisk(flavor.name.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: Option<&str>, default_size: u32, disk: u64) -> Result<(), String> {
        let flavor = Flavor { id: "f".to_owned(), name: "m1.none".to_owned(), vcpus: 1, ram: 1, disk };
        let labels = label.map(|size| ("boot_volume_size", size)).into_iter().collect();
        let flavors = Flavors { node: Some(flavor), master: None };
        check_root_volumes(&labels, default_size, &flavors).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_flavor_without_a_disk_needs_a_boot_volume() {
        assert_eq!(check(None, 0, 10), Ok(()));
        assert_eq!(check(None, 20, 0), Ok(()));
        assert_eq!(check(Some("20"), 0, 0), Ok(()));
        assert!(check(None, 0, 0).unwrap_err().contains("m1.none"));
        assert!(check(Some("0"), 20, 0).is_err());
        assert!(check(Some("big"), 0, 10).unwrap_err().starts_with("boot_volume_size must be an integer"));
    }
}
