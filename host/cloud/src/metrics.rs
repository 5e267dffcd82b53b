//! How OpenStack's services answer.

use std::time::Duration;

use jeroboam_telemetry::metrics::{Counters, Times};

use crate::error::CloudError;
use crate::http::{Call, Reply};

jeroboam_telemetry::metrics! {
    /// The table. Services have the names of their projects.
    pub struct CloudMetrics {
        requests: Counters<3> = "jeroboam_cloud_requests", ["service", "method", "status"],
            "Requests to OpenStack's services, each try for itself. Status: of HTTP; unreachable if there was no answer, unusable if it could not be read.";
        seconds: Times<2> = "jeroboam_cloud_request_seconds", ["service", "method"],
            "How long each try took, the answer's body included.";
    }
}

/// Statuses that have a series of their own. Others share that of their class, so that a service cannot make series by the hundred.
const STATUSES: &[(u16, &str)] = &[
    (200, "200"),
    (201, "201"),
    (202, "202"),
    (204, "204"),
    (300, "300"),
    (400, "400"),
    (401, "401"),
    (403, "403"),
    (404, "404"),
    (409, "409"),
    (413, "413"),
    (429, "429"),
    (500, "500"),
    (502, "502"),
    (503, "503"),
    (504, "504"),
];

impl CloudMetrics {
    pub(crate) fn answered(&self, call: &Call, outcome: &Result<Reply, CloudError>, took: Duration) {
        let (service, method) = (call.service.name(), method(call));
        self.requests.of([service, method, status(outcome)]).inc();
        self.seconds.of([service, method]).observe(took.as_secs_f64());
    }
}

fn method(call: &Call) -> &'static str {
    const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
    METHODS.iter().copied().find(|method| *method == call.method.as_str()).unwrap_or("other")
}

pub(crate) fn status(outcome: &Result<Reply, CloudError>) -> &'static str {
    let status = match outcome {
        Ok(reply) => reply.status,
        Err(CloudError::Unreachable { .. }) => return "unreachable",
        Err(error) => match error.status() {
            Some(status) => status,
            None => return "unusable",
        },
    };
    let own = STATUSES.iter().find(|(known, _)| *known == status);
    own.map_or_else(|| class(status), |(_, text)| text)
}

const fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        5 => "5xx",
        _ => "other",
    }
}
