//! A request that is traced says so to the services.

use jeroboam_telemetry::traces::{self, TracesConfig};
use serde_json::json;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;
use url::Url;

use crate::scripted::{Answer, ScriptedCloud};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test]
async fn services_are_told_the_trace_and_the_span_that_asks_them() {
    let server = ScriptedCloud::start().await;
    server.script("GET /identity/v3/regions", vec![Answer::json(200, json!({"regions": []}))]);
    let config = TracesConfig {
        // Nobody listens there: what is sent is lost, and the work goes on.
        endpoint: Url::parse("http://127.0.0.1:1").unwrap(),
        sampling: 1.0,
        host_name: "here".into(),
        version: "1".into(),
    };
    let (layer, _exporter) = traces::start(&config).unwrap();
    let _here = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let asking = tracing::info_span!(target: traces::TARGET, "asking");
    traces::adopt(&asking, Some(format!("00-{TRACE}-00f067aa0ba902b7-01").parse().unwrap()));
    let own = traces::parent(&asking).unwrap();
    let session = server.session();
    async { session.keystone().list_regions().await.unwrap() }.instrument(asking).await;

    let seen = server.seen("GET /identity/v3/regions");
    let told = seen[0].header("traceparent").unwrap();
    let parts: Vec<&str> = told.split('-').collect();
    assert_eq!((parts[0], parts[1], parts[3]), ("00", TRACE, "01"));
    assert_ne!(parts[2], format!("{:016x}", own.span_id), "the request has a span of its own");
}

#[tokio::test]
async fn without_a_collector_nothing_is_told() {
    let server = ScriptedCloud::start().await;
    server.script("GET /identity/v3/regions", vec![Answer::json(200, json!({"regions": []}))]);
    server.session().keystone().list_regions().await.unwrap();
    assert_eq!(server.seen("GET /identity/v3/regions")[0].header("traceparent"), None);
}
