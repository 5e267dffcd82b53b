//! `coe cluster config`; `coe ca show`, `sign`, `rotate`; `coe credential rotate`.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};

use super::user::User;

/// The files that are asked for, written once and over others only if that is said.
pub fn config(user: &User) -> Result<()> {
    let folder = user.folder.join("credentials");
    fs::create_dir(&folder)?;
    let here = folder.display();
    let said = user.run(&format!("coe cluster config first --dir {here} --output-certs --use-certificate"))?;
    assert_eq!(said.trim(), format!("export KUBECONFIG={here}/config"));
    let read = |name: &str| fs::read_to_string(folder.join(name)).with_context(|| name.to_owned());
    let (config, certificate) = (read("config")?, read("cert.pem")?);
    ensure!(config.contains("client-certificate-data: ") && config.contains("    server: https://"), "{config}");
    ensure!(read("key.pem")?.contains("PRIVATE KEY"));

    let again = user.refused(&format!("coe cluster config first --dir {here} --output-certs"))?;
    ensure!(again.starts_with("File ") && again.contains("exists, aborting."), "{again}");
    assert_eq!(read("cert.pem")?, certificate);
    user.run(&format!("coe cluster config first --dir {here} --output-certs --force"))?;
    ensure!(read("cert.pem")? != certificate, "each config has a certificate of its own");
    user.run(&format!("coe cluster config first --dir {here} --force --use-keystone"))?;
    ensure!(read("config")?.contains("user: openstackuser") && !read("config")?.contains("client-key-data"));

    let swarm = user.run(&format!("coe cluster config second --dir {here} --output-certs --force"))?;
    ensure!(swarm.contains("export DOCKER_HOST=tcp://") && swarm.contains(&format!("export DOCKER_CERT_PATH={here}")), "{swarm}");
    Ok(())
}

/// What is signed afterwards is signed by another authority.
pub fn rotate(user: &User) -> Result<()> {
    let shown = user.run("coe ca show first")?;
    let key = user.folder.join("own.key");
    let request = user.folder.join("own.csr");
    let made = Command::new("openssl")
        .args(["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/O=dev/CN=alice", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&request)
        .output()
        .context("openssl is needed")?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let signed = user.run(&format!("coe ca sign first {}", request.display()))?;
    ensure!(signed.starts_with("-----BEGIN CERTIFICATE-----"), "{signed}");

    let rotated = user.run("coe ca rotate first")?;
    ensure!(rotated.contains("has been accepted"), "{rotated}");
    user.settled("UPDATE_COMPLETE")?;
    ensure!(user.run("coe ca show first")? != shown, "the authority is the same");
    let credential = user.run("coe credential rotate first")?;
    ensure!(
        credential.starts_with("Request to rotate credentials for cluster ") && credential.contains(" accepted"),
        "{credential}"
    );
    user.settled("UPDATE_COMPLETE")?;
    Ok(())
}
