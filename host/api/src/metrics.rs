//! How requests fare.

use std::time::Duration;

use http::Method;
use jeroboam_telemetry::metrics::{Counters, Gauges, Times};

jeroboam_telemetry::metrics! {
    /// The table. Routes are those of the router, with their parameters' names: what no route matches is `none`.
    pub struct ApiMetrics {
        requests: Counters<3> = "jeroboam_api_requests", ["route", "method", "status"],
            "Requests to the API that were answered.";
        seconds: Times<2> = "jeroboam_api_request_seconds", ["route", "method"],
            "How long it took to answer them, once their heads had been read.";
        refused: Counters<1> = "jeroboam_api_requests_refused", ["limit"],
            "Requests that were refused because they were too many, by the option of [jeroboam] that sets the limit.";
        in_flight: Gauges<0> = "jeroboam_api_requests_in_flight", [],
            "Requests that are being answered.";
    }
}

impl ApiMetrics {
    pub(crate) fn refused(&self, limit: &'static str) {
        self.refused.of([limit]).inc();
    }

    pub(crate) fn answered(&self, route: &str, method: &Method, status: u16, took: Duration) {
        let method = name(method);
        self.requests.of([route.to_owned(), method.to_owned(), status.to_string()]).inc();
        self.seconds.of([route.to_owned(), method.to_owned()]).observe(took.as_secs_f64());
    }
}

/// A client can send any word as a method.
pub(crate) fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
