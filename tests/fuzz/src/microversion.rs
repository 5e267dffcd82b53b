//! The header `OpenStack-API-Version`.

use http::{HeaderMap, HeaderValue};
use jeroboam_api::microversion::{Microversion, Negotiation};

/// Any value is a version within the range or an error of moderate length, and what it becomes can be said in headers.
pub fn check(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let mut described = HeaderMap::new();
    let negotiation = negotiate(value);
    negotiation.describe(&mut described);
    match negotiation.version() {
        Ok(version) => {
            assert!((Microversion::MIN..=Microversion::MAX).contains(&version), "{version} is out of range");
            let again = HeaderValue::try_from(format!("container-infra {version}")).unwrap();
            assert_eq!(negotiate(again).version(), Ok(version));
            assert_eq!(described.len(), 4);
        }
        Err(error) => assert!(error.to_string().len() < 2000, "the error repeats too much"),
    }
}

fn negotiate(value: HeaderValue) -> Negotiation {
    let mut headers = HeaderMap::new();
    headers.insert("openstack-api-version", value);
    Negotiation::of(&headers)
}
