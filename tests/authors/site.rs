//! A site's own driver, which extends the bundled one: the host is as it was.

use anyhow::{Result, ensure};

use crate::support::{Desk, repository};

#[test]
fn a_sites_own_driver_takes_the_bundled_ones_place() -> Result<()> {
    let desk = Desk::new()?;
    let site = repository("drivers/examples/site").canonicalize()?;
    let site = site.to_str().unwrap_or_default();
    desk.succeeds(&["build", site])?;
    let report = desk.report(&format!("{site}/build/site-kubernetes.wasm"))?;
    ensure!(
        report["driver"]["labels"].as_array().is_some_and(|labels| labels.iter().any(|label| label == "boot_metadata")),
        "{report:#}"
    );
    ensure!(
        report["grants"].as_array().is_some_and(|grants| grants.iter().any(|grant| grant["name"] == "load-balancers")),
        "{report:#}"
    );
    let told = desk.succeeds(&["test", site])?;
    ensure!(told.lines().any(|line| line.starts_with("ok") && line.contains("metadata")), "{told}");
    Ok(())
}
