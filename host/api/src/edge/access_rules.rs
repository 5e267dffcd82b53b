//! Access rules of application credentials. Keystone vouches for tokens that have any only to services that promise to keep them.

use jeroboam_cloud::Service;
use jeroboam_cloud::keystone::AccessRule;

/// Whether one of the rules allows the request.
pub fn allow(rules: &[AccessRule], method: &str, path: &str) -> bool {
    rules.iter().any(|rule| {
        Service::Magnum.types().contains(&rule.service.as_str())
            && rule.method == method
            && matches(&mut rule.path.trim_end_matches('/').split('/'), &mut path.trim_end_matches('/').split('/'))
    })
}

/// `*` and `{name}` stand for one segment, `**` for all that is left.
fn matches<'a>(pattern: &mut impl Iterator<Item = &'a str>, path: &mut impl Iterator<Item = &'a str>) -> bool {
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some("**"), Some(_)) => return true,
            (Some(wanted), Some(segment)) if is_match(wanted, segment) => {}
            _ => return false,
        }
    }
}

fn is_match(wanted: &str, segment: &str) -> bool {
    let any = wanted == "*" || (wanted.starts_with('{') && wanted.ends_with('}'));
    (any && !segment.is_empty()) || wanted == segment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(service: &str, method: &str, path: &str, request: &str) -> bool {
        let rule = AccessRule { service: service.to_owned(), method: method.to_owned(), path: path.to_owned() };
        allow(&[rule], "GET", request)
    }

    #[test]
    fn a_rule_allows_its_method_and_path_on_this_service() {
        assert!(allowed("container-infra", "GET", "/v1/clusters", "/v1/clusters"));
        assert!(allowed("container-infra", "GET", "/v1/clusters/{id}", "/v1/clusters/c1"));
        assert!(allowed("container-infra", "GET", "/v1/clusters/*", "/v1/clusters/c1"));
        assert!(allowed("container-infra", "GET", "/v1/**", "/v1/clusters/c1/nodegroups"));
        assert!(!allowed("container-infra", "GET", "/v1/clusters/*", "/v1/clusters/c1/nodegroups"));
        assert!(!allowed("container-infra", "GET", "/v1/clusters/*", "/v1/clusters"));
        assert!(!allowed("container-infra", "POST", "/v1/clusters", "/v1/clusters"));
        assert!(!allowed("compute", "GET", "/v1/clusters", "/v1/clusters"));
        assert!(!allow(&[], "GET", "/v1/clusters"));
    }
}
