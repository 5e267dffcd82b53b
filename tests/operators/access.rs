//! Who may, by which way, and how the commands end for the others.

use std::fs;

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use serde_json::json;

use crate::{operator::Operator, site::Site};

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_let_in_by_every_way_to_log_in() -> Result<()> {
    let site = Site::open("").await?;
    let admin = site.variables(Who::Admin);
    let expected = site.root().json(&["list"])?;
    ensure!(
        expected["drivers"].as_array().is_some_and(|drivers| drivers.iter().any(|driver| driver["name"] == "kubernetes")),
        "{expected:#}"
    );

    let by_variables = Operator::with_variables(admin.clone());
    ensure!(by_variables.json(&["list"])? == expected);
    ensure!(by_variables.clone().without("OS_AUTH_TYPE").flag("--os-interface internal").json(&["list"])? == expected);

    let folder = tempfile::tempdir()?;
    let get = |name: &str| admin.get(name).cloned().unwrap_or_default();
    let clouds = json!({"clouds": {"here": {"region_name": "RegionOne", "auth": {
        "auth_url": get("OS_AUTH_URL"), "username": get("OS_USERNAME"), "project_name": get("OS_PROJECT_NAME"),
        "user_domain_name": "Default", "project_domain_name": "Default"}}}});
    fs::write(folder.path().join("clouds.yaml"), clouds.to_string())?;
    let secret = json!({"clouds": {"here": {"auth": {"password": get("OS_PASSWORD")}}}});
    fs::write(folder.path().join("secure.yaml"), secret.to_string())?;
    let file = |name: &str| folder.path().join(name).display().to_string();
    let by_name = Operator::default()
        .with("OS_CLIENT_CONFIG_FILE", &file("clouds.yaml"))
        .with("OS_CLIENT_SECURE_FILE", &file("secure.yaml"))
        .flag("--os-cloud here");
    ensure!(by_name.json(&["list"])? == expected);

    let operator = site.cloud.user(Who::Admin, &site.place.url()?).await?;
    let keystone = format!("{}/users/{}/application_credentials", get("OS_AUTH_URL"), operator.user_id);
    let made = operator.post_json(&keystone, &json!({"application_credential": {"name": "robot"}})).await?;
    let credential = |field: &str| made["application_credential"][field].as_str().context("a credential").map(str::to_owned);
    let by_credential = Operator::default()
        .with("OS_AUTH_URL", &get("OS_AUTH_URL"))
        .with("OS_AUTH_TYPE", "v3applicationcredential")
        .with("OS_APPLICATION_CREDENTIAL_ID", &credential("id")?)
        .with("OS_APPLICATION_CREDENTIAL_SECRET", &credential("secret")?);
    ensure!(by_credential.json(&["list"])? == expected);
    let by_override = by_credential.flag(&format!("--os-endpoint-override http://127.0.0.1:{}", site.place.port));
    ensure!(by_override.json(&["list"])? == expected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_refused_and_told_by_which_rule() -> Result<()> {
    let site = Site::open("").await?;
    let member = Operator::with_variables(site.variables(Who::Demo));
    for (words, rule) in [
        (&["list"][..], "driver:get_all"),
        (&["show", "kubernetes"], "driver:get"),
        (&["activate", "kubernetes@0.1.0"], "driver:activate"),
        (&["rollback", "kubernetes"], "driver:rollback"),
        (&["revoke", "abcdef", "--why", "because"], "driver:revoke"),
    ] {
        let told = member.ends(3, words)?;
        ensure!(told.contains(&format!("{rule} to be performed")), "{told}");
    }
    let told = member.with("OS_PASSWORD", "s3cret").ends(1, &["list"])?;
    ensure!(told.contains("cannot log in") && !told.contains("s3cret"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_for_root_and_the_daemons_own_user() -> Result<()> {
    let site = Site::open("").await?;
    site.root().ends(0, &["list"])?;
    let shown = site.root().json(&["show", "kubernetes"])?;
    ensure!(shown["stage"] == "steady", "{shown:#}");

    let path = site.socket().display().to_string();
    let nobody = Operator::default()
        .flag(&format!("--socket {path}"))
        .through("setpriv", &["--reuid=65534", "--regid=65534", "--clear-groups"]);
    let as_nobody =
        std::process::Command::new("setpriv").args(["--reuid=65534", "--regid=65534", "--clear-groups", "true"]).status();
    if as_nobody.is_ok_and(|status| status.success()) {
        open_to_all(&site)?;
        let told = nobody.ends(1, &["list"])?;
        ensure!(told.contains("root"), "the file's mode keeps others out: {told}");
        fs::set_permissions(site.socket(), std::os::unix::fs::PermissionsExt::from_mode(0o666))?;
        nobody.ends(1, &["list"])?;
        let log = site.daemon.log()?;
        ensure!(
            log.contains("refused on the operator's socket") && log.contains("65534"),
            "the kernel's word is asked, too: {log}"
        );
    } else {
        eprintln!("skipped: this user cannot become another one");
    }
    let told = Operator::at_socket(site.place.path().join("none.sock")).ends(1, &["list"])?;
    ensure!(told.contains("none.sock") && told.contains("--os-cloud"), "{told}");
    Ok(())
}

/// The folders above the socket, so that only the socket itself is in the way.
fn open_to_all(site: &Site) -> Result<()> {
    for folder in site.socket().ancestors().skip(1).take_while(|folder| folder.starts_with(site.place.path())) {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    Ok(())
}

#[test]
fn wrong_arguments_end_with_2() -> Result<()> {
    let nobody = Operator::default();
    for words in [
        &["activate", "kubernetes@0.1.0", "--canary", "share=0%"][..],
        &["move", "kubernetes"],
        &["revoke", "abcdef"],
        &["plan", "abcdef", "--only", "everything"],
        &["list", "--socket", "/run/s", "--os-cloud", "c"],
    ] {
        nobody.ends(2, words)?;
    }
    Ok(())
}
