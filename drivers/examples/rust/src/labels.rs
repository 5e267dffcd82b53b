//! The labels that the driver reads, and the only way to read them, so that the schema in `describe` is complete.

use jeroboam_driver_sdk::{Error, Ipv4Cidr, Pair, labels};

labels! {
    MOTD = "motd": text, default "A node of a cluster.", since "0.1.0", "What a server greets those with who log in.";
    SSH_CIDR = "ssh_cidr": cidr, default "0.0.0.0/0", since "0.1.0", "The network from which servers may be logged in to.";
    SUBNET_CIDR = "fixed_subnet_cidr": cidr, default "10.0.0.0/24", since "0.1.0", "Addresses of the network that is made for the servers.";
    AVAILABILITY_ZONE = "availability_zone": text, since "0.1.0", "Where workers are made. Left to Nova if absent.";
}

/// The values that hold.
pub struct Values<'a> {
    pub motd: &'a str,
    pub ssh_cidr: Ipv4Cidr,
    pub subnet_cidr: Ipv4Cidr,
    pub availability_zone: &'a str,
}

impl<'a> Values<'a> {
    /// The error is `invalid`, and names the label.
    pub fn read(given: &'a [Pair]) -> Result<Self, Error> {
        Ok(Self {
            motd: MOTD.get(given)?,
            ssh_cidr: SSH_CIDR.get(given)?,
            subnet_cidr: SUBNET_CIDR.get(given)?,
            availability_zone: AVAILABILITY_ZONE.find(given)?.unwrap_or_default(),
        })
    }
}
