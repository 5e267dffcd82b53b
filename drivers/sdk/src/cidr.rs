//! IPv4 networks.

use std::{fmt, net::Ipv4Addr, str::FromStr};

/// An IPv4 network in CIDR notation. Bits beyond the prefix are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv4Cidr {
    network: u32,
    prefix: u8,
}

/// Why a text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CidrError {
    /// Not `a.b.c.d/n` with n from 0 to 32.
    Form,
    /// The address has bits beyond the prefix; this would be the network it is in.
    HostBits(Ipv4Cidr),
}

impl Ipv4Cidr {
    pub const fn network(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.network)
    }

    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    pub fn contains(self, address: Ipv4Addr) -> bool {
        address.to_bits() & mask(self.prefix) == self.network
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.network()) || other.contains(self.network())
    }

    /// The address with this number: 0 is the network's own. `None` beyond the last.
    pub fn nth(self, number: u32) -> Option<Ipv4Addr> {
        let size = 1u64 << (32 - u32::from(self.prefix));
        (u64::from(number) < size).then(|| Ipv4Addr::from_bits(self.network | number))
    }
}

const fn mask(prefix: u8) -> u32 {
    match prefix {
        0 => 0,
        prefix => u32::MAX << (32 - prefix as u32),
    }
}

impl FromStr for Ipv4Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let (address, prefix) = text.split_once('/').ok_or(CidrError::Form)?;
        if prefix.is_empty() || prefix.len() > 2 || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CidrError::Form);
        }
        let address: Ipv4Addr = address.parse().map_err(|_| CidrError::Form)?;
        let prefix: u8 = prefix.parse().map_err(|_| CidrError::Form)?;
        if prefix > 32 {
            return Err(CidrError::Form);
        }
        let network = address.to_bits() & mask(prefix);
        let cidr = Self { network, prefix };
        if network == address.to_bits() { Ok(cidr) } else { Err(CidrError::HostBits(cidr)) }
    }
}

impl fmt::Display for Ipv4Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network(), self.prefix)
    }
}

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("is not an IPv4 network such as 10.100.0.0/16"),
            Self::HostBits(network) => write!(f, "has bits beyond its prefix; the network is {network}"),
        }
    }
}

impl std::error::Error for CidrError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_read_and_written_back() {
        for text in ["10.100.0.0/16", "0.0.0.0/0", "192.168.1.7/32"] {
            assert_eq!(text.parse::<Ipv4Cidr>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "::/0", "10.0.0.0/008"] {
            assert_eq!(text.parse::<Ipv4Cidr>(), Err(CidrError::Form), "{text}");
        }
        let Err(CidrError::HostBits(network)) = "10.1.2.3/8".parse::<Ipv4Cidr>() else { panic!("host bits were accepted") };
        assert_eq!(network.to_string(), "10.0.0.0/8");
    }

    #[test]
    fn addresses_are_counted_from_the_networks_own() {
        let network: Ipv4Cidr = "10.254.0.0/16".parse().unwrap();
        assert_eq!(network.nth(1), Some(Ipv4Addr::new(10, 254, 0, 1)));
        assert_eq!(network.nth(65_535), Some(Ipv4Addr::new(10, 254, 255, 255)));
        assert_eq!(network.nth(65_536), None);
        assert!("0.0.0.0/0".parse::<Ipv4Cidr>().unwrap().nth(u32::MAX).is_some());
    }

    #[test]
    fn networks_overlap_if_one_holds_the_other() {
        let wide: Ipv4Cidr = "10.0.0.0/8".parse().unwrap();
        let narrow: Ipv4Cidr = "10.3.0.0/16".parse().unwrap();
        let other: Ipv4Cidr = "10.4.0.0/16".parse().unwrap();
        assert!(wide.overlaps(narrow) && narrow.overlaps(wide));
        assert!(!narrow.overlaps(other));
    }
}
