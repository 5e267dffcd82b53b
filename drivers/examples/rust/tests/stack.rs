//! The driver as ordinary Rust: no WebAssembly, no cloud. `World` plays the host.

use jeroboam_driver_sdk::{
    Cluster, Driver, Error, StackScope, Value,
    lookup::Network,
    testing::{World, cluster},
};
use rust_example::RustExample;

fn world() -> World {
    World::new().network(Network { id: "public-id".into(), name: "public".into(), external: true, subnets: vec![] })
}

#[test]
fn the_names_of_networks_become_ids() -> Result<(), Error> {
    let definition = world().run(|| RustExample::define_stack(&cluster(), &StackScope::Cluster))?;
    assert!(definition.parameters.contains(&("external_network".into(), Value::Text("public-id".into()))));
    Ok(())
}

#[test]
fn a_label_with_a_wrong_value_is_named() {
    let wrong = Cluster { labels: vec![("ssh_cidr".into(), "everybody".into())], ..cluster() };
    let refused = world().run(|| RustExample::validate_cluster(&wrong));
    assert!(matches!(refused, Err(Error::Invalid(fields)) if fields.iter().any(|field| field.field == "labels/ssh_cidr")));
}
