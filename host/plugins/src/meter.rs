//! What one call has used up, and the engine's side of the limits.

use std::sync::Arc;

use wasmtime::ResourceLimiter;

use crate::{
    Limits, StopReason,
    limits::{Enforcement, Limit},
};

/// Budgets of one call.
pub(crate) struct Meter {
    limits: Arc<Limits>,
    host_calls: u32,
    host_bytes: usize,
    log_lines: u32,
    memory: usize,
    /// Limits that were exceeded and are only reported, in the order of their exceeding.
    over: Vec<Limit>,
}

impl Meter {
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, host_calls: 0, host_bytes: 0, log_lines: 0, memory: 0, over: Vec::new() }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Limits that the call went over and that are only reported, each once.
    pub(crate) fn over(&self) -> &[Limit] {
        &self.over
    }

    pub(crate) fn host_call(&mut self) -> Result<(), StopReason> {
        self.host_calls = self.host_calls.saturating_add(1);
        self.hold(Limit::HostCalls, u64::from(self.host_calls), u64::from(self.limits.host_calls), StopReason::HostCalls)
    }

    pub(crate) fn bytes(&mut self, bytes: usize) -> Result<(), StopReason> {
        self.host_bytes = self.host_bytes.saturating_add(bytes);
        self.hold(Limit::HostBytes, self.host_bytes as u64, self.limits.host_bytes as u64, StopReason::HostBytes)
    }

    /// `spent` and the budget in nanoseconds.
    pub(crate) fn computed(&mut self, spent: u64, budget: u64) -> Result<(), StopReason> {
        self.hold(Limit::CpuTime, spent, budget, StopReason::CpuTime)
    }

    /// Whether one more line may be written.
    pub(crate) fn log_line(&mut self) -> bool {
        self.log_lines = self.log_lines.saturating_add(1);
        // What is too much is left out, and the call goes on.
        self.hold(Limit::LogLines, self.log_lines.into(), self.limits.log_lines.into(), StopReason::HostCalls).is_ok()
    }

    /// The most linear memory so far: it never shrinks.
    pub(crate) fn memory_peak(&self) -> usize {
        self.memory
    }

    /// Lines that were not written.
    pub(crate) fn log_lines_dropped(&self) -> u32 {
        self.log_lines.saturating_sub(self.limits.log_lines.saturating_mul(self.limits.slack(Limit::LogLines)))
    }

    fn hold(&mut self, limit: Limit, used: u64, allowed: u64, reason: StopReason) -> Result<(), StopReason> {
        if used <= allowed {
            return Ok(());
        }
        match self.limits.enforcement(limit) {
            Enforcement::Report if used <= allowed.saturating_mul(self.limits.slack(limit).into()) => {
                self.note(limit);
                Ok(())
            }
            _ => Err(reason),
        }
    }

    fn note(&mut self, limit: Limit) {
        if !self.over.contains(&limit) {
            self.over.push(limit);
        }
    }
}

/// Memories of all parts count together. Going over ends the call: a guest that is told "no" mostly goes on to something less
/// clear.
impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory.saturating_add(desired.saturating_sub(current));
        self.hold(Limit::Memory, total as u64, self.limits.memory as u64, StopReason::Memory).map_err(wasmtime::Error::new)?;
        self.memory = total;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let allowed = self.limits.table_elements as u64;
        self.hold(Limit::Tables, desired as u64, allowed, StopReason::Memory).map_err(wasmtime::Error::new)?;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.limits.parts as usize
    }

    fn tables(&self) -> usize {
        self.limits.parts as usize
    }

    fn memories(&self) -> usize {
        self.limits.parts as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(report_only: &[Limit]) -> Meter {
        let report_only = report_only.iter().copied().collect();
        Meter::new(Arc::new(Limits { host_calls: 3, log_lines: 2, report_only, ..Limits::default() }))
    }

    #[test]
    fn a_limit_that_is_enforced_ends_the_call() {
        let mut meter = meter(&[]);
        assert!((0..3).all(|_| meter.host_call().is_ok()));
        assert_eq!(meter.host_call(), Err(StopReason::HostCalls));
        assert!(meter.over().is_empty());
    }

    #[test]
    fn a_limit_that_is_reported_is_noted_once_and_ends_the_call_far_beyond() {
        let mut meter = meter(&[Limit::HostCalls]);
        assert!((0..30).all(|_| meter.host_call().is_ok()));
        assert_eq!(meter.over(), [Limit::HostCalls]);
        assert_eq!(meter.host_call(), Err(StopReason::HostCalls));
    }

    #[test]
    fn lines_that_are_too_many_are_dropped_or_reported() {
        let mut enforced = meter(&[]);
        assert_eq!((0..5).filter(|_| enforced.log_line()).count(), 2);
        assert_eq!((enforced.log_lines_dropped(), enforced.over()), (3, [].as_slice()));
        let mut reported = meter(&[Limit::LogLines]);
        assert_eq!((0..25).filter(|_| reported.log_line()).count(), 20);
        assert_eq!((reported.log_lines_dropped(), reported.over()), (5, [Limit::LogLines].as_slice()));
    }
}
