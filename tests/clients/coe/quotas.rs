//! `coe quotas create`, `list`, `show`, `update`, `delete`; `coe stats list`; `coe service list`.

use anyhow::{Context, Result, ensure};

use super::user::User;

pub fn life(user: &User) -> Result<()> {
    let project = user.run("token issue -f value -c project_id")?;
    let project = project.trim();
    let of = format!("--project-id {project} --resource Cluster");
    let said = user.run(&format!("coe quotas create {of} --hard-limit 2"))?;
    ensure!(said.contains("failed: Policy doesn't allow quota:create to be performed (HTTP 403)"), "{said}");
    let made = user.run_as_admin(&format!("coe quotas create {of} --hard-limit 2"))?;
    let id = field(&made, "id")?;
    ensure!(field(&made, "hard_limit")? == "2" && field(&made, "project_id")? == project, "{made}");
    let listed = user.run_as_admin("coe quotas list --all-tenants --limit 5 --sort-key id --sort-dir asc")?;
    ensure!(listed.contains(project), "{listed}");
    let rest = user.run_as_admin(&format!("coe quotas list --all-tenants --marker {id}"))?;
    ensure!(!rest.contains(project), "{rest}");

    let refused = user.refused("coe cluster create third --cluster-template k8s")?;
    ensure!(refused.contains("Resource limit exceeded") && refused.contains("HTTP 403"), "{refused}");
    let updated = user.run_as_admin(&format!("coe quotas update {of} --hard-limit 8"))?;
    ensure!(field(&updated, "hard_limit")? == "8", "{updated}");
    let shown = user.run(&format!("coe quotas show {of}"))?;
    ensure!(field(&shown, "hard_limit")? == "8" && field(&shown, "resource")? == "Cluster", "{shown}");
    let deleted = user.run_as_admin(&format!("coe quotas delete {of}"))?;
    ensure!(deleted.contains("has been accepted"), "{deleted}");

    let stats = user.run_as_admin(&format!("coe stats list {project}"))?;
    let seen = [field(&stats, "clusters")?, field(&stats, "nodes")?];
    assert_eq!(seen, ["2", "7"], "three masters and two workers, and one of each");
    let services = user.json_as_admin("coe service list")?;
    let service = services.get(0).context("a service")?;
    ensure!(service["binary"] == "magnum-conductor" && service["state"] == "up" && service["id"] == 1, "{services}");
    Ok(())
}

/// A value of a table with a row for each property.
fn field<'a>(table: &'a str, name: &str) -> Result<&'a str> {
    let mut rows = table.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|')?.split_once('|'));
    let (_, value) = rows.find(|(key, _)| key.trim() == name).with_context(|| format!("no {name} in\n{table}"))?;
    Ok(value.trim())
}
