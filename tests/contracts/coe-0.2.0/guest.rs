//! A driver that offers `coe-resources` of 0.2.0: every function, with all that it can be told and can say. What it was told, it gives back as text.

use jeroboam_driver_sdk::{
    Cluster, ClusterTemplate, ClusterType, CoeResources, Description, Driver, Error, Features, Retry, StackDefinition,
    StackScope, Warning, coe_api,
    coe_resources::{
        Action, ClusterBrief, CoeResource, Container, Details, Failure, Kind, Manifest, PodDetails, Port, Refusal,
        ReplicationControllerDetails, ServiceDetails,
    },
};

struct Contract;

impl Driver for Contract {
    fn describe() -> Description {
        Description {
            name: "contract-resources".into(),
            version: "1.2.3".into(),
            summary: "Uses coe-resources of jeroboam:coe@0.2.0.".into(),
            cluster_types: vec![ClusterType { server_type: "vm".into(), os_distro: "contract".into(), coe: "kubernetes".into() }],
            labels: vec![],
            features: Features::empty(),
            capabilities: vec![],
            extras: vec![],
        }
    }

    fn validate_template(_: &ClusterTemplate) -> Result<Vec<Warning>, Error> {
        Ok(vec![])
    }

    fn validate_cluster(_: &Cluster) -> Result<Vec<Warning>, Error> {
        Ok(vec![])
    }

    fn define_stack(_: &Cluster, _: &StackScope) -> Result<StackDefinition, Error> {
        Ok(StackDefinition {
            template: "heat_template_version: 2018-08-31\n".into(),
            files: vec![],
            environment: String::new(),
            parameters: vec![],
        })
    }
}

impl CoeResources for Contract {
    fn list_resources(cluster: &ClusterBrief, kind: Kind) -> Result<Vec<CoeResource>, Failure> {
        let told = format!(
            "{} {} {} {:?} {:?}",
            cluster.name, cluster.cluster_type.coe, cluster.uuid, cluster.labels, cluster.coe_version
        );
        Ok(vec![thing(told, kind)])
    }

    /// The ident `refused` is refused by the API, `away` is an error of the driver's.
    fn show_resource(_: &ClusterBrief, kind: Kind, ident: &str) -> Result<CoeResource, Failure> {
        match ident {
            "refused" => Err(Failure::Refused(Refusal { status: 422, message: "said the API".into() })),
            "away" => Err(Failure::Error(Error::Unavailable(Retry { message: "said the driver".into(), after_ms: 1500 }))),
            ident => Ok(thing(ident.to_owned(), kind)),
        }
    }

    fn create_resource(_: &ClusterBrief, manifest: &Manifest) -> Result<CoeResource, Failure> {
        let sent = match manifest {
            Manifest::Pod(json) | Manifest::Service(json) | Manifest::ReplicationController(json) => json.clone(),
            Manifest::Container(container) => format!("{container:?}"),
        };
        let request = coe_api::Request {
            method: "POST".into(),
            path: "/things".into(),
            headers: vec![],
            body: sent.clone().into_bytes(),
            timeout_ms: 1000,
            identity: None,
        };
        coe_api::send(&request)?;
        Ok(thing(sent, manifest.kind()))
    }

    fn replace_resource(_: &ClusterBrief, ident: &str, manifest: &Manifest) -> Result<CoeResource, Failure> {
        Ok(thing(ident.to_owned(), manifest.kind()))
    }

    fn delete_resource(_: &ClusterBrief, kind: Kind, ident: &str) -> Result<(), Failure> {
        Err(Failure::Error(Error::NotFound(format!("{kind:?} {ident}"))))
    }

    fn act_on_container(_: &ClusterBrief, ident: &str, action: &Action) -> Result<String, Failure> {
        Ok(format!("{ident} {action:?}"))
    }
}

fn thing(name: String, kind: Kind) -> CoeResource {
    let pair = || vec![("a".to_owned(), "b".to_owned())];
    let details = match kind {
        Kind::Pod => Details::Pod(PodDetails { images: vec!["i".into()], host: Some("h".into()) }),
        Kind::Service => Details::Service(ServiceDetails {
            selector: pair(),
            ip: Some("10.0.0.1".into()),
            ports: vec![Port {
                name: Some("p".into()),
                protocol: Some("TCP".into()),
                port: 80,
                target_port: Some("web".into()),
                node_port: Some(30080),
            }],
        }),
        Kind::ReplicationController => {
            Details::ReplicationController(ReplicationControllerDetails { images: vec!["i".into()], replicas: 3 })
        }
        Kind::Container => Details::Container(Container {
            name: "c".into(),
            image: "i".into(),
            command: Some("ls".into()),
            memory: Some("1".into()),
            environment: pair(),
            labels: pair(),
        }),
    };
    CoeResource {
        id: "1".into(),
        name,
        labels: pair(),
        status: Some("Running".into()),
        details,
        extras: vec![("later".into(), "yes".into())],
    }
}

jeroboam_driver_sdk::export_driver!(Contract, coe_resources);
