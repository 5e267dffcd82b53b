//! `/v1/pods`, as clients of Liberty and Mitaka know it: live from the bay.

use jeroboam_model::driver::{Details, KubernetesKind};

use super::coe::{self, Draft, Live, Shown};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Field, Form, Resource, Slot};
use crate::policy::Rule;
use crate::reply::Reply;

/// The resource `pods`.
pub enum Pod {}

type F = Field<Pod>;

impl Resource for Pod {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "pod";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.text(&s.thing.id)),
        F::new("name", |s, out| out.text(&s.thing.name)),
        F::new("desc", |_, out| out.null()).optional(Slot::text(0, 255, |d| &mut d.desc)),
        F::new("bay_uuid", |s, out| out.plain(format_args!("{}", s.bay)))
            .mandatory(Slot::text(1, 255, |d| &mut d.bay_uuid))
            .unremovable(),
        F::new("images", |s, out| match &s.thing.details {
            Details::Pod { images, .. } => out.texts(images.iter().map(String::as_str)),
            _ => out.null(),
        }),
        F::new("labels", |s, out| out.pairs(coe::pairs(&s.thing.labels))),
        F::new("status", |s, out| out.text_or_null(s.thing.status.as_deref())),
        F::new("host", |s, out| match &s.thing.details {
            Details::Pod { host, .. } => out.text_or_null(host.as_deref()),
            _ => out.null(),
        }),
        F::new("manifest", |_, out| out.null()).optional(coe::MANIFEST).from_form(Form::Detailed),
        F::new("manifest_url", |_, out| out.null()).optional(coe::MANIFEST_URL).from_form(Form::Detailed),
        F::new("links", |s, out| s.base.write_item(Pod::COLLECTION, &s.thing.id, out)),
        F::new("created_at", |_, out| out.null()).from_form(Form::Detailed),
        F::new("updated_at", |_, out| out.null()).from_form(Form::Detailed),
    ];
}

impl Live for Pod {
    const COLLECTION: &'static str = "pods";
    const KIND: KubernetesKind = KubernetesKind::Pod;
    const UUID: &'static str = "pod_uuid";
    const RULES: coe::Rules = coe::Rules {
        get: Rule::PodGet,
        get_all: Rule::PodGetAll,
        detail: Rule::PodDetail,
        create: Rule::PodCreate,
        update: Rule::PodUpdate,
        delete: Rule::PodDelete,
    };
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    coe::list::<Pod>(call, Form::Brief).await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    coe::list::<Pod>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    coe::show::<Pod>(call).await
}

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    coe::create::<Pod>(call).await
}

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    coe::update::<Pod>(call).await
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    coe::delete::<Pod>(call).await
}
