//! Pairs that a driver had made. They last as long as the call, and never leave the host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jeroboam_model::Secret;
use jeroboam_plugins::SourceError;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(super) struct Pair {
    pub certificate: String,
    pub private_key: Secret,
}

/// The pairs of one call, by the names that the driver knows them by.
#[derive(Clone, Default)]
pub(crate) struct Issued(Arc<Mutex<HashMap<String, Pair>>>);

impl Issued {
    pub fn keep(&self, certificate: String, private_key: Secret) -> String {
        let mut pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("issued-{}", pairs.len() + 1);
        pairs.insert(name.clone(), Pair { certificate, private_key });
        name
    }

    pub fn private_keys(&self) -> Vec<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().map(|pair| pair.private_key.clone()).collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<Pair> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// A new key, and a request to certify it. The profile of the authority decides what becomes of it.
pub(super) fn request(common_name: &str, organizations: &[String]) -> Result<(String, Secret), SourceError> {
    let unusable =
        |error: rcgen::Error| SourceError::Unsupported(format!("no certificate can be requested for that name: {error}"));
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    for organization in organizations {
        name.push(DnType::OrganizationName, organization.as_str());
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    let key = KeyPair::generate().map_err(unusable)?;
    let request = params.serialize_request(&key).and_then(|request| request.pem()).map_err(unusable)?;
    Ok((request, Secret::new(key.serialize_pem())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_under_the_name_it_was_kept_by_and_no_other() {
        let issued = Issued::default();
        let (_, key) = request("metrics", &["ops".into()]).unwrap();
        let name = issued.keep("certificate".into(), key);
        assert_eq!(issued.get(&name).unwrap().certificate, "certificate");
        assert!(issued.get("admin").is_none());
    }
}
