//! `jeroboam policy`: what it prints, and how it ends for scripts.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

/// How a command ends: its code, and what it says on either channel.
fn policy(folder: &Path, words: &[&str]) -> Result<(i32, String, String)> {
    let conf = folder.join("magnum.conf");
    let files = ["--config-file".to_owned(), conf.display().to_string()];
    let (verb, rest) = words.split_first().unwrap();
    let output = Command::new(jeroboam_tests::binary()?).args(["policy", verb]).args(files).args(rest).output()?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes);
    Ok((output.status.code().unwrap_or(-1), text(output.stdout)?, text(output.stderr)?))
}

/// A configuration with a policy beside it.
fn folder(rules: &str) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("magnum.conf"), "[oslo_policy]\npolicy_file = own.yaml\n")?;
    fs::write(folder.path().join("own.yaml"), rules)?;
    Ok(folder)
}

#[test]
fn check_tells_what_cannot_be_used_and_what_is_odd() -> Result<()> {
    let broken = folder("cluster:get: 'role:'\ncluster:update: '@ or'\n")?;
    let (code, _, told) = policy(broken.path(), &["check"])?;
    ensure!(code == 1, "{code}");
    ensure!(told.contains("own.yaml: cluster:get: column 1: a name is missing after role:"), "{told}");
    ensure!(told.contains("own.yaml: cluster:update: column 5: a check is missing here"), "{told}");

    let odd = folder("cluster:gett: role:a\n")?;
    let (code, told, _) = policy(odd.path(), &["check"])?;
    ensure!(code == 0 && told.contains("was cluster:get meant?") && told.contains("The policy can be used"), "{told}");
    let other = odd.path().join("other.yaml");
    fs::write(&other, "x: [1]")?;
    let (code, ..) = policy(odd.path(), &["check", "--policy-file", &other.display().to_string()])?;
    ensure!(code == 1, "{code}");
    Ok(())
}

#[test]
fn check_tells_what_somebody_may() -> Result<()> {
    let folder = folder("cluster:delete: user_id:%(user_id)s and role:member\nown: role:member\n")?;
    let member: &[&str] = &["--roles", "member", "--project", "p", "--user", "u"];
    let ask = |words: &[&str]| policy(folder.path(), &[&["check"], member, words].concat());
    for (words, code) in [
        (&["cluster:delete"][..], 0),
        (&["cluster:delete", "--target", "user_id=v", "--target", "project_id=p"], 3),
        (&["cluster:get"], 3),
        (&["own"], 0),
        (&["cluster:gett"], 2),
    ] {
        let (ended, told, _) = ask(words)?;
        ensure!(ended == code, "{words:?}: {ended} {told}");
    }
    let (code, told, _) = ask(&[])?;
    ensure!(code == 0 && told.contains("allowed  cluster:create\n") && told.contains("denied   quota:create\n"), "{told}");

    let token = folder.path().join("token.json");
    let access = json!({"token": {"user": {"id": "u", "name": "n", "domain": {"id": "d"}}, "roles": [{"name": "admin"}], "system": {"all": true}}});
    fs::write(&token, access.to_string())?;
    let words = ["check", "--access", token.to_str().unwrap(), "cluster:get"];
    let (code, told, _) = policy(folder.path(), &words)?;
    ensure!(code == 3 && told == "denied   cluster:get (the token's scope)\n", "{code} {told}");
    let (code, ..) = policy(folder.path(), &["check", "cluster:get"])?;
    ensure!(code == 2, "nobody is asked about: {code}");
    Ok(())
}

#[test]
fn list_tells_where_each_rule_comes_from() -> Result<()> {
    let folder = folder("cluster:get: role:a\nown: role:b\n")?;
    let (code, told, _) = policy(folder.path(), &["list", "--format", "json"])?;
    let rows: Value = serde_json::from_str(&told)?;
    let row = |name: &str| rows.as_array().unwrap().iter().find(|row| row["rule"] == name).cloned().unwrap();
    ensure!(code == 0);
    let get = row("cluster:get");
    ensure!(
        (&get["check"], &get["from"], &get["scope_types"]) == (&json!("role:a"), &json!("file"), &json!(["project"])),
        "{get}"
    );
    ensure!(get["file"].as_str().unwrap().ends_with("/own.yaml") && get["default"] != get["check"], "{get}");
    ensure!(row("own")["default"].is_null() && row("cluster:update")["from"] == "default");

    let (code, sample, _) = policy(folder.path(), &["list", "--format", "yaml"])?;
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/docs/policy.yaml.sample"))?;
    ensure!(code == 0 && sample == document, "the sample is the document");
    let (code, table, _) = policy(folder.path(), &["list"])?;
    ensure!(code == 0 && table.starts_with("RULE ") && table.contains("cluster:get "), "{table}");
    Ok(())
}
