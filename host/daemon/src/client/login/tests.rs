use super::*;

fn cloud(yaml: &str) -> Result<Login, String> {
    with(yaml, &Connection::default())
}

fn with(yaml: &str, flags: &Connection) -> Result<Login, String> {
    Login::from_cloud("c", serde_yaml_ng::from_str(yaml).unwrap(), flags).map_err(|error| error.to_string())
}

#[test]
fn a_password_is_for_a_project_in_a_domain() {
    let login = cloud(
        "{auth: {auth_url: 'http://k:5000', username: u, password: s3cret, project_name: p, user_domain_name: d, project_domain_id: e},
          region_name: r, interface: internalURL, cacert: /ca.pem, verify: false}",
    )
    .unwrap();
    let expected = Identity::Password {
        user: UserRef::Name { name: "u".into(), domain: DomainRef::Name("d".into()) },
        password: Secret::new("s3cret"),
        scope: Scope::Project(ProjectRef::Name { name: "p".into(), domain: DomainRef::Id("e".into()) }),
    };
    assert!(login.identity == expected);
    assert_eq!((login.config.region.as_deref(), login.interface), (Some("r"), Interface::Internal));
    assert_eq!((login.config.tls.ca_file, login.config.tls.insecure), (Some("/ca.pem".into()), true));
}

#[test]
fn application_credentials_and_tokens_need_no_auth_type() {
    let login = cloud("{auth: {auth_url: 'http://k', application_credential_id: a, application_credential_secret: s}}").unwrap();
    let by_id = CredentialRef::Id("a".into());
    assert!(login.identity == Identity::ApplicationCredential { credential: by_id, secret: Secret::new("s") });
    assert!(cloud("{auth: {auth_url: 'http://k', token: t}}").unwrap().identity == Identity::Token(Secret::new("t")));
}

#[test]
fn flags_win_over_the_file() {
    let flags = Connection {
        os_region_name: Some("two".into()),
        os_interface: Some("admin".into()),
        os_endpoint_override: Some("https://magnum/v1".into()),
        ..Connection::default()
    };
    let yaml = "{auth: {auth_url: 'http://k', token: t}, region_name: one, interface: public}";
    let login = with(yaml, &flags).unwrap();
    assert_eq!((login.config.region.as_deref(), login.interface), (Some("two"), Interface::Admin));
    assert_eq!(login.endpoint.unwrap().as_str(), "https://magnum/v1");
}

#[test]
fn what_is_missing_is_named_and_secrets_are_not() {
    for (yaml, missing) in [
        ("{auth: {username: u, password: s3cret}}", "auth_url"),
        ("{auth: {auth_url: 'http://k', username: u}}", "password"),
        ("{auth: {auth_url: 'http://k', password: s3cret}}", "username"),
        ("{auth: {auth_url: 'http://k', application_credential_id: s3cret}}", "application_credential_secret"),
        ("{auth_type: v3kerberos, auth: {auth_url: 'http://k', password: s3cret}}", "v3kerberos"),
        ("{auth: {auth_url: 'k:5000', password: s3cret}}", "http://"),
        ("{auth: {auth_url: 'http://k', token: s3cret}, interface: outside}", "outside"),
        ("{profile: vendor, auth: {password: s3cret}}", "auth_url"),
    ] {
        let error = cloud(yaml).err().unwrap();
        assert!(error.contains(missing) && !error.contains("s3cret"), "{error}");
    }
}
