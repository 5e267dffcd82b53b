//! `/v1/services`, as clients of Liberty and Mitaka know it: live from the bay.

use jeroboam_model::driver::{Details, KubernetesKind, ServicePort};

use super::coe::{self, Draft, Live, Shown};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Field, Form, Out, Resource, Slot};
use crate::policy::Rule;
use crate::reply::Reply;

/// The resource `services`.
pub enum Service {}

type F = Field<Service>;

impl Resource for Service {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "service";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.text(&s.thing.id)),
        F::new("name", |s, out| out.text(&s.thing.name)),
        F::new("bay_uuid", |s, out| out.plain(format_args!("{}", s.bay)))
            .mandatory(Slot::text(1, 255, |d| &mut d.bay_uuid))
            .unremovable(),
        F::new("labels", |s, out| out.pairs(coe::pairs(&s.thing.labels))),
        F::new("selector", |s, out| match &s.thing.details {
            Details::Service { selector, .. } => out.pairs(coe::pairs(selector)),
            _ => out.null(),
        }),
        F::new("ip", |s, out| match &s.thing.details {
            Details::Service { ip, .. } => out.text_or_null(ip.as_deref()),
            _ => out.null(),
        }),
        F::new("ports", |s, out| match &s.thing.details {
            Details::Service { ports, .. } => out.array(|out| ports.iter().for_each(|port| write_port(port, out))),
            _ => out.null(),
        }),
        F::new("manifest", |_, out| out.null()).optional(coe::MANIFEST).from_form(Form::Detailed),
        F::new("manifest_url", |_, out| out.null()).optional(coe::MANIFEST_URL).from_form(Form::Detailed),
        F::new("links", |s, out| s.base.write_item(Service::COLLECTION, &s.thing.id, out)),
        F::new("created_at", |_, out| out.null()).from_form(Form::Detailed),
        F::new("updated_at", |_, out| out.null()).from_form(Form::Detailed),
    ];
}

/// By Kubernetes' own names. A number stays one.
fn write_port(port: &ServicePort, out: &mut Out) {
    out.object(|out| {
        if let Some(name) = &port.name {
            out.key("name");
            out.text(name);
        }
        if let Some(protocol) = &port.protocol {
            out.key("protocol");
            out.text(protocol);
        }
        out.key("port");
        out.integer(port.port);
        if let Some(target) = &port.target_port {
            out.key("targetPort");
            match target.parse::<u16>() {
                Ok(number) => out.integer(number),
                Err(_) => out.text(target),
            }
        }
        if let Some(port) = port.node_port {
            out.key("nodePort");
            out.integer(port);
        }
    });
}

impl Live for Service {
    const COLLECTION: &'static str = "services";
    const KIND: KubernetesKind = KubernetesKind::Service;
    const UUID: &'static str = "service_uuid";
    const RULES: coe::Rules = coe::Rules {
        get: Rule::KubernetesServiceGet,
        get_all: Rule::KubernetesServiceGetAll,
        detail: Rule::KubernetesServiceDetail,
        create: Rule::KubernetesServiceCreate,
        update: Rule::KubernetesServiceUpdate,
        delete: Rule::KubernetesServiceDelete,
    };
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    coe::list::<Service>(call, Form::Brief).await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    coe::list::<Service>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    coe::show::<Service>(call).await
}

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    coe::create::<Service>(call).await
}

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    coe::update::<Service>(call).await
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    coe::delete::<Service>(call).await
}
