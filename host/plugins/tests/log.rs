//! What a guest writes reaches the operator's log: whose it is, harmless, and no more than there may be.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{
    io,
    sync::{Arc, Mutex},
};

use jeroboam_model::driver::StackScope;
use jeroboam_plugins::PluginsConfig;
use support::{context, guest::Guest, load, samples};
use tracing_subscriber::fmt::MakeWriter;

/// Where lines go instead of a terminal.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The log of one call of a guest whose define-stack has this body and then traps. `text` is at 16384.
async fn log_of(text: &str, body: &str) -> (String, String) {
    let guest = Guest::new("guest")
        .import("log", "write", "(param i32 i32 i32)")
        .item(&format!("(data (i32.const 16384) \"{text}\")"))
        .define_stack(&format!("(local $n i32) {body} unreachable"));
    let driver = load(guest.component(), PluginsConfig::default()).await;
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).without_time().finish();
    let context = context();
    let request_id = context.request_id.to_string();
    {
        let _here = tracing::subscriber::set_default(subscriber);
        driver.define_stack(&samples::view(), StackScope::Cluster, context).await.unwrap_err();
    }
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    (log, request_id)
}

#[tokio::test]
async fn a_line_says_whose_it_is_and_does_nothing_to_a_terminal() {
    let (log, request_id) = log_of("one\\1b[31m\\ntwo", "(call $write (i32.const 2) (i32.const 16384) (i32.const 12))").await;
    assert_eq!(log.lines().count(), 2, "what it wrote, and how it ended: {log:?}");
    assert!(log.contains("WARN") && log.contains("one two") && !log.contains('\x1b'), "{log:?}");
    for part in ["driver=guest", "version=0.1.0", "define-stack", request_id.as_str()] {
        assert!(log.contains(part), "{part}: {log:?}");
    }
}

#[tokio::test]
async fn lines_beyond_the_hundredth_are_counted_and_dropped() {
    let write = "(call $write (i32.const 1) (i32.const 16384) (i32.const 4))";
    let body = format!(
        "(loop $more {write} (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if $more (i32.lt_u (local.get $n) (i32.const 150))))"
    );
    let (log, _) = log_of("line", &body).await;
    assert_eq!(log.lines().filter(|line| line.contains(": line ")).count(), 100);
    assert!(log.contains("dropped=50"), "{log}");
}

#[tokio::test]
async fn a_long_line_is_cut() {
    let (log, _) =
        log_of("x", "(drop (memory.grow (i32.const 1))) (call $write (i32.const 1) (i32.const 65536) (i32.const 60000))").await;
    assert!(log.len() < 5000, "{}", log.len());
}
