//! The log: lines as oslo.log writes them, which operators' pipelines read, or JSON.

use std::{fmt as std_fmt, fs::OpenOptions, io, path::Path, sync::Mutex};

use anyhow::{Context as _, Result};
use jeroboam_telemetry::traces::{self, Exporter, TracesConfig};
use time::{OffsetDateTime, macros::format_description};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{self, FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Oslo,
    Json,
}

impl Format {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "oslo" => Some(Self::Oslo),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Starts logging; to standard error if there is no file. `RUST_LOG` narrows or widens what is said.
///
/// Traces go their own way beside the lines: neither filter narrows the other. Needs a tokio runtime if there are any.
pub fn start(format: Format, debug: bool, file: Option<&Path>, telling: Option<&TracesConfig>) -> Result<Option<Exporter>> {
    let default = if debug { "info,jeroboam=debug" } else { "info,jeroboam_plugins::engine=warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let writer: Box<dyn io::Write + Send> = match file {
        Some(path) => {
            Box::new(OpenOptions::new().create(true).append(true).open(path).context("opening the log; see [DEFAULT] log_file")?)
        }
        None => Box::new(io::stderr()),
    };
    // Spans that are made for traces alone are not made at all for lines.
    let filter = filter.add_directive(format!("{}=off", traces::TARGET).parse()?);
    let lines = fmt::layer().with_writer(Mutex::new(writer)).with_ansi(false);
    let lines = match format {
        Format::Oslo => lines.event_format(OsloLine).boxed(),
        Format::Json => lines.json().flatten_event(true).boxed(),
    };
    let registry = tracing_subscriber::registry().with(KeepIdentity.and_then(lines).with_filter(filter));
    let Some(config) = telling else {
        registry.init();
        return Ok(None);
    };
    let (spans, exporter) = traces::start(config).context("see [jeroboam] otlp_endpoint")?;
    registry.with(spans).init();
    Ok(Some(exporter))
}

/// Who a span acts for; read once when it opens.
#[derive(Default)]
struct Identity {
    global_request_id: Option<String>,
    request_id: Option<String>,
    user_id: Option<String>,
    project_id: Option<String>,
}

/// Keeps the [`Identity`] of each span beside it.
struct KeepIdentity;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for KeepIdentity {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let mut identity = Identity::default();
        attributes.record(&mut identity);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(identity);
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(identity) = span.extensions_mut().get_mut::<Identity>()
        {
            values.record(identity);
        }
    }
}

impl Visit for Identity {
    fn record_debug(&mut self, field: &Field, value: &dyn std_fmt::Debug) {
        let slot = match field.name() {
            "global_request_id" => &mut self.global_request_id,
            "request_id" => &mut self.request_id,
            "user_id" => &mut self.user_id,
            "project_id" => &mut self.project_id,
            _ => return,
        };
        *slot = Some(format!("{value:?}").trim_matches('"').to_owned());
    }
}

/// `2026-01-02 03:04:05.678 4242 INFO jeroboam.conductor [None req-… user project - - - -] message field=value`, with the global request id in place of `None` if there is one.
struct OsloLine;

impl<S, N> FormatEvent<S, N> for OsloLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> std_fmt::Result {
        let moment = format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
        let now = OffsetDateTime::now_utc().format(moment).map_err(|_| std_fmt::Error)?;
        let metadata = event.metadata();
        let level = match *metadata.level() {
            Level::WARN => "WARNING",
            Level::TRACE => "DEBUG",
            ref other => other.as_str(),
        };
        let name = metadata.target().replace("::", ".").replace('_', "-");
        write!(writer, "{now} {} {level} {name} [", std::process::id())?;
        match identity(context) {
            Some(Identity { request_id: Some(request), user_id, project_id, global_request_id }) => {
                let or = |value: Option<String>, word: &str| value.unwrap_or_else(|| word.to_owned());
                write!(
                    writer,
                    "{} {request} {} {} - - - -",
                    or(global_request_id, "None"),
                    or(user_id, "-"),
                    or(project_id, "-")
                )?;
            }
            _ => write!(writer, "-")?,
        }
        write!(writer, "] ")?;
        context.format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

/// What the innermost span that knows says; outer spans fill what it leaves open.
fn identity<S, N>(context: &FmtContext<'_, S, N>) -> Option<Identity>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let mut found = Identity::default();
    for span in context.event_scope()? {
        if let Some(identity) = span.extensions().get::<Identity>() {
            found.global_request_id = found.global_request_id.or_else(|| identity.global_request_id.clone());
            found.request_id = found.request_id.or_else(|| identity.request_id.clone());
            found.user_id = found.user_id.or_else(|| identity.user_id.clone());
            found.project_id = found.project_id.or_else(|| identity.project_id.clone());
        }
    }
    Some(found)
}
