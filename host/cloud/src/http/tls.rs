//! HTTP clients for the ways of doing TLS.

use std::path::Path;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity};
use zeroize::Zeroizing;

use crate::config::{CloudConfig, TlsConfig};
use crate::error::CloudError;

const USER_AGENT: &str = concat!("jeroboam/", env!("CARGO_PKG_VERSION"));

pub(super) fn client(config: &CloudConfig, tls: &TlsConfig) -> Result<Client, CloudError> {
    let build = |roots: Option<Vec<Certificate>>| -> Result<_, CloudError> {
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(config.timeouts.connect)
            .timeout(config.timeouts.request)
            .redirect(Policy::none())
            .no_proxy()
            .tls_danger_accept_invalid_certs(tls.insecure);
        if let Some(roots) = roots {
            builder = builder.tls_certs_only(roots);
        }
        if let Some(identity) = client_certificate(tls)? {
            builder = builder.identity(identity);
        }
        Ok(builder.build())
    };
    let unusable = |error: reqwest::Error| CloudError::Config {
        option: "ca_file",
        reason: format!("TLS cannot be set up: {}", reasons(&error)),
    };
    if let Some(path) = &tls.ca_file {
        let roots = Certificate::from_pem_bundle(&file("ca_file", path)?).map_err(unusable)?;
        if roots.is_empty() {
            return Err(CloudError::Config { option: "ca_file", reason: format!("{} has no PEM certificate", path.display()) });
        }
        return build(Some(roots))?.map_err(unusable);
    }
    build(None)?.or_else(|error| {
        // A machine without a trust store can still talk to services over plain HTTP.
        tracing::warn!("no system certificates ({}): services over https need ca_file or insecure", reasons(&error));
        build(Some(Vec::new()))?.map_err(unusable)
    })
}

fn client_certificate(tls: &TlsConfig) -> Result<Option<Identity>, CloudError> {
    let Some(cert) = &tls.cert_file else { return Ok(None) };
    let mut pem = file("cert_file", cert)?;
    if let Some(key) = &tls.key_file {
        pem.push(b'\n');
        pem.extend(file("key_file", key)?);
    }
    let pem = Zeroizing::new(pem);
    let identity = Identity::from_pem(&pem).map_err(|error| CloudError::Config {
        option: "cert_file",
        reason: format!("not a PEM certificate with its key: {}", reasons(&error)),
    })?;
    Ok(Some(identity))
}

fn file(option: &'static str, path: &Path) -> Result<Vec<u8>, CloudError> {
    std::fs::read(path).map_err(|error| CloudError::Config { option, reason: format!("cannot read {}: {error}", path.display()) })
}

/// An error and its causes in one line.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
