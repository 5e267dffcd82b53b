//! What the service says while a test looks: its log lines, as JSON, and the ids that its requests to the cloud carry.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// Until it is dropped, of what happens in the test's own thread.
pub struct Lines {
    written: Arc<Mutex<Vec<u8>>>,
    sent: Arc<Mutex<Vec<String>>>,
    _guard: DefaultGuard,
}

struct Writer(Arc<Mutex<Vec<u8>>>);

/// Keeps the request ids of calls of OpenStack's services.
struct Sent(Arc<Mutex<Vec<String>>>);

impl Lines {
    pub fn listen() -> Self {
        let (written, sent): (Arc<Mutex<Vec<u8>>>, Arc<Mutex<Vec<String>>>) = Default::default();
        let into = Arc::clone(&written);
        let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(move || Writer(Arc::clone(&into)));
        let subscriber = tracing_subscriber::registry().with(lines).with(Sent(Arc::clone(&sent)));
        Self { written, sent, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Those of a target.
    pub fn of(&self, target: &str) -> Vec<Value> {
        let written = String::from_utf8(self.written.lock().unwrap().clone()).unwrap();
        let lines = written.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["target"] == target).collect()
    }

    /// The whole log.
    pub fn text(&self) -> String {
        String::from_utf8(self.written.lock().unwrap().clone()).unwrap()
    }

    /// The request ids that went on to OpenStack's services.
    pub fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: tracing::Subscriber> Layer<S> for Sent {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "cloud_request" {
            attributes.record(&mut Ids(&self.0));
        }
    }
}

struct Ids<'a>(&'a Mutex<Vec<String>>);

impl Visit for Ids<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "request_id" {
            self.0.lock().unwrap().push(format!("{value:?}").trim_matches('"').to_owned());
        }
    }
}
