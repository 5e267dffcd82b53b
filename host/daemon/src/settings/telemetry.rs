//! What the service tells of itself, to whom, and for how long it keeps it.

use std::{net::SocketAddr, time::Duration};

use jeroboam_telemetry::traces::TracesConfig;
use url::Url;

use super::{host_name, wrong};
use crate::config::{ConfigError, Ini, options as o};

#[derive(Debug)]
pub struct TelemetrySettings {
    /// `None`: no metrics are served.
    pub metrics_listen: Option<SocketAddr>,
    pub audit_kept: Duration,
    pub audit_records_kept: usize,
}

impl TelemetrySettings {
    pub fn read(ini: &Ini) -> Result<Self, ConfigError> {
        Ok(Self {
            metrics_listen: o::METRICS_LISTEN.find(ini)?,
            audit_kept: Duration::from_secs(o::AUDIT_KEPT_DAYS.get(ini)?.saturating_mul(24 * 3600)),
            audit_records_kept: o::AUDIT_RECORDS_KEPT.get(ini)?.max(1),
        })
    }
}

/// `None`: no traces.
pub fn traces(ini: &Ini) -> Result<Option<TracesConfig>, ConfigError> {
    let Some(text) = o::OTLP_ENDPOINT.find(ini)? else { return Ok(None) };
    let endpoint = Url::parse(&text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| wrong(&o::OTLP_ENDPOINT, "expected a URL such as http://127.0.0.1:4318"))?;
    let sampling = o::OTLP_SAMPLING.get(ini)?;
    if !(0.0..=1.0).contains(&sampling) {
        return Err(wrong(&o::OTLP_SAMPLING, "expected a share between 0 and 1"));
    }
    let host_name = o::HOST.find(ini)?.unwrap_or_else(host_name);
    Ok(Some(TracesConfig { endpoint, sampling, host_name, version: env!("CARGO_PKG_VERSION").to_owned() }))
}
