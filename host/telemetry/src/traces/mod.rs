//! Traces: spans that name what was done, in one tree across processes and restarts.
//!
//! Spans are made for traces alone where their target is [`TARGET`]. Their names and the values of their attributes are closed sets, but for ids.

mod export;

use http::{HeaderMap, HeaderName, HeaderValue};
use jeroboam_model::TraceParent;
use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

pub use export::{Exporter, StartError, TracesConfig, start};

/// The target of spans that are made for traces alone.
pub const TARGET: &str = "jeroboam::trace";

/// The header that carries a [`TraceParent`].
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Where a span stands, for whoever goes on from it. `None` if nothing is traced.
pub fn parent(span: &Span) -> Option<TraceParent> {
    if span.is_disabled() {
        return None;
    }
    place(&span.context())
}

fn place(context: &Context) -> Option<TraceParent> {
    let context = context.span().span_context().clone();
    context.is_valid().then(|| TraceParent {
        trace_id: u128::from_be_bytes(context.trace_id().to_bytes()),
        span_id: u64::from_be_bytes(context.span_id().to_bytes()),
        sampled: context.is_sampled(),
    })
}

/// As [`parent`], of the span that is being worked in: the innermost of those that are traced.
pub fn current() -> Option<TraceParent> {
    place(&Context::current())
}

/// As [`parent`], as a header.
pub fn header(span: &Span) -> Option<HeaderValue> {
    HeaderValue::try_from(parent(span)?.to_string()).ok()
}

/// What a client says of its trace. What cannot be read is none.
pub fn of_headers(headers: &HeaderMap) -> Option<TraceParent> {
    headers.get(TRACEPARENT)?.to_str().ok()?.parse().ok()
}

/// Makes a span that has not been entered yet go on from elsewhere.
pub fn adopt(span: &Span, parent: Option<TraceParent>) {
    let Some(parent) = parent.filter(|_| !span.is_disabled()) else { return };
    let remote = SpanContext::new(
        TraceId::from_bytes(parent.trace_id.to_be_bytes()),
        SpanId::from_bytes(parent.span_id.to_be_bytes()),
        if parent.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() },
        true,
        TraceState::default(),
    );
    // Without a collector nobody is there to be told.
    let _ = span.set_parent(Context::new().with_remote_span_context(remote));
}
