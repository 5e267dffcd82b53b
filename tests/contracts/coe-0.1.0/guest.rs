//! A driver that uses the whole contract: it answers every export, and calls every import in an export that may. What it was told, it gives back as text, so that
//! whoever calls it can compare.

use jeroboam_driver_sdk::{
    Capability, Cluster, ClusterTemplate, ClusterType, Description, Driver, Error, Features, FieldError, GroupObservation,
    Health, HealthStatus, LabelSpec, LabelType, Observation, Output, Progress, Retry, SecretName, StackDefinition, StackScope,
    UpgradePlan, UpgradeStep, Value, Warning,
    certificates::{self, Authority},
    coe_api, floating_ips, load_balancers, log, lookup, settings, stacks, volumes,
};

const TEMPLATE: &str = "heat_template_version: 2018-08-31
parameters:
  text: {type: string}
  number: {type: number}
  flag: {type: boolean}
  json: {type: json}
  secret: {type: string, hidden: true}
resources:
  a: {type: a.yaml}
";

struct Contract;

impl Driver for Contract {
    fn describe() -> Description {
        Description {
            name: "contract".into(),
            version: "1.2.3".into(),
            summary: "Uses all of jeroboam:coe@0.1.0.".into(),
            cluster_types: vec![ClusterType { server_type: "vm".into(), os_distro: "contract".into(), coe: "kubernetes".into() }],
            labels: labels(),
            features: Features::all(),
            capabilities: vec![Capability { name: "ca-key".into(), reason: "to have asked for it".into() }],
            extras: vec![("later".into(), "yes".into())],
        }
    }

    fn validate_template(template: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        let image = lookup::get_image(&template.image)?;
        let flavor = lookup::get_flavor(template.flavor.as_deref().unwrap_or_default())?;
        let network = lookup::get_network("private")?;
        let external = lookup::get_external_network(template.external_network.as_deref().unwrap_or_default())?;
        let subnet = lookup::get_subnet("subnet")?;
        let keypair = lookup::get_keypair(template.keypair.as_deref().unwrap_or_default())?;
        let types = lookup::list_volume_types()?.into_iter().map(|kind| format!("{} {} {}", kind.id, kind.name, kind.is_default));
        Ok(vec![
            told("image", format!("{} {} {} {:?} {:?}", image.id, image.name, image.min_disk, image.os_distro, image.properties)),
            told("flavor", format!("{} {} {} {} {}", flavor.id, flavor.name, flavor.vcpus, flavor.ram, flavor.disk)),
            told("network", format!("{} {} {} {:?}", network.id, network.name, network.external, network.subnets)),
            told("external", format!("{} {} {} {:?}", external.id, external.name, external.external, external.subnets)),
            told("subnet", format!("{} {} {} {} {}", subnet.id, subnet.name, subnet.network_id, subnet.cidr, subnet.ip_version)),
            told("keypair", format!("{} {}", keypair.name, keypair.public_key)),
            told("types", types.collect::<Vec<_>>().join(", ")),
            told("regions", lookup::list_regions()?.join(", ")),
            Warning { field: None, message: format!("{} labels", template.labels.len()) },
        ])
    }

    /// The label `error` says which case of `error` to answer.
    fn validate_cluster(cluster: &Cluster) -> Result<Vec<Warning>, Error> {
        let text = || "said the driver".to_owned();
        match cluster.labels.iter().find(|(name, _)| name == "error").map(|(_, case)| case.as_str()) {
            Some("invalid") => {
                Err(Error::Invalid(vec![FieldError { field: "labels/error".into(), message: "choose another".into() }]))
            }
            Some("unsupported") => Err(Error::Unsupported(text())),
            Some("not-found") => Err(Error::NotFound(text())),
            Some("conflict") => Err(Error::Conflict(text())),
            Some("denied") => Err(Error::Denied(text())),
            Some("quota") => Err(Error::Quota(text())),
            Some("unavailable") => Err(Error::Unavailable(Retry { message: text(), after_ms: 1500 })),
            Some("internal") => Err(Error::Internal(text())),
            Some("other") => Err(Error::Other(text())),
            _ => {
                let platform = settings::get_platform();
                Ok(vec![
                    told("region", format!("{} {} {}", platform.region, platform.verify_ca, platform.boot_volume_size)),
                    told("setting", format!("{:?}", settings::get("greeting"))),
                ])
            }
        }
    }

