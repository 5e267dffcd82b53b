//! How many masters a cluster can have.

use super::Refusal;

/// An even number of masters survives no more failures than one fewer does.
pub fn check_master_count(count: u32) -> Result<(), Refusal> {
    if count.is_multiple_of(2) { Err(Refusal::EvenMasters(count)) } else { Ok(()) }
}

/// Several masters have one address only with a load balancer.
pub fn check_load_balancer(count: u32, master_lb_enabled: bool) -> Result<(), Refusal> {
    if count > 1 && !master_lb_enabled { Err(Refusal::MastersWithoutLoadBalancer) } else { Ok(()) }
}
