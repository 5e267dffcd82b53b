//! The driver that the host's own tests call: it does what the label `act` says, and that is seldom what a driver should do.

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, ClusterType, Description, Driver, Error, Features, Observation, Output, SecretName,
    StackDefinition, StackScope, UpgradePlan, UpgradeStep, Value, Warning, labels, load_balancers, log, lookup, settings,
};

labels! {
    ACT = "act": text, default "echo", since "0.1.0", "What to do.";
    TIMES = "times": integer(0, 1_000_000_000), default "1", since "0.1.0", "How often, or how much.";
}

struct Puppet;

impl Driver for Puppet {
    fn describe() -> Description {
        Description {
            name: "puppet".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Does what the label act says.".to_owned(),
            cluster_types: vec![ClusterType { server_type: "vm".into(), os_distro: "puppet".into(), coe: "kubernetes".into() }],
            labels: label_specs(),
            features: Features::NODE_GROUPS | Features::UPGRADE | Features::ROTATE_CA,
            capabilities: vec![],
            extras: vec![],
        }
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        match ACT.get(&template.labels)? {
            "refuse" => Err(jeroboam_driver_sdk::invalid("flavor_id", "choose another")),
            "warn" => Ok(vec![Warning { field: Some("image_id".into()), message: "old".into() }]),
            _ => Ok(vec![]),
        }
    }

    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
        match cluster.groups.iter().find(|group| group.node_count > 100) {
            Some(group) => Err(jeroboam_driver_sdk::invalid("node_count", format!("{} has more than 100 nodes", group.name))),
            None => Ok(vec![]),
        }
    }

    /// First the cluster's stack, then the others.
    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, _: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        let own = cluster.groups.iter().filter(|group| !group.is_default).map(|group| StackScope::NodeGroup(group.uuid.clone()));
        let step = |scope: StackScope| {
            let definition = Self::define_stack(cluster, &scope)?;
            Ok(UpgradeStep { summary: format!("to {}, {batch} at a time", target.name), scope, definition })
        };
        let steps = std::iter::once(StackScope::Cluster).chain(own).map(step).collect::<Result<_, Error>>()?;
        Ok(UpgradePlan { steps, warnings: vec![Warning { field: None, message: "hold on".into() }] })
    }

    fn define_stack(cluster: &Cluster, _: &StackScope) -> Result<StackDefinition, Error> {
        let times = usize::try_from(TIMES.get(&cluster.labels)?).unwrap_or_default();
        let mut stack = StackDefinition {
            template: format!("heat_template_version: 2018-08-31\ndescription: {}\n", cluster.name),
            files: vec![],
            environment: String::new(),
            parameters: vec![],
        };
        match ACT.get(&cluster.labels)? {
            "loop" => spin(),
            "grow" => grow(),
            "recurse" => drop(recurse(times as u64)),
            "panic" => give_up(),
            "flood-host" => (0..times).for_each(|_| drop(settings::get("x"))),
            "flood-log" => (0..times).for_each(|number| log::info(&format!("line {number}"))),
            "log" => log::error("one\x1b[31m\ntwo"),
            "out-of-phase" => drop(load_balancers::list_owned()),
            "large" => stack.template = "x".repeat(times),
            "bad-json" => stack.parameters.push(("p".into(), Value::Json("{".into()))),
            "twice" => stack.parameters.extend([("p".into(), Value::Flag(true)), ("p".into(), Value::Flag(false))]),
            "secret" => stack.parameters.push(("p".into(), SecretName::TrusteePassword.into())),
            "ca-key" => stack.parameters.push(("p".into(), SecretName::CaPrivateKey.into())),
            "url" => stack.template.push_str("resources:\n  a:\n    type: http://192.0.2.1/a.yaml\n"),
            "read" => {
                for _ in 0..times {
                    let flavor = lookup::get_flavor("m1.small")?;
                    stack.parameters = vec![("disk".into(), flavor.disk.into())];
                }
            }
            "whole" => whole(&mut stack, cluster),
            "extras" => stack.parameters.extend(cluster.extras.iter().map(|(name, value)| (name.clone(), value.as_str().into()))),
            "setting" => stack.parameters.push(("greeting".into(), settings::get("greeting").unwrap_or_default().into())),
            _ => stack.parameters.push(("name".into(), cluster.name.as_str().into())),
        }
        Ok(stack)
    }

    fn read_stack(_: &Cluster, _: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        let api_address =
            outputs.iter().find(|output| output.name == "api").map(|output| output.value.trim_matches('"').to_owned());
        let extras = outputs.iter().filter(|output| output.name == "network");
        let extras = extras.map(|output| ("network".to_owned(), output.value.trim_matches('"').to_owned())).collect();
        Ok(Observation { api_address, coe_version: None, container_version: None, groups: vec![], extras })
    }
}

/// A stack that Heat makes: of nothing, with an output.
fn whole(stack: &mut StackDefinition, cluster: &Cluster) {
    stack.template.push_str("parameters: {generation: {type: string}, tag: {type: string}}\n");
    stack.template.push_str("outputs: {api: {value: \"https://203.0.113.7:6443\"}, network: {value: net-1}}\n");
    let text = |pairs: &[(String, String)], wanted: &str| {
        let found = pairs.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    stack.parameters = vec![
        ("generation".into(), text(&cluster.extras, "ca-generation").into()),
        ("tag".into(), text(&cluster.labels, "kube_tag").into()),
    ];
}

fn spin() {
    let mut n = 0u64;
    loop {
        n = std::hint::black_box(n.wrapping_add(1));
    }
}

fn grow() {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        hoard.push(vec![1; 1 << 20]);
        std::hint::black_box(&hoard);
    }
}

#[expect(unconditional_recursion, reason = "the point of it")]
fn recurse(n: u64) -> u64 {
    std::hint::black_box(recurse(std::hint::black_box(n + 1)) + 1)
}

#[expect(clippy::panic, reason = "the point of it")]
fn give_up() {
    panic!("strings cut");
}

jeroboam_driver_sdk::export_driver!(Puppet);
