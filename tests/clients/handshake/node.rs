//! A node, by what it finds in its server: it logs in as the trustee, and has its certificate signed.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use jeroboam_tests::site::{Server, Site};
use reqwest::Method;
use serde_json::json;
use url::Url;

use super::tls::Side;

/// What a master's API server serves with: a certificate for the cluster's address.
pub async fn certified(site: &Site, server: &Server, cluster: &str, address: &str, folder: &Path) -> Result<Side> {
    let parameters = &server.parameters;
    ensure!(parameters["CLUSTER_UUID"] == cluster, "{} is of another cluster", server.name);
    let user = json!({"id": parameters["TRUSTEE_USER_ID"], "password": parameters["TRUSTEE_PASSWORD"]});
    let scope = json!({"OS-TRUST:trust": {"id": parameters["TRUST_ID"]}});
    let trustee = site.cloud.log_in(user, scope, &site.place.url()?).await?;

    let host = Url::parse(address)?.host_str().context("a host")?.to_owned();
    let (key, request) = (folder.join("server.key"), folder.join("server.csr"));
    let made = Command::new("openssl")
        .args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj"])
        .arg(format!("/O=servers/CN={}", server.name))
        .arg("-addext")
        .arg(format!("subjectAltName=IP:{host},IP:127.0.0.1"))
        .args(["-addext", "extendedKeyUsage=serverAuth", "-keyout"])
        .args([&key, Path::new("-out"), &request])
        .output()
        .context("openssl is needed")?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let body = json!({"cluster_uuid": cluster, "csr": fs::read_to_string(request)?, "ca_cert_type": "kubernetes"});
    let signed = trustee.expect(Method::POST, "/certificates", Some(&body), 201).await?;
    let authority = trustee.expect(Method::GET, &format!("/certificates/{cluster}?ca_cert_type=kubernetes"), None, 200).await?;
    let pem = |answer: &serde_json::Value| answer["pem"].as_str().map(|pem| pem.as_bytes().to_vec()).context("a certificate");
    Ok(Side { authority: pem(&authority)?, certificate: pem(&signed)?, key: fs::read(key)? })
}
