//! What is written down of a call while it goes on.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jeroboam_model::{
    CallRecord, CallRecordId, ClusterId, RequestId,
    call_record::{CallUsage, FORMAT, HostAnswer, HostCall, LogLine, Outcome},
    driver::Digest,
};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{CONTRACT, RecorderSink, names};
use crate::{
    Interface, Phase, SourceError,
    bindings::jeroboam::coe::{log::Level, types},
};

/// The arguments of an export, by the contract's names.
pub(crate) type Input<'a> = &'a [(&'static str, &'a (dyn Argument + Sync))];

/// Anything that can stand in a record.
pub(crate) trait Argument {
    fn value(&self) -> Result<Value, names::NameError>;
}

impl<T: Serialize> Argument for T {
    fn value(&self) -> Result<Value, names::NameError> {
        names::to_value(self)
    }
}

/// Who is called, and what for.
pub(crate) struct Called<'a> {
    pub driver: &'a str,
    pub version: &'a str,
    pub digest: &'a Digest,
    pub phase: Phase,
    pub cluster: Option<ClusterId>,
    pub request_id: &'a RequestId,
}

/// One call's. Shared by its sources and whoever makes the call.
pub(crate) struct Tape {
    sink: Arc<dyn RecorderSink>,
    began: Instant,
    record: Mutex<Draft>,
}

struct Draft {
    record: CallRecord,
    /// Bytes that there is place for.
    room: usize,
    /// Host calls that there was no place for at all.
    left_out: usize,
}

/// Gaps that are named one by one.
const GAPS: usize = 8;

impl Tape {
    pub fn begin(sink: Arc<dyn RecorderSink>, about: &Called<'_>, input: Input<'_>) -> Self {
        let record = CallRecord {
            format: FORMAT,
            id: CallRecordId::random(),
            at: OffsetDateTime::now_utc(),
            driver: about.driver.to_owned(),
            version: about.version.to_owned(),
            digest: about.digest.to_string(),
            contract: CONTRACT.to_owned(),
            function: about.phase.as_str().to_owned(),
            cluster: about.cluster,
            request_id: about.request_id.clone(),
            input: Map::new(),
            host_calls: Vec::new(),
            log: Vec::new(),
            outcome: Outcome::Stopped("it was given up from outside".to_owned()),
            usage: CallUsage::default(),
            gaps: Vec::new(),
        };
        let mut draft = Draft { record, room: sink.record_bytes(), left_out: 0 };
        for (name, argument) in input {
            draft.input(name, argument.value());
        }
        Self { sink, began: Instant::now(), record: Mutex::new(draft) }
    }

    /// A question, and what the source said.
    pub fn answered<T: Serialize>(
        &self,
        interface: Interface,
        function: &str,
        arguments: Map<String, Value>,
        answer: &Result<T, SourceError>,
    ) {
        let answer = match answer {
            Ok(answer) => names::to_value(answer).map(HostAnswer::Ok),
            Err(error) => names::to_value(&types::Error::from(error.clone())).map(HostAnswer::Error),
        };
        self.draft().host_call(interface, function, arguments, answer.unwrap_or(HostAnswer::Cut(0)));
    }

    /// An answer that is too large for any record.
    pub fn not_kept(&self, interface: Interface, function: &str, arguments: Map<String, Value>, bytes: usize) {
        self.draft().host_call(interface, function, arguments, HostAnswer::Cut(bytes));
    }

    pub fn log(&self, level: Level, message: &str) {
        let Ok(Value::String(level)) = names::to_value(&level) else { return };
        let mut draft = self.draft();
        if let Some(room) = draft.room.checked_sub(message.len()) {
            draft.room = room;
            draft.record.log.push(LogLine { level, message: message.to_owned() });
        }
    }

    pub fn used(&self, cpu: Duration, memory: usize) {
        let usage = &mut self.draft().record.usage;
        usage.cpu_us = Some(micros(cpu));
        usage.memory = Some(memory as u64);
    }

    /// The call is over; hands the record on.
    pub fn end<T: Serialize, S: ToString>(&self, said: Result<&Result<T, types::Error>, &S>) {
        let outcome = match said {
            Ok(Ok(answer)) => names::to_value(answer).map(Outcome::Ok),
            Ok(Err(error)) => names::to_value(error).map(Outcome::Error),
            Err(reason) => Ok(Outcome::Stopped(reason.to_string())),
        };
        let mut draft = self.draft();
        draft.outcome(outcome.unwrap_or(Outcome::Cut(0)));
        draft.record.usage.wall_us = micros(self.began.elapsed());
        let record = draft.record.clone();
        drop(draft);
        self.sink.keep(record);
    }

    fn draft(&self) -> MutexGuard<'_, Draft> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Draft {
    fn input(&mut self, name: &str, value: Result<Value, names::NameError>) {
        match value {
            Ok(value) if self.fits(&value) => {
                self.record.input.insert(name.to_owned(), value);
            }
            _ => self.gap(format!("the argument {name} is larger than records may be")),
        }
    }

    fn host_call(&mut self, interface: Interface, function: &str, arguments: Map<String, Value>, answer: HostAnswer) {
        let arguments = Value::Object(arguments);
        if !self.fits(&arguments) {
            self.left_out += 1;
            return;
        }
        let answer = match answer {
            HostAnswer::Ok(value) | HostAnswer::Error(value) if !self.fits(&value) => HostAnswer::Cut(size(&value)),
            answer => answer,
        };
        if let HostAnswer::Cut(bytes) = answer {
            self.gap(format!("an answer of {interface} {function} ({bytes} bytes) is larger than records may be"));
        }
        let Value::Object(arguments) = arguments else { return };
        let (interface, function) = (interface.to_string(), function.to_owned());
        self.record.host_calls.push(HostCall { interface, function, arguments, answer });
    }

    fn outcome(&mut self, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Ok(value) | Outcome::Error(value) if !self.fits(&value) => Outcome::Cut(size(&value)),
            outcome => outcome,
        };
        if let Outcome::Cut(bytes) = outcome {
            self.gap(format!("the result ({bytes} bytes) is larger than records may be"));
        }
        if self.left_out > 0 {
            self.record.gaps.push(format!("{} host calls had no place", self.left_out));
        }
        self.record.outcome = outcome;
    }

    /// Takes the place that the value needs, if there is so much.
    fn fits(&mut self, value: &Value) -> bool {
        match self.room.checked_sub(size(value)) {
            Some(room) => {
                self.room = room;
                true
            }
            None => false,
        }
    }

    fn gap(&mut self, what: String) {
        if self.record.gaps.len() < GAPS {
            self.record.gaps.push(what);
        }
    }
}

fn size(value: &Value) -> usize {
    value.to_string().len()
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
