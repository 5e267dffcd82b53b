//! `log`: words for the operator.

use tracing::Level as Severity;

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::log::{Host, Level},
    phase::Rule,
    state::CallState,
    text,
};

pub(crate) const fn rule(_: Phase) -> Rule {
    Rule::Allow
}

impl Host for CallState {
    async fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.enter(Interface::Log, true, message.len()).map_err(wasmtime::Error::new)?;
        if !self.meter.log_line() {
            return Ok(());
        }
        let line = text::line(&message, self.meter.limits().log_line_bytes);
        let (driver, version, request) = (&self.driver.name, &self.driver.version, &self.request_id);
        let function = self.phase.as_str();
        macro_rules! emit {
            ($severity:expr) => {
                tracing::event!(target: "jeroboam::driver", $severity, %driver, %version, function, request_id = %request, "{line}")
            };
        }
        match level {
            Level::Debug => emit!(Severity::DEBUG),
            Level::Info => emit!(Severity::INFO),
            Level::Warning => emit!(Severity::WARN),
            Level::Error => emit!(Severity::ERROR),
        }
        if let Some(tape) = &self.sources.tape {
            tape.log(level, &line);
        }
        if level == Level::Error {
            self.last_words = Some(line);
        }
        Ok(())
    }
}
