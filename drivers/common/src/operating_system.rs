//! The operating systems of nodes. What follows from them outside the scripts is decided here; what follows inside is in `node/os-<family>.sh`.

use jeroboam_driver_sdk::{ClusterType, Error, unsupported};

/// What nodes run on, as the property `os_distro` of their image names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatingSystem {
    FedoraCoreos,
    FedoraAtomic,
    /// Fedora Cloud, on bare metal.
    Fedora,
    /// Container Linux.
    Coreos,
    Ubuntu,
}

/// How user data is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An Ignition configuration of spec 3.3.
    Ignition3,
    /// An Ignition configuration of spec 2.2.
    Ignition2,
    /// A cloud-config document.
    CloudInit,
}

impl OperatingSystem {
    pub const ALL: [Self; 5] = [Self::FedoraCoreos, Self::FedoraAtomic, Self::Fedora, Self::Coreos, Self::Ubuntu];

    pub fn of(cluster_type: &ClusterType) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|system| system.distro() == cluster_type.os_distro);
        found.ok_or_else(|| unsupported(format!("this driver has no nodes on {}", cluster_type.os_distro)))
    }

    /// As in `os_distro`.
    pub const fn distro(self) -> &'static str {
        match self {
            Self::FedoraCoreos => "fedora-coreos",
            Self::FedoraAtomic => "fedora-atomic",
            Self::Fedora => "fedora",
            Self::Coreos => "coreos",
            Self::Ubuntu => "ubuntu",
        }
    }

    /// For messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FedoraCoreos => "Fedora CoreOS",
            Self::FedoraAtomic => "Fedora Atomic",
            Self::Fedora => "Fedora",
            Self::Coreos => "CoreOS Container Linux",
            Self::Ubuntu => "Ubuntu",
        }
    }

    /// The fragment `node/os-<family>.sh`, which scripts read as `OPERATING_SYSTEM`.
    pub const fn family(self) -> &'static str {
        match self {
            Self::FedoraCoreos | Self::FedoraAtomic | Self::Fedora => "fedora",
            Self::Coreos => "coreos",
            Self::Ubuntu => "ubuntu",
        }
    }

    pub const fn format(self) -> Format {
        match self {
            Self::FedoraCoreos => Format::Ignition3,
            Self::Coreos => Format::Ignition2,
            Self::FedoraAtomic | Self::Fedora | Self::Ubuntu => Format::CloudInit,
        }
    }

    /// Services that would reboot nodes behind the cluster's back.
    pub const fn updaters(self) -> &'static [&'static str] {
        match self {
            Self::FedoraCoreos => &["zincati.service"],
            Self::Coreos => &["update-engine.service", "locksmithd.service"],
            Self::Ubuntu => &["unattended-upgrades.service", "apt-daily-upgrade.timer"],
            Self::FedoraAtomic | Self::Fedora => &[],
        }
    }

    /// Whether SELinux is there to be set.
    pub const fn has_selinux(self) -> bool {
        matches!(self, Self::FedoraCoreos | Self::FedoraAtomic | Self::Fedora)
    }
}
