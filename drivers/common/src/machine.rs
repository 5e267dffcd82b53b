//! The servers of nodes: whether they can start, and who may log in to them.

use jeroboam_driver_sdk::{
    Cluster, Error, NodeGroup, Role,
    errors::blame,
    invalid, labels, log,
    lookup::{self, Flavor, Image},
    settings::Platform,
};

use crate::{Findings, given, volumes};

labels! {
    AVAILABILITY_ZONE = "availability_zone": text, default "", since "0.1.0", "Where servers and volumes are made; empty leaves it to the cloud.";
    SELINUX_MODE = "selinux_mode": choice("enforcing", "permissive", "disabled"), default "enforcing", since "0.1.0", "The mode of SELinux on nodes whose operating system has it.";
}

/// What a group's servers start from.
#[derive(Clone, Debug)]
pub struct Machine {
    pub image: Image,
    pub flavor: Flavor,
}

/// Whether the group's servers can start from its image, and what that is.
pub fn check(group: &NodeGroup, cluster: &Cluster, platform: &Platform) -> Result<Machine, Error> {
    let field = match group.role {
        Role::Master => "master_flavor_id",
        Role::Worker => "flavor_id",
    };
    let image = lookup::get_image(&group.image).map_err(blame("image_id"))?;
    let flavor = lookup::get_flavor(&group.flavor).map_err(blame(field))?;
    let boot = volumes::boot_size(&cluster.labels, platform)?;
    if boot == 0 && flavor.disk == 0 {
        let message = format!("flavor {} has no root disk: use another, or the label boot_volume_size", flavor.name);
        return Err(invalid(field, message));
    }
    if boot == 0 && flavor.disk < image.min_disk {
        let message =
            format!("flavor {} has {} GB of disk, and image {} needs {}", flavor.name, flavor.disk, image.name, image.min_disk);
        return Err(invalid(field, message));
    }
    if boot > 0 && boot < i64::from(image.min_disk) {
        let rule = format!("has to be at least {}, for image {}", image.min_disk, image.name);
        return Err(volumes::BOOT_VOLUME_SIZE.invalid(&rule));
    }
    Ok(Machine { image, flavor })
}

/// Whether the keypair of a cluster that is to be made is there.
pub fn check_keypair(cluster: &Cluster, findings: &mut Findings) -> Result<(), Error> {
    match given(cluster.keypair.as_deref()) {
        Some(name) if cluster.stack_id.is_none() => {
            findings.note(lookup::get_keypair(name).map_err(blame("keypair")))?;
        }
        Some(_) => {}
        None => findings.warn("keypair", "without a keypair nobody can log in to the nodes"),
    }
    Ok(())
}

/// The key that opens nodes to their owner. One that has gone since the cluster was made locks nobody out: servers keep their user data.
pub fn public_key(cluster: &Cluster) -> Result<Option<String>, Error> {
    let Some(name) = given(cluster.keypair.as_deref()) else { return Ok(None) };
    match lookup::get_keypair(name) {
        Ok(keypair) => Ok(Some(keypair.public_key)),
        Err(Error::NotFound(_)) if cluster.stack_id.is_some() => {
            log::warning(&format!("keypair {name} of cluster {} is gone: new nodes have no login key", cluster.uuid));
            Ok(None)
        }
        Err(other) => Err(blame("keypair")(other)),
    }
}
