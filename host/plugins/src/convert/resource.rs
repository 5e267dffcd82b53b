//! What runs on a cluster: manifests and actions to guests, resources from them.

use jeroboam_model::{
    ClusterView,
    driver::{CoeResource, ContainerAction, ContainerSpec, Details, KubernetesKind, Manifest, ResourceKind, ServicePort},
};

use super::{Bad, bad, cluster::cluster};
use crate::{
    Redactor,
    bindings::{jeroboam::coe::types, v0_2::exports::jeroboam::coe0_2_0::coe_resources as wit},
    text::is_word,
};

/// The most things of a kind that an answer may have.
const LIST_MAX: usize = 10_000;
/// The most labels, images, ports or variables of one thing.
const PARTS_MAX: usize = 4096;

pub(crate) fn brief(view: &ClusterView) -> wit::ClusterBrief {
    let types::Cluster { uuid, name, template, labels, coe_version, extras, .. } = cluster(view);
    wit::ClusterBrief { uuid, name, cluster_type: template.cluster_type, labels, coe_version, extras }
}

pub(crate) const fn kind(kind: ResourceKind) -> wit::Kind {
    match kind {
        ResourceKind::Pod => wit::Kind::Pod,
        ResourceKind::Service => wit::Kind::Service,
        ResourceKind::ReplicationController => wit::Kind::ReplicationController,
        ResourceKind::Container => wit::Kind::Container,
    }
}

pub(crate) fn manifest(manifest: &Manifest) -> wit::Manifest {
    match manifest {
        Manifest::Kubernetes(KubernetesKind::Pod, json) => wit::Manifest::Pod(json.clone()),
        Manifest::Kubernetes(KubernetesKind::Service, json) => wit::Manifest::Service(json.clone()),
        Manifest::Kubernetes(KubernetesKind::ReplicationController, json) => wit::Manifest::ReplicationController(json.clone()),
        Manifest::Container(spec) => {
            let ContainerSpec { name, image, command, memory, environment, labels } = spec.clone();
            wit::Manifest::Container(wit::Container { name, image, command, memory, environment, labels })
        }
    }
}

pub(crate) fn action(action: &ContainerAction) -> wit::Action {
    match action {
        ContainerAction::Start => wit::Action::Start,
        ContainerAction::Stop => wit::Action::Stop,
        ContainerAction::Reboot => wit::Action::Reboot,
        ContainerAction::Pause => wit::Action::Pause,
        ContainerAction::Unpause => wit::Action::Unpause,
        ContainerAction::Logs => wit::Action::Logs,
        ContainerAction::Execute(command) => wit::Action::Execute(command.clone()),
    }
}

pub(crate) fn no_refusal(status: u16) -> Bad {
    Bad(format!("refused/status: {status} is not from 400 to 599"))
}

pub(crate) fn list(said: Vec<wit::CoeResource>, kind: ResourceKind, redactor: &Redactor) -> Result<Vec<CoeResource>, Bad> {
    if said.len() > LIST_MAX {
        return bad("list-resources", format_args!("{} things where {LIST_MAX} are the most", said.len()));
    }
    said.into_iter().map(|said| one(said, kind, redactor)).collect()
}

pub(crate) fn one(said: wit::CoeResource, kind: ResourceKind, redactor: &Redactor) -> Result<CoeResource, Bad> {
    let wit::CoeResource { id, name, labels, status, details, extras: _ } = said;
    if !is_word(&id) {
        return bad("id", format_args!("{id:?} is no id"));
    }
    let told = Told(redactor);
    let details = match details {
        wit::Details::Pod(pod) => Details::Pod { images: told.texts("images", pod.images)?, host: told.maybe(pod.host) },
        wit::Details::Service(service) => Details::Service {
            selector: told.pairs("selector", service.selector)?,
            ip: told.maybe(service.ip),
            ports: few("ports", service.ports)?.into_iter().map(|port| told.port(port)).collect(),
        },
        wit::Details::ReplicationController(rc) => {
            Details::ReplicationController { images: told.texts("images", rc.images)?, replicas: rc.replicas }
        }
        wit::Details::Container(container) => Details::Container(told.container(container)?),
    };
    if details.kind() != kind {
        return bad("details", format_args!("of {:?}, where {kind:?} was asked for", details.kind()));
    }
    Ok(CoeResource { id, name: told.text(&name), labels: told.pairs("labels", labels)?, status: told.maybe(status), details })
}

fn few<T>(place: &str, parts: Vec<T>) -> Result<Vec<T>, Bad> {
    if parts.len() > PARTS_MAX {
        return bad(place, format_args!("{} where {PARTS_MAX} are the most", parts.len()));
    }
    Ok(parts)
}

/// Texts of guests', without secrets, harmless and short.
struct Told<'a>(&'a Redactor);

impl Told<'_> {
    fn text(&self, text: &str) -> String {
        self.0.message(text)
    }

    fn maybe(&self, text: Option<String>) -> Option<String> {
        text.as_deref().map(|text| self.text(text))
    }

    fn texts(&self, place: &str, texts: Vec<String>) -> Result<Vec<String>, Bad> {
        Ok(few(place, texts)?.iter().map(|text| self.text(text)).collect())
    }

    fn pairs(&self, place: &str, pairs: Vec<(String, String)>) -> Result<Vec<(String, String)>, Bad> {
        Ok(few(place, pairs)?.iter().map(|(name, value)| (self.text(name), self.text(value))).collect())
    }

    fn port(&self, port: wit::Port) -> ServicePort {
        ServicePort {
            name: self.maybe(port.name),
            protocol: self.maybe(port.protocol),
            port: port.port,
            target_port: self.maybe(port.target_port),
            node_port: port.node_port,
        }
    }

    fn container(&self, container: wit::Container) -> Result<ContainerSpec, Bad> {
        Ok(ContainerSpec {
            name: self.text(&container.name),
            image: self.text(&container.image),
            command: self.maybe(container.command),
            memory: self.maybe(container.memory),
            environment: self.pairs("environment", container.environment)?,
            labels: self.pairs("labels", container.labels)?,
        })
    }
}
