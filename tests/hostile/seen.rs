//! One call of a hostile guest: how it ended, and what was said of it to whom.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use jeroboam_model::{RequestId, driver::StackScope};
use jeroboam_plugins::{CallError, Driver, DriverMetrics, Host, LoadError, StopReason};
use jeroboam_telemetry::Registry;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    ALONE,
    case::{self, Case},
    impostor, samples,
    world::{SECRET, World},
};

/// How a guest came to its end.
#[derive(Debug)]
pub enum End {
    NotLoaded(LoadError),
    /// It loads, and the operator is told that it must not serve.
    NotInstalled(String),
    Call(CallError),
    Answered,
}

/// What was seen of one call.
pub struct Seen {
    pub export: &'static str,
    pub end: End,
    pub log: String,
    pub request_id: RequestId,
    /// What was done to the cloud.
    pub effects: Vec<String>,
    /// What a scrape says after it.
    pub counted: String,
}

/// What a scrape says, without the digests: every run has other guests.
pub fn scrape(registry: &Registry) -> String {
    let without =
        |line: &str| match line.split_once("digest=\"").and_then(|(before, rest)| Some((before, rest.split_once("\",")?.1))) {
            Some((before, after)) => format!("{before}{after}\n"),
            None => format!("{line}\n"),
        };
    registry.text().lines().map(without).collect()
}

/// The log, kept instead of written.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// While the guard lives, this thread's log goes here.
    pub fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt().with_writer(self.clone()).with_ansi(false).without_time().finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

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

impl End {
    /// As cases name it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotLoaded(LoadError::Describe(reason)) => reason.as_str(),
            Self::NotLoaded(_) | Self::NotInstalled(_) => "not-loaded",
            Self::Call(error) => word(error),
            Self::Answered => "answered",
        }
    }

    /// For the person whose request it was.
    pub fn user(&self) -> String {
        match self {
            Self::NotLoaded(_) | Self::NotInstalled(_) | Self::Answered => String::new(),
            Self::Call(error) => error.user_message(),
        }
    }

    /// For the operator.
    fn operator(&self) -> String {
        match self {
            Self::NotLoaded(error) => error.to_string(),
            Self::NotInstalled(reason) => reason.clone(),
            Self::Call(CallError::Stopped { reason, .. }) => reason.to_string(),
            Self::Call(CallError::BadAnswer { what, .. }) => what.clone(),
            Self::Call(error) => error.to_string(),
            Self::Answered => String::new(),
        }
    }
}

fn word(error: &CallError) -> &'static str {
    match error {
        CallError::Stopped { reason, .. } => reason.as_str(),
        CallError::BadAnswer { .. } => "bad-answer",
        CallError::Refused { .. } => "refused",
        CallError::Superseded { .. } => "superseded",
        CallError::NoSuchGroup { .. } => "no-such-group",
    }
}

/// Calls one export, the way the host does.
pub async fn call(driver: &Driver, export: &str, world: &World, request_id: RequestId) -> Result<(), CallError> {
    let (view, context) = (samples::view(), world.context(request_id));
    let cluster = StackScope::Cluster;
    match export {
        "validate-template" => driver.validate_template(&view.template, context).await.map(drop),
        "validate-cluster" => driver.validate_cluster(&view, context).await.map(drop),
        "define-stack" => driver.define_stack(&view, cluster, context).await.map(drop),
        "plan-upgrade" => driver.plan_upgrade(&view, &view.template, None, 1, context).await.map(drop),
        "pick-removals" => driver.pick_removals(&view, view.groups[1].uuid, 1, context).await.map(drop),
        "read-stack" => driver.read_stack(&view, cluster, vec![("api".into(), SECRET.into())], context).await.map(drop),
        "before-delete" => driver.before_delete(&view, context).await.map(drop),
        "check-health" => driver.check_health(&view, context).await.map(drop),
        other => panic!("{other} is not called"),
    }
}

/// Loads the guest and, if it loads, calls it.
pub async fn see(case: &Case, export: &'static str) -> Seen {
    if let Some(name) = &case.calls_itself {
        return impostor::see(case, name).await;
    }
    let (lines, world, request_id) = (Lines::default(), World::default(), RequestId::random());
    let (metrics, registry) = (DriverMetrics::default(), Registry::default());
    metrics.register(&registry);
    let host = Host::counting(None, case.limits(), metrics).unwrap();
    let mut counted = String::new();
    let end = {
        let _here = lines.listen();
        match host.load(case.candidate(export)).await {
            Err(error) => End::NotLoaded(error),
            Ok(driver) if export == "describe" => {
                panic!("{}: it was loaded, and calls itself {}", case.name, driver.name());
            }
            Ok(driver) => {
                let ended = call(&driver, export, &world, request_id.clone()).await;
                // Its series are forgotten with it.
                counted = scrape(&registry);
                ended.map_or_else(End::Call, |()| End::Answered)
            }
        }
    };
    let counted = if counted.is_empty() { scrape(&registry) } else { counted };
    Seen { export, end, log: lines.text(), request_id, effects: world.effects(), counted }
}

