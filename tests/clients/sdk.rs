//! openstacksdk's proxy, all of its methods: `sdk.py`.

use anyhow::{Result, ensure};
use jeroboam_tests::{dev::Dev, openstack::OpenStack};

#[test]
fn a_program_makes_changes_and_deletes_a_cluster() -> Result<()> {
    let dev = Dev::start(&[])?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/sdk.py");
    let said = OpenStack::new(&dev.variables).say_of("python", &dev.folder(), [script])?;
    ensure!(said.success && said.out.is_empty() && said.err.is_empty(), "{}{}", said.out, said.err);
    Ok(())
}
