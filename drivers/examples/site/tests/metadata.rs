//! What the site's driver adds, and that it adds nothing else.

use jeroboam_driver_kubernetes::Kubernetes;
use jeroboam_driver_sdk::{
    Cluster, Driver, Error, StackDefinition, StackScope,
    lookup::Network,
    testing::{World, cluster},
};
use serde_json::Value;
use site_kubernetes::Site;

fn world() -> World {
    let external = Network { id: "public-id".into(), name: "public".into(), external: true, subnets: vec![] };
    World::new().network(external).flavor("m1.small", 1, 2048, 20).keypair("key", "ssh-ed25519 AAAA key")
}

fn labelled(value: &str) -> Cluster {
    Cluster { labels: vec![("boot_metadata".into(), value.into())], ..cluster() }
}

fn define<D: Driver>(cluster: &Cluster) -> Result<StackDefinition, Error> {
    world().run(|| D::define_stack(cluster, &StackScope::Cluster))
}

#[test]
fn every_server_gets_the_metadata() -> Result<(), Box<dyn std::error::Error>> {
    let definition = define::<Site>(&labelled("cost-centre=4711, backup=daily")).map_err(|error| format!("{error:?}"))?;
    let mut servers = 0;
    for (name, text) in definition.files.iter().filter(|(_, text)| text.contains("OS::Nova::Server")) {
        let template: Value = serde_yaml_ng::from_str(text)?;
        let resources = template["resources"].as_object().ok_or("no resources")?;
        for (resource, server) in resources.iter().filter(|(_, resource)| resource["type"] == "OS::Nova::Server") {
            let metadata = &server["properties"]["metadata"];
            assert_eq!((&metadata["cost-centre"], &metadata["backup"]), (&"4711".into(), &"daily".into()), "{name}: {resource}");
            servers += 1;
        }
    }
    assert!(servers >= 2, "a master and a worker, at least: {servers}");
    Ok(())
}

#[test]
fn without_the_label_the_stack_is_the_bundled_drivers() {
    assert_eq!(define::<Site>(&cluster()), define::<Kubernetes>(&cluster()));
}

#[test]
fn what_is_no_pair_is_refused_by_name() {
    let refused = world().run(|| Site::validate_cluster(&labelled("cost-centre")));
    assert!(matches!(refused, Err(Error::Invalid(fields)) if fields.iter().any(|field| field.field == "labels/boot_metadata")));
}
