//! Addresses: which are in a subnet, which are taken, which comes next.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::{record::Record, refusal::Refusal, services::Kind, state::State};

pub fn parse(text: &str) -> Result<IpAddr, Refusal> {
    text.parse().map_err(|_| Refusal::bad(format!("Invalid input for ip_address. Reason: '{text}' is not a valid IP address.")))
}

pub fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => u128::from(u32::from(four)),
        IpAddr::V6(six) => u128::from(six),
    }
}

/// The address of that number, of the family of another.
pub fn address(number: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4(u32::try_from(number).unwrap_or(u32::MAX).into()),
        IpAddr::V6(_) => IpAddr::V6(number.into()),
    }
}

/// The addresses of a subnet that ports have.
pub fn taken(state: &State, subnet_id: &str) -> BTreeSet<IpAddr> {
    let ports = state.all(Kind::Port).into_iter();
    let fixed = ports.flat_map(|port| port.list("fixed_ips"));
    let here = fixed.filter(|fixed| fixed.get("subnet_id").and_then(Value::as_str) == Some(subnet_id));
    here.filter_map(|fixed| fixed.get("ip_address")?.as_str()?.parse().ok()).collect()
}

/// The next free address of a subnet's pools; `None` when there is none left.
pub fn next(state: &State, subnet: &Record) -> Option<IpAddr> {
    let taken = taken(state, &subnet.id);
    let gateway: Option<IpAddr> = subnet.text("gateway_ip").parse().ok();
    for pool in subnet.list("allocation_pools") {
        let end = |key: &str| pool.get(key)?.as_str()?.parse::<IpAddr>().ok();
        let (Some(start), Some(end)) = (end("start"), end("end")) else {
            continue;
        };
        let free = (number(start)..=number(end)).map(|at| address(at, start));
        let mut free = free.filter(|address| !taken.contains(address) && Some(*address) != gateway);
        if let Some(address) = free.next() {
            return Some(address);
        }
    }
    None
}

/// A given address, if it is in the subnet and free.
pub fn claim(state: &State, subnet: &Record, text: &str) -> Result<IpAddr, Refusal> {
    let wanted = parse(text)?;
    let inside = subnet.text("cidr").parse::<IpNet>().is_ok_and(|cidr| cidr.contains(&wanted) && cidr.network() != wanted);
    if !inside {
        return Err(Refusal::bad(format!("IP address {wanted} is not a valid IP for the specified subnet.")));
    }
    if taken(state, &subnet.id).contains(&wanted) {
        let message = format!("IP address {wanted} already allocated in subnet {}", subnet.id);
        return Err(Refusal::conflict("IpAddressAlreadyAllocated", message));
    }
    Ok(wanted)
}

/// The fixed IPs of a new port: those asked for, or one of the network's first subnet with an address left.
pub fn allocate(state: &State, network_id: &str, asked: Option<&[Value]>) -> Result<Vec<Value>, Refusal> {
    let exhausted = || {
        let message = format!("No more IP addresses available on network {network_id}.");
        Refusal::conflict("IpAddressGenerationFailure", message)
    };
    let subnets: Vec<&Record> =
        state.all(Kind::Subnet).into_iter().filter(|subnet| subnet.text("network_id") == network_id).collect();
    let fixed = |subnet: &Record, address: IpAddr| json!({"subnet_id": subnet.id, "ip_address": address.to_string()});
    let Some(asked) = asked else {
        let mut free = subnets.iter().filter_map(|subnet| Some(fixed(subnet, next(state, subnet)?)));
        return match free.next() {
            Some(address) => Ok(vec![address]),
            None if subnets.is_empty() => Ok(Vec::new()),
            None => Err(exhausted()),
        };
    };
    let mut fixed_ips: Vec<Value> = Vec::new();
    for wanted in asked {
        let text = |key: &str| wanted.get(key).and_then(Value::as_str);
        let address = match (text("subnet_id"), text("ip_address")) {
            (Some(id), wanted) => {
                let subnet = subnets.iter().find(|subnet| subnet.id == id).ok_or_else(|| {
                    Refusal::bad(format!(
                        "Failed to create port on network {network_id}, because fixed_ips included invalid subnet {id}"
                    ))
                })?;
                let address =
                    wanted.map_or_else(|| next(state, subnet).ok_or_else(exhausted), |wanted| claim(state, subnet, wanted))?;
                fixed(subnet, address)
            }
            (None, Some(wanted)) => {
                let address = parse(wanted)?;
                let holds = |subnet: &&&Record| subnet.text("cidr").parse::<IpNet>().is_ok_and(|cidr| cidr.contains(&address));
                let subnet = subnets.iter().find(holds).ok_or_else(|| {
                    Refusal::bad(format!(
                        "IP address {wanted} is not a valid IP for any of the subnets on the specified network."
                    ))
                })?;
                fixed(subnet, claim(state, subnet, wanted)?)
            }
            (None, None) => {
                return Err(Refusal::bad("Invalid input for fixed_ips. Reason: 'subnet_id' or 'ip_address' is needed."));
            }
        };
        if fixed_ips.contains(&address) {
            return Err(Refusal::bad("Invalid input for fixed_ips. Reason: Duplicate IP address."));
        }
        fixed_ips.push(address);
    }
    Ok(fixed_ips)
}

/// Everything between the network's own address, its gateway and its broadcast address.
pub fn default_pools(cidr: IpNet, gateway: Option<IpAddr>) -> Vec<Value> {
    let (first, last) = match cidr {
        IpNet::V4(four) if four.prefix_len() >= 31 => (number(cidr.network()), number(cidr.broadcast())),
        IpNet::V4(_) => (number(cidr.network()) + 1, number(cidr.broadcast()).saturating_sub(1)),
        IpNet::V6(_) => (number(cidr.network()) + 1, number(cidr.broadcast())),
    };
    let gateway = gateway.map(number).filter(|gateway| (first..=last).contains(gateway));
    let ranges = match gateway {
        None => vec![(first, last)],
        Some(gateway) => vec![(first, gateway.saturating_sub(1)), (gateway + 1, last)],
    };
    let pool = |(start, end): (u128, u128)| json!({"start": address(start, cidr.network()).to_string(), "end": address(end, cidr.network()).to_string()});
    ranges.into_iter().filter(|(start, end)| start <= end).map(pool).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_leave_out_the_gateway_and_the_ends() {
        let pools =
            |cidr: &str, gateway: Option<&str>| default_pools(cidr.parse().unwrap(), gateway.map(|text| text.parse().unwrap()));
        assert_eq!(pools("10.0.0.0/24", Some("10.0.0.1")), [json!({"start": "10.0.0.2", "end": "10.0.0.254"})]);
        assert_eq!(pools("10.0.0.0/29", None), [json!({"start": "10.0.0.1", "end": "10.0.0.6"})]);
        assert_eq!(
            pools("10.0.0.0/29", Some("10.0.0.3")),
            [json!({"start": "10.0.0.1", "end": "10.0.0.2"}), json!({"start": "10.0.0.4", "end": "10.0.0.6"})]
        );
    }
}
