//! What one call has used up, and the engine's side of the limits.

use wasmtime::ResourceLimiter;

use crate::{Limits, StopReason};

/// Budgets of one call.
pub(crate) struct Meter {
    limits: Limits,
    host_calls: u32,
    host_bytes: usize,
    log_lines: u32,
    memory: usize,
}

impl Meter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, host_calls: 0, host_bytes: 0, log_lines: 0, memory: 0 }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn host_call(&mut self) -> Result<(), StopReason> {
        self.host_calls += 1;
        if self.host_calls > self.limits.host_calls { Err(StopReason::HostCalls) } else { Ok(()) }
    }

    pub(crate) fn bytes(&mut self, bytes: usize) -> Result<(), StopReason> {
        self.host_bytes = self.host_bytes.saturating_add(bytes);
        if self.host_bytes > self.limits.host_bytes { Err(StopReason::HostBytes) } else { Ok(()) }
    }

    /// Whether one more line may be written.
    pub(crate) fn log_line(&mut self) -> bool {
        self.log_lines = self.log_lines.saturating_add(1);
        self.log_lines <= self.limits.log_lines
    }

    /// Bytes of all memories together.
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }

    /// Lines that were not written.
    pub(crate) fn log_lines_dropped(&self) -> u32 {
        self.log_lines.saturating_sub(self.limits.log_lines)
    }
}

/// Memories of all parts count together. Going over ends the call: a guest that is told "no" mostly goes on to something less
/// clear.
impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.memory.saturating_add(desired.saturating_sub(current));
        if total > self.limits.memory {
            return Err(wasmtime::Error::new(StopReason::Memory));
        }
        self.memory = total;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.limits.table_elements {
            return Err(wasmtime::Error::new(StopReason::Memory));
        }
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
