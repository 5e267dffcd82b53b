//! What every request passes before the API proper: bounds, proxies, browsers, load balancers.

use std::{num::NonZeroU32, path::PathBuf, sync::Arc};

use jeroboam_api::{Backend, Cors, CorsRules, HealthcheckConfig, LimitsConfig, Rate};

use super::wrong;
use crate::config::{ConfigError, Ini, options as o};

#[derive(Debug)]
pub struct EdgeSettings {
    /// Bytes.
    pub max_body: usize,
    pub proxy_headers: bool,
    pub access_log: bool,
    pub limits: LimitsConfig,
    pub cors: Cors,
    pub healthcheck: HealthcheckConfig,
}

impl EdgeSettings {
    pub fn read(ini: &Ini) -> Result<Self, ConfigError> {
        Ok(Self {
            max_body: o::MAX_BODY.get(ini)?,
            proxy_headers: o::PROXY_HEADERS.get(ini)?,
            access_log: o::ACCESS_LOG.get(ini)?,
            limits: LimitsConfig {
                in_flight: NonZeroU32::new(o::REQUESTS_IN_FLIGHT.get(ini)?),
                rate: rate(ini, &o::REQUEST_RATE, &o::REQUEST_BURST)?,
                project_in_flight: NonZeroU32::new(o::PROJECT_REQUESTS_IN_FLIGHT.get(ini)?),
                project_rate: rate(ini, &o::PROJECT_REQUEST_RATE, &o::PROJECT_REQUEST_BURST)?,
            },
            cors: cors(ini)?,
            healthcheck: healthcheck(ini)?,
        })
    }
}

/// 0 is no limit.
fn rate(ini: &Ini, per_second: &o::Opt<f64>, burst: &o::Opt<u32>) -> Result<Option<Rate>, ConfigError> {
    let (given, burst) = (per_second.get(ini)?, NonZeroU32::new(burst.get(ini)?).unwrap_or(NonZeroU32::MIN));
    if given == 0.0 {
        return Ok(None);
    }
    Rate::new(given, burst).map(Some).ok_or_else(|| wrong(per_second, "too small to be a rate; 0 is no limit"))
}

/// `[cors]`, and each `[cors.<name>]` with what it leaves out as it is there.
fn cors(ini: &Ini) -> Result<Cors, ConfigError> {
    let mut cors = Cors::default();
    for section in ["cors"].into_iter().chain(ini.sections().filter(|section| section.starts_with("cors."))) {
        let Some(origins) = o::CORS_ORIGINS.find_in(ini, section)?.flatten() else { continue };
        let rules = Arc::new(CorsRules {
            allow_credentials: in_section(ini, section, &o::CORS_CREDENTIALS)?.unwrap_or(true),
            expose_headers: in_section(ini, section, &o::CORS_EXPOSE)?.unwrap_or_default(),
            max_age: in_section(ini, section, &o::CORS_MAX_AGE)?.unwrap_or_default(),
            allow_methods: in_section(ini, section, &o::CORS_METHODS)?.unwrap_or_default(),
            allow_headers: in_section(ini, section, &o::CORS_HEADERS)?.unwrap_or_default(),
        });
        for origin in origins {
            cors.allow(&origin, &rules);
        }
    }
    Ok(cors)
}

/// As the section has it, else as the option's own does.
fn in_section<T>(ini: &Ini, section: &str, option: &o::Opt<T>) -> Result<Option<T>, ConfigError> {
    Ok(match option.find_in(ini, section)? {
        Some(given) => given,
        None => option.find(ini)?,
    })
}

fn healthcheck(ini: &Ini) -> Result<HealthcheckConfig, ConfigError> {
    let names = o::HEALTHCHECK_BACKENDS.find(ini)?.unwrap_or_default();
    let is_both = ["disable_by_file", "enable_by_files"].iter().all(|name| names.iter().any(|given| given == name));
    if is_both {
        return Err(wrong(&o::HEALTHCHECK_BACKENDS, "disable_by_file and enable_by_files exclude each other"));
    }
    Ok(HealthcheckConfig {
        path: o::HEALTHCHECK_PATH.find(ini)?.unwrap_or_default(),
        detailed: o::HEALTHCHECK_DETAILED.get(ini)?,
        backends: names.iter().map(|name| backend(ini, name)).collect::<Result<_, _>>()?,
        allowed_source_ranges: o::HEALTHCHECK_SOURCES.find(ini)?.unwrap_or_default(),
        ignore_proxied_requests: o::HEALTHCHECK_IGNORE_PROXIED.get(ini)?,
    })
}

fn backend(ini: &Ini, name: &str) -> Result<Backend, ConfigError> {
    Ok(match name {
        "disable_by_file" => Backend::DisableByFile(o::HEALTHCHECK_DISABLE_FILE.find(ini)?),
        "disable_by_files_ports" => {
            let mut files = o::HEALTHCHECK_DISABLE_FILES.find(ini)?.unwrap_or_default();
            Backend::DisableByFilesPorts(files.remove(&o::API_PORT.get(ini)?))
        }
        "enable_by_files" => Backend::EnableByFiles(
            o::HEALTHCHECK_ENABLE_FILES.find(ini)?.unwrap_or_default().into_iter().map(PathBuf::from).collect(),
        ),
        _ => {
            return Err(wrong(&o::HEALTHCHECK_BACKENDS, "expected disable_by_file, disable_by_files_ports or enable_by_files"));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<EdgeSettings, ConfigError> {
        let mut ini = Ini::default();
        ini.read("magnum.conf", text).unwrap();
        EdgeSettings::read(&ini)
    }

    #[test]
    fn without_a_word_about_it_the_edge_is_as_magnums() {
        let settings = read("").unwrap();
        assert!(settings.cors.is_off());
        let file = Backend::DisableByFile(Some("/etc/magnum/healthcheck_disable".into()));
        assert_eq!((settings.healthcheck.path.as_str(), settings.healthcheck.backends), ("/healthcheck", vec![file]));
        assert!(settings.limits.rate.is_none() && settings.limits.project_rate.is_none());
    }

    #[test]
    fn the_file_of_the_port_that_is_listened_on_counts() {
        let text = "[api]\nport = 9999\n[healthcheck]\nbackends = disable_by_files_ports\n\
                    disable_by_file_paths = 9511:/a, 9999:/b:c\n";
        assert_eq!(read(text).unwrap().healthcheck.backends, [Backend::DisableByFilesPorts(Some("/b:c".into()))]);
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_option_to_change() {
        for (text, named) in [
            ("[healthcheck]\nbackends = disable_by_file,enable_by_files\n", "[healthcheck] backends"),
            ("[healthcheck]\nbackends = oracle\n", "[healthcheck] backends"),
            ("[healthcheck]\npath = /v1\n", "[healthcheck] path"),
            ("[healthcheck]\nallowed_source_ranges = 10.0.0.0/33\n", "[healthcheck] allowed_source_ranges"),
            ("[cors.ui]\nallowed_origin = https://ui\nallow_methods = G ET\n", "[cors.ui] allow_methods"),
            ("[jeroboam]\nrequest_rate = -1\n", "[jeroboam] request_rate"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(named), "{text}: {error}");
        }
    }
}
