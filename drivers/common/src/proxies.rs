//! The proxies between nodes and the world.

use jeroboam_driver_sdk::ClusterTemplate;

use crate::request::given;

/// URLs; empty: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    pub http: String,
    pub https: String,
    /// Comma-separated; empty without a proxy.
    pub exceptions: String,
}

impl Proxies {
    /// `own`: networks and domains of the cluster itself, which are never reached through a proxy.
    pub fn of(template: &ClusterTemplate, own: &[String]) -> Self {
        let (http, https) = (given(template.http_proxy.as_deref()), given(template.https_proxy.as_deref()));
        if http.is_none() && https.is_none() {
            return Self::default();
        }
        let mut exceptions: Vec<&str> = given(template.no_proxy.as_deref()).into_iter().collect();
        exceptions.extend(["localhost", "127.0.0.1", "169.254.169.254"]);
        exceptions.extend(own.iter().map(String::as_str));
        Self {
            http: http.unwrap_or_default().to_owned(),
            https: https.unwrap_or_default().to_owned(),
            exceptions: exceptions.join(","),
        }
    }
}
