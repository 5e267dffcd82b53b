//! A bay's life with the `magnum` command of python-magnumclient 2.x.

use anyhow::{Context, Result, ensure};
use jeroboam_tests::{dev::Dev, openstack::OpenStack, wait};

const BAYMODEL: &str = "baymodel-create --name k8s --coe kubernetes --image-id fedora-coreos-latest --keypair-id testkey \
    --external-network-id public --dns-nameserver 8.8.8.8 --flavor-id m1.small --master-flavor-id m1.small \
    --docker-volume-size 5 --network-driver flannel";

#[test]
fn a_user_of_old_makes_looks_at_grows_and_deletes_a_bay() -> Result<()> {
    let dev = Dev::start(&[])?;
    let magnum = OpenStack::magnum(&dev.variables);

    magnum.text(BAYMODEL)?;
    ensure!(field(&magnum.text("baymodel-show k8s")?, "coe")? == "kubernetes");
    ensure!(magnum.text("baymodel-list")?.contains(" k8s "));

    magnum.text("bay-create --name first --baymodel k8s --node-count 1")?;
    ensure!(magnum.text("bay-list")?.contains(" first "), "a bay is there as soon as it has been accepted");
    let bay = settled(&magnum, "CREATE_COMPLETE")?;
    ensure!(field(&bay, "api_address")?.starts_with("https://"), "{bay}");
    ensure!(field(&bay, "bay_create_timeout")? == "60", "{bay}");
    let cluster = OpenStack::new(&dev.variables).json("coe cluster show first")?;
    ensure!(cluster["uuid"] == field(&bay, "uuid")?, "{cluster}");

    ensure!(magnum.text("ca-show --bay first")?.contains("-----BEGIN CERTIFICATE-----"));
    magnum.text("bay-update first replace node_count=2")?;
    ensure!(field(&settled(&magnum, "UPDATE_COMPLETE")?, "node_count")? == "2");

    magnum.text("bay-delete first")?;
    wait::until("the bay to be gone", || Ok((!magnum.text("bay-list")?.contains(" first ")).then_some(())))?;
    magnum.text("baymodel-update k8s replace name=other")?;
    magnum.text("baymodel-delete other")?;
    Ok(())
}

/// The bay once it is at rest; anything but the status wanted is a failure.
fn settled(magnum: &OpenStack, wanted: &str) -> Result<String> {
    let bay = wait::until(wanted, || {
        let bay = magnum.text("bay-show first")?;
        Ok((!field(&bay, "status")?.ends_with("_IN_PROGRESS")).then_some(bay))
    })?;
    ensure!(field(&bay, "status")? == wanted, "{bay}");
    Ok(bay)
}

/// A value of a table with a row for each attribute.
fn field<'a>(table: &'a str, name: &str) -> Result<&'a str> {
    let mut rows = table.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|')?.split_once('|'));
    let (_, value) = rows.find(|(key, _)| key.trim() == name).with_context(|| format!("no {name} in\n{table}"))?;
    Ok(value.trim())
}
