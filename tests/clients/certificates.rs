//! What `coe cluster config`, `ca show` and `ca sign` give, looked at with openssl.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use jeroboam_tests::openstack::OpenStack;

/// Key, certificate and authority fit each other, and make a client that is `admin` of `system:masters`.
pub fn the_config_lets_a_client_in(openstack: &OpenStack, folder: &Path) -> Result<()> {
    let folder = folder.join("config");
    fs::create_dir(&folder)?;
    let said = openstack.say_in(&folder, "coe cluster config first --output-certs")?;
    ensure!(said.success, "{}", said.err);
    ensure!(said.out.contains("KUBECONFIG"), "{}", said.out);
    let kubeconfig = fs::read_to_string(folder.join("config"))?;
    ensure!(kubeconfig.contains("certificate-authority-data") && kubeconfig.contains("https://"), "{kubeconfig}");

    openssl(&folder, "verify -x509_strict -purpose sslclient -CAfile ca.pem cert.pem")?;
    let key = openssl(&folder, "pkey -in key.pem -pubout")?;
    let certified = openssl(&folder, "x509 -in cert.pem -noout -pubkey")?;
    assert_eq!(key, certified, "the certificate is of the key");
    let subject = openssl(&folder, "x509 -in cert.pem -noout -subject -nameopt RFC2253")?;
    ensure!(subject.contains("CN=admin") && subject.contains("O=system:masters"), "{subject}");
    let text = openssl(&folder, "x509 -in cert.pem -noout -text")?;
    ensure!(!text.contains("CA:TRUE"), "{text}");
    let shown = openstack.text("coe ca show first")?;
    assert_eq!(shown.trim(), fs::read_to_string(folder.join("ca.pem"))?.trim());
    let authority = openssl(&folder, "x509 -in ca.pem -noout -text")?;
    ensure!(authority.contains("CA:TRUE, pathlen:0") && authority.contains("Certificate Sign"), "{authority}");
    Ok(())
}

/// A request of the user's own, with a usage that the profile allows.
pub fn a_request_is_signed(openstack: &OpenStack, folder: &Path) -> Result<()> {
    let folder = folder.join("sign");
    fs::create_dir(&folder)?;
    openssl(
        &folder,
        "req -new -newkey rsa:2048 -nodes -keyout own.key -out own.csr -subj /O=dev/CN=alice -addext extendedKeyUsage=clientAuth",
    )?;
    let signed = openstack.say_in(&folder, "coe ca sign first own.csr")?;
    ensure!(signed.success, "{}", signed.err);
    fs::write(folder.join("own.pem"), signed.out)?;
    fs::write(folder.join("ca.pem"), openstack.text("coe ca show first")?)?;
    openssl(&folder, "verify -purpose sslclient -CAfile ca.pem own.pem")?;
    let text = openssl(&folder, "x509 -in own.pem -noout -text")?;
    ensure!(text.contains("CN = alice") && text.contains("TLS Web Client Authentication"), "{text}");
    Ok(())
}

fn openssl(folder: &Path, words: &str) -> Result<String> {
    let output =
        Command::new("openssl").args(words.split_whitespace()).current_dir(folder).output().context("openssl is needed")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "openssl {words}\n{text}{}", String::from_utf8_lossy(&output.stderr));
    Ok(text)
}
