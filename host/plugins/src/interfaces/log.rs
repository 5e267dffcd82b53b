//! `log`: words for the operator.

use crate::{
    Interface, Phase,
    bindings::jeroboam::coe::log::{Host, Level},
    notices::notice,
    phase::Rule,
    state::CallState,
};

pub(crate) const fn rule(_: Phase) -> Rule {
    Rule::Allow
}

impl Host for CallState {
    async fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.enter(Interface::Log, true, message.len()).map_err(wasmtime::Error::new)?;
        if !self.account.meter.log_line() {
            return Ok(());
        }
        let line = self.about.redactor.line(&message, self.account.meter.limits().log_line_bytes);
        match level {
            Level::Debug => notice!(debug, &self.about, "{line}"),
            Level::Info => notice!(info, &self.about, "{line}"),
            Level::Warning => notice!(warn, &self.about, "{line}"),
            Level::Error => notice!(error, &self.about, "{line}"),
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