    fn define_stack(cluster: &Cluster, scope: &StackScope) -> Result<StackDefinition, Error> {
        let scope = match scope {
            StackScope::Cluster => "cluster".to_owned(),
            StackScope::NodeGroup(group) => group.clone(),
        };
        Ok(StackDefinition {
            template: TEMPLATE.into(),
            files: vec![("a.yaml".into(), "heat_template_version: 2018-08-31\n".into())],
            environment: "parameter_defaults: {b: 1}\n".into(),
            parameters: vec![
                ("text".into(), Value::Text(format!("{} {scope}", cluster.name))),
                ("number".into(), Value::Number(i64::try_from(cluster.groups.len()).unwrap_or(i64::MAX))),
                ("flag".into(), Value::Flag(cluster.master_lb_enabled)),
                ("json".into(), Value::Json("{\"a\":[1]}".into())),
                ("secret".into(), Value::Secret(SecretName::TrusteePassword)),
            ],
        })
    }

    fn plan_upgrade(cluster: &Cluster, target: &ClusterTemplate, group: Option<&str>, batch: u32) -> Result<UpgradePlan, Error> {
        let scope = group.map_or(StackScope::Cluster, |group| StackScope::NodeGroup(group.into()));
        let definition = Self::define_stack(cluster, &scope)?;
        let summary = format!("To {}, {batch} at a time", target.name);
        Ok(UpgradePlan {
            steps: vec![UpgradeStep { summary, scope, definition }],
            warnings: vec![told("batch", batch.to_string())],
        })
    }

    fn pick_removals(_: &Cluster, _: &str, count: u32) -> Result<Vec<String>, Error> {
        let resources = stacks::list_resources(&StackScope::Cluster, 5)?;
        let status = coe_api::get("/api/v1/nodes", 1000)?.status;
        log::warning(&format!("the API answered {status}"));
        Ok(resources.into_iter().map(|resource| resource.physical_id).take(count as usize).collect())
    }

    fn read_stack(cluster: &Cluster, scope: &StackScope, outputs: &[Output]) -> Result<Observation, Error> {
        let listed = stacks::list_outputs(scope)?;
        let address = outputs.iter().find(|output| output.name == "api").map(|output| output.value.trim_matches('"').to_owned());
        let groups = cluster.groups.iter().take(1).map(|group| GroupObservation {
            group: group.uuid.clone(),
            node_addresses: vec!["10.0.0.5".into()],
            extras: vec![],
        });
        Ok(Observation {
            api_address: address,
            coe_version: Some("v1.34.1".into()),
            container_version: Some("2.1.0".into()),
            groups: groups.collect(),
            extras: listed,
        })
    }

    fn before_delete(_: &Cluster) -> Result<Progress, Error> {
        let (balancers, volumes, addresses) =
            (load_balancers::list_owned()?, volumes::list_owned()?, floating_ips::list_owned()?);
        balancers.iter().try_for_each(|balancer| load_balancers::delete(&balancer.id))?;
        volumes.iter().try_for_each(|volume| volumes::delete(&volume.id))?;
        addresses.iter().try_for_each(|address| floating_ips::delete(&address.id))?;
        if balancers.len() + volumes.len() + addresses.len() == 0 {
            return Ok(Progress::Done);
        }
        Ok(Progress::Waiting(Retry {
            message: format!("{} load balancers, {} volumes, {} addresses", balancers.len(), volumes.len(), addresses.len()),
            after_ms: 2500,
        }))
    }

    fn check_health(_: &Cluster) -> Result<Health, Error> {
        let response = coe_api::send(&coe_api::Request {
            method: "GET".into(),
            path: "/healthz".into(),
            headers: vec![("accept".into(), "text/plain".into())],
            body: vec![],
            timeout_ms: 1000,
            identity: Some(certificates::issue(Authority::Etcd, "health", &["ops".into()])?),
        })?;
        Ok(Health {
            status: if response.status == 200 { HealthStatus::Healthy } else { HealthStatus::Unhealthy },
            reasons: vec![
                ("api".into(), String::from_utf8_lossy(&response.body).into_owned()),
                ("ca".into(), certificates::get_ca(Authority::Kubernetes)?),
                ("signed".into(), certificates::sign(Authority::FrontProxy, "request")?),
            ],
        })
    }
}

/// One label of each type.
fn labels() -> Vec<LabelSpec> {
    let choices = || vec!["a".to_owned(), "b".to_owned()];
    let types = [
        ("text", LabelType::Text),
        ("integer", LabelType::Integer((-1, 9))),
        ("boolean", LabelType::Boolean),
        ("choice", LabelType::Choice(choices())),
        ("choices", LabelType::Choices(choices())),
        ("cidr", LabelType::Cidr),
        ("other", LabelType::Other("colour".into())),
        ("error", LabelType::Text),
    ];
    let label = |(name, label_type): (&str, LabelType)| LabelSpec {
        name: name.into(),
        label_type,
        default: None,
        meaning: format!("A label of the type {name}."),
        since: "1.0.0".into(),
        per_group: true,
        extras: vec![],
    };
    types.into_iter().map(label).collect()
}

fn told(field: &str, message: String) -> Warning {
    Warning { field: Some(field.into()), message }
}

jeroboam_driver_sdk::export_driver!(Contract);
