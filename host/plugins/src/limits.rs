//! What a call may use up.

use std::{collections::BTreeSet, time::Duration};

/// Budgets of one call. All are on by default; going over one ends the call, unless it is only reported.
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
    /// Of these, calls of one driver.
    pub concurrent_calls_of_one: u32,
    /// Bytes of a component.
    pub component_bytes: u64,
    /// Limits that are only reported.
    pub report_only: BTreeSet<Limit>,
    /// No limit holds, and none is compiled in: for benchmarks, which compare.
    #[doc(hidden)]
    pub unlimited: bool,
}

/// A limit that can be only reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    CpuTime,
    WallTime,
    Memory,
    Tables,
    HostCalls,
    HostBytes,
    LogLines,
}

/// What happens to a call that goes over a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// It ends, or what is too much is left out.
    Enforce,
    /// It is logged and counted once, and goes on.
    Report,
}

/// Why a limit cannot be only reported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReportable {
    #[error("there is no limit {name}; those that can be only reported are {}", names())]
    Unknown { name: String },
    #[error("the limit {name} cannot be only reported: {why}")]
    Protects { name: &'static str, why: &'static str },
}

/// A limit that is only reported still ends a call at this many times its value: the host has to live through the call too.
pub const BACKSTOP: u32 = 10;

/// Limits without which the host itself would not stand.
const PROTECTING: &[(&str, &str)] = &[
    ("stack", "a machine stack has an end"),
    ("result-size", "the host copies an answer before it can look at it"),
    ("log-line-size", "a longer line is cut, and no call ends because of it"),
    ("concurrent-calls", "there are as many places for instances"),
    ("parts", "places for instances have that size"),
    ("component-size", "the host compiles what it loads"),
];

impl Limit {
    pub const ALL: &[Self] =
        &[Self::CpuTime, Self::WallTime, Self::Memory, Self::Tables, Self::HostCalls, Self::HostBytes, Self::LogLines];

    /// Its name in configuration, logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CpuTime => "cpu-time",
            Self::WallTime => "wall-time",
            Self::Memory => "memory",
            Self::Tables => "tables",
            Self::HostCalls => "host-calls",
            Self::HostBytes => "host-bytes",
            Self::LogLines => "log-lines",
        }
    }

    pub fn parse(name: &str) -> Result<Self, NotReportable> {
        if let Some(limit) = Self::ALL.iter().copied().find(|limit| limit.as_str() == name) {
            return Ok(limit);
        }
        Err(match PROTECTING.iter().find(|(protecting, _)| *protecting == name) {
            Some((name, why)) => NotReportable::Protects { name, why },
            None => NotReportable::Unknown { name: name.to_owned() },
        })
    }
}

impl Limits {
    pub fn enforcement(&self, limit: Limit) -> Enforcement {
        if self.report_only.contains(&limit) { Enforcement::Report } else { Enforcement::Enforce }
    }

    /// How many times its value a limit may be exceeded by.
    pub(crate) fn slack(&self, limit: Limit) -> u32 {
        match self.enforcement(limit) {
            Enforcement::Enforce => 1,
            Enforcement::Report => BACKSTOP,
        }
    }
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
            concurrent_calls_of_one: 50,
            component_bytes: 64 << 20,
            report_only: BTreeSet::new(),
            unlimited: false,
        }
    }
}

fn names() -> String {
    Limit::ALL.iter().map(|limit| limit.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_found_by_its_name() {
        for limit in Limit::ALL {
            assert_eq!(Limit::parse(limit.as_str()), Ok(*limit));
        }
    }

    #[test]
    fn what_protects_the_host_is_refused_with_the_reason() {
        for (name, why) in PROTECTING {
            assert!(Limit::parse(name).unwrap_err().to_string().contains(why));
        }
        assert!(Limit::parse("ram").unwrap_err().to_string().contains("cpu-time, wall-time"));
    }
}
