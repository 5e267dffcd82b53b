//! A cluster with certificates, and ways to look at them.

#![allow(dead_code, reason = "each test uses some")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jeroboam_certificates::{Certificates, CertificatesConfig};
use jeroboam_model::{Cluster, KeyKind, samples};
use jeroboam_store::{Store, Vault};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use x509_parser::{
    certificate::X509Certificate,
    extensions::{ParsedExtension, X509Extension},
    pem::parse_x509_pem,
    prelude::FromDer,
};

pub struct Host {
    pub store: Store,
    pub vault: Vault,
    pub certificates: Certificates,
}

pub fn host(key_kind: KeyKind) -> Host {
    let (store, vault) = (Store::in_memory(), Vault::ephemeral().unwrap());
    let config = CertificatesConfig { key_kind, ..CertificatesConfig::default() };
    Host { certificates: Certificates::new(store.clone(), vault.clone(), config), store, vault }
}

/// A host with one cluster that has its certificates.
pub async fn with_cluster(key_kind: KeyKind) -> (Host, Cluster) {
    let (host, cluster) = (host(key_kind), cluster("prod"));
    host.certificates.ensure(&cluster).await.unwrap();
    (host, cluster)
}

pub fn cluster(name: &str) -> Cluster {
    samples::cluster(name, &samples::template("t"))
}

/// Parameters of a request for `CN=admin, O=system:masters`.
pub fn admin() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "system:masters");
    params.distinguished_name.push(DnType::CommonName, "admin");
    params
}

pub fn request(params: &CertificateParams) -> String {
    params.serialize_request(&KeyPair::generate().unwrap()).unwrap().pem().unwrap()
}

/// Reads a certificate.
pub fn read<T>(pem: &str, look: impl FnOnce(&X509Certificate<'_>) -> T) -> T {
    let (rest, pem) = parse_x509_pem(pem.as_bytes()).unwrap();
    assert!(rest.is_empty(), "PEM ends without a newline");
    assert_eq!(pem.label, "CERTIFICATE");
    let (rest, certificate) = X509Certificate::from_der(&pem.contents).unwrap();
    assert!(rest.is_empty());
    look(&certificate)
}

/// The extensions with their criticality, by the names of RFC 5280, in alphabetical order.
pub fn extensions(pem: &str) -> Vec<String> {
    read(pem, |certificate| {
        let describe = |extension: &X509Extension<'_>| {
            let name = match extension.parsed_extension() {
                ParsedExtension::AuthorityKeyIdentifier(_) => "authorityKeyIdentifier".to_owned(),
                ParsedExtension::SubjectKeyIdentifier(_) => "subjectKeyIdentifier".to_owned(),
                ParsedExtension::BasicConstraints(it) => {
                    format!("basicConstraints ca={} pathlen={:?}", it.ca, it.path_len_constraint)
                }
                ParsedExtension::KeyUsage(it) => format!("keyUsage {it}"),
                ParsedExtension::ExtendedKeyUsage(_) => "extendedKeyUsage".to_owned(),
                ParsedExtension::SubjectAlternativeName(_) => "subjectAltName".to_owned(),
                _ => extension.oid.to_id_string(),
            };
            if extension.critical { format!("{name} critical") } else { name }
        };
        let mut all: Vec<String> = certificate.extensions().iter().map(describe).collect();
        all.sort();
        all
    })
}

/// Requests by the names of their files.
pub fn requests(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/requests").join(folder);
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    found
}

/// OpenSSL's command, in a directory of its own; none where it is not installed, which is said.
pub struct OpenSsl(tempfile::TempDir);

impl OpenSsl {
    pub fn find(test: &str) -> Option<Self> {
        let found = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
        if !found {
            eprintln!("SKIPPED {test}: there is no `openssl` command");
        }
        found.then(|| Self(tempfile::tempdir().unwrap()))
    }

    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    /// What it says, and whether it was content.
    pub fn run(&self, arguments: &str) -> (bool, String) {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(self.0.path()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}
