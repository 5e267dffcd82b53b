use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::Cloud,
    cluster,
    daemon::{Daemon, Place},
};
use serde_json::json;

use crate::collector::{Collector, Span};

/// What a caller's own tracing would send.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// All attributes that spans may have. Their values are closed sets, but for ids.
const ATTRIBUTES: &[&str] = &[
    "method",
    "route",
    "status",
    "request_id",
    "operation",
    "step",
    "cluster",
    "driver",
    "version",
    "function",
    "interface",
    "service",
];

async fn traced(more: &str) -> Result<(Place, Cloud, Daemon, Collector)> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    let collector = Collector::start().await?;
    place.configure(&cloud, &format!("[jeroboam]\notlp_endpoint = http://{}\n{more}", collector.address))?;
    let daemon = place.start(&[]).await?;
    Ok((place, cloud, daemon, collector))
}

/// The span's parents, the nearest first.
fn above<'a>(spans: &'a [Span], span: &Span) -> Vec<&'a str> {
    let mut names = Vec::new();
    let mut parent = span.parent.clone();
    while let Some(next) = spans.iter().find(|span| span.id == parent) {
        names.push(next.name.as_str());
        parent = next.parent.clone();
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callers_trace_goes_from_the_request_to_the_creation_of_the_stack() -> Result<()> {
    let (place, cloud, mut daemon, collector) = traced("").await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    let template = cluster::template(&user, &json!({})).await?;
    let body = json!({"name": "first", "cluster_template_id": template, "node_count": 1, "master_count": 1});
    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    let answer = user.ask_with(reqwest::Method::POST, "/clusters", Some(&body), &[("traceparent", &traceparent)]).await?;
    assert_eq!(answer.status().as_u16(), 202);
    let request_id = answer.headers().get("x-openstack-request-id").context("a request id")?.to_str()?.to_owned();
    let created: serde_json::Value = answer.json().await?;
    cluster::becomes(&user, created["uuid"].as_str().context("a uuid")?, "CREATE_COMPLETE").await?;
    // What is left is sent at the end.
    assert!(daemon.end()?.success());

    let all = collector.spans();
    let spans: Vec<Span> = all.iter().filter(|span| span.trace == TRACE).cloned().collect();
    let find = |name: &str, attributes: &[(&str, &str)]| {
        spans
            .iter()
            .find(|span| span.name == name && span.has(attributes))
            .unwrap_or_else(|| panic!("no {name} {attributes:?} in {spans:#?}"))
    };
    let request = find("api_request", &[("route", "/v1/clusters"), ("method", "POST"), ("status", "202")]);
    assert_eq!(request.parent, CALLER);
    let step = find("operation_step", &[("operation", "create"), ("step", "stack")]);
    assert_eq!(above(&spans, step), ["api_request"]);
    let stack = find("cloud_request", &[("service", "Heat"), ("method", "POST"), ("status", "201")]);
    assert_eq!(above(&spans, stack), ["operation_step", "api_request"]);
    let call = find("driver_call", &[("driver", "kubernetes"), ("function", "define-stack")]);
    assert_eq!(above(&spans, call), ["operation_step", "api_request"]);
    let asked = spans.iter().find(|span| span.name == "cloud_request" && above(&spans, span).contains(&"host_call"));
    let asked = asked.with_context(|| format!("nothing was asked of the cloud for a driver: {spans:#?}"))?;
    assert_eq!(above(&spans, asked)[..2], ["host_call", "driver_call"]);
    for span in &spans {
        assert_eq!(span.attribute("request_id"), Some(request_id.as_str()), "{span:?}");
    }

    let names: BTreeSet<&str> = all.iter().flat_map(|span| &span.attributes).map(|(name, _)| name.as_str()).collect();
    assert!(names.iter().all(|name| ATTRIBUTES.contains(name)), "{names:?}");
    assert!(all.iter().all(|span| span.events == 0), "a log line went along");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sampled_is_not_sent_unless_the_caller_traces() -> Result<()> {
    let (place, cloud, mut daemon, collector) = traced("otlp_sampling = 0\n").await?;
    let user = cloud.user(Who::Demo, &place.url()?).await?;
    user.expect(reqwest::Method::GET, "/clusters", None, 200).await?;
    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    user.ask_with(reqwest::Method::GET, "/clusters", None, &[("traceparent", &traceparent)]).await?;
    user.ask_with(reqwest::Method::GET, "/clusters", None, &[("traceparent", "00-zz")]).await?;
    assert!(daemon.end()?.success());
    let requests: Vec<Span> = collector.spans().into_iter().filter(|span| span.name == "api_request").collect();
    assert_eq!(requests.iter().map(|span| span.trace.as_str()).collect::<Vec<_>>(), [TRACE]);
    Ok(())
}
