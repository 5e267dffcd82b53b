//! What a call may use up.

use std::time::Duration;

/// Budgets of one call. All are on by default; going over one ends the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time that the guest itself may compute.
    pub cpu: Duration,
    /// Time from the start of a call to its end, waiting included.
    pub wall: Duration,
    /// The same for `describe`, which nobody waits for.
    pub describe_wall: Duration,
    /// Bytes of linear memory.
    pub memory: usize,
    /// Entries in each table.
    pub table_elements: usize,
    /// Core instances, tables and memories that a component may consist of, each.
    pub parts: u32,
    /// Bytes of an answer, or of the arguments of a host call.
    pub result_bytes: usize,
    pub host_calls: u32,
    /// Bytes exchanged in host calls, both ways together.
    pub host_bytes: usize,
    pub log_lines: u32,
    pub log_line_bytes: usize,
    /// Calls at the same time; further ones wait.
    pub concurrent_calls: u32,
    /// Bytes of a component.
    pub component_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu: Duration::from_millis(500),
            wall: Duration::from_secs(30),
            describe_wall: Duration::from_secs(5),
            memory: 64 << 20,
            table_elements: 20_000,
            parts: 64,
            result_bytes: 8 << 20,
            host_calls: 1000,
            host_bytes: 16 << 20,
            log_lines: 100,
            log_line_bytes: 4096,
            concurrent_calls: 100,
            component_bytes: 64 << 20,
        }
    }
}