impl Seen {
    /// What the operator reads: how it ended, or the first line that it wrote itself.
    pub fn operator(&self) -> String {
        match &self.end {
            End::Answered => {
                let own = self.log.lines().next().and_then(|line| line.split_once("jeroboam::driver: "));
                own.map(|(_, line)| line.split(" driver=").next().unwrap_or_default().to_owned()).unwrap_or_default()
            }
            end => end.operator(),
        }
    }

    /// The beginning of the series that it has to be counted in.
    fn series(&self) -> String {
        let (word, function) = (self.end.word(), self.export);
        let of = format!("driver=\"hostile\",version=\"0.1.0\",purpose=\"serve\",function=\"{function}\"");
        let stopped = |of: &str| format!("jeroboam_driver_stops_total{{{of},reason=\"{word}\"}}");
        match &self.end {
            // Who it is, it has not said.
            End::NotLoaded(LoadError::Describe(_)) => {
                stopped("driver=\"unidentified\",version=\"\",purpose=\"check\",function=\"describe\"")
            }
            End::NotLoaded(_) => "jeroboam_driver_load_failures_total{reason=\"".to_owned(),
            End::NotInstalled(_) => String::new(),
            End::Call(CallError::BadAnswer { .. }) => format!("jeroboam_driver_bad_answers_total{{{of}}}"),
            End::Call(CallError::Refused { .. }) => format!("jeroboam_driver_refusals_total{{{of},error=\""),
            End::Call(_) => stopped(&of),
            End::Answered => format!("jeroboam_driver_calls_total{{{of}}}"),
        }
    }

    /// Whether all is as the case says it has to be; or what is not.
    fn holds(&self, case: &Case) -> Result<(), String> {
        let Self { export, end, log, request_id, effects, counted } = self;
        let fail = |what: &str| Err(format!("{} in {export}: {what}\n  ended: {end:?}\n  log: {log}", case.name));
        let series = self.series();
        if !series.is_empty() && !counted.lines().any(|line| line.starts_with(&series) && line.ends_with(" 1")) {
            return fail(&format!("{series} is not 1 in\n{counted}"));
        }
        if end.word() != case.ends {
            return fail(&format!("it had to end as {}, and ended as {}", case.ends, end.word()));
        }
        if !effects.is_empty() {
            return fail(&format!("it had effects: {effects:?}"));
        }
        if log.contains(SECRET) || log.chars().any(|c| c.is_control() && c != '\n') {
            return fail("the log has a secret, or something that a terminal acts on");
        }
        if !(end.operator() + log).contains(&case.says) {
            return fail(&format!("the operator does not read {:?}", case.says));
        }
        let own = log.lines().filter(|line| !line.contains("a call ") && !line.contains("dropped=")).count();
        if case.lines.is_some_and(|lines| own != lines) {
            return fail(&format!("the log has {own} lines of its own"));
        }
        if matches!(end, End::Call(error) if error.retry_after().is_some_and(|after| after > Duration::from_secs(600))) {
            return fail("it has the host wait for longer than ten minutes");
        }
        match end {
            End::NotInstalled(_) if !log.contains("a driver version is of no use") => fail("the log does not say so"),
            End::NotLoaded(_) | End::NotInstalled(_) | End::Answered | End::Call(CallError::Refused { .. }) => Ok(()),
            End::Call(_) => {
                let reason = format!("reason=\"{}\"", end.word());
                let fields = [
                    "driver=hostile".into(),
                    "version=0.1.0".into(),
                    format!("function=\"{export}\""),
                    format!("request_id={request_id}"),
                    reason,
                ];
                let is_it = |line: &str| fields.iter().all(|field: &String| line.contains(field));
                if log.lines().any(is_it) { Ok(()) } else { fail("no line of the log says whose call ended, and why") }
            }
        }
    }
}

#[tokio::test]
async fn every_hostile_guest_ends_with_the_right_reason_and_the_operator_is_told() {
    let _alone = ALONE.lock().await;
    let (mut failures, mut calls) = (Vec::new(), 0);
    for case in case::all() {
        for export in case.called() {
            failures.extend(see(&case, export).await.holds(&case).err());
            calls += 1;
        }
    }
    assert!(failures.is_empty(), "{} of {calls} calls\n{}", failures.len(), failures.join("\n"));
    eprintln!("{calls} calls");
}

#[test]
fn stop_reasons_are_named_as_cases_name_them() {
    let words: Vec<&str> = [StopReason::CpuTime, StopReason::WallTime, StopReason::Memory, StopReason::Stack]
        .iter()
        .map(StopReason::as_str)
        .collect();
    assert_eq!(words, ["cpu-time", "wall-time", "memory", "stack"]);
}
