//! `/v1/rcs`, as clients of Liberty and Mitaka know it: live from the bay.

use jeroboam_model::driver::{Details, KubernetesKind};

use super::coe::{self, Draft, Live, Shown};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Field, Form, Resource, Slot};
use crate::policy::Rule;
use crate::reply::Reply;

/// The resource `rcs`.
pub enum ReplicationController {}

type F = Field<ReplicationController>;

impl Resource for ReplicationController {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "rc";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.text(&s.thing.id)),
        F::new("name", |s, out| out.text(&s.thing.name)),
        F::new("images", |s, out| match &s.thing.details {
            Details::ReplicationController { images, .. } => out.texts(images.iter().map(String::as_str)),
            _ => out.null(),
        }),
        F::new("bay_uuid", |s, out| out.plain(format_args!("{}", s.bay)))
            .mandatory(Slot::text(1, 255, |d| &mut d.bay_uuid))
            .unremovable(),
        F::new("labels", |s, out| out.pairs(coe::pairs(&s.thing.labels))),
        F::new("replicas", |s, out| match &s.thing.details {
            Details::ReplicationController { replicas, .. } => out.integer(*replicas),
            _ => out.null(),
        }),
        F::new("manifest", |_, out| out.null()).optional(coe::MANIFEST).from_form(Form::Detailed),
        F::new("manifest_url", |_, out| out.null()).optional(coe::MANIFEST_URL).from_form(Form::Detailed),
        F::new("links", |s, out| s.base.write_item(ReplicationController::COLLECTION, &s.thing.id, out)),
        F::new("created_at", |_, out| out.null()).from_form(Form::Detailed),
        F::new("updated_at", |_, out| out.null()).from_form(Form::Detailed),
    ];
}

impl Live for ReplicationController {
    const COLLECTION: &'static str = "rcs";
    const KIND: KubernetesKind = KubernetesKind::ReplicationController;
    const UUID: &'static str = "rc_uuid";
    const RULES: coe::Rules = coe::Rules {
        get: Rule::RcGet,
        get_all: Rule::RcGetAll,
        detail: Rule::RcDetail,
        create: Rule::RcCreate,
        update: Rule::RcUpdate,
        delete: Rule::RcDelete,
    };
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    coe::list::<ReplicationController>(call, Form::Brief).await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    coe::list::<ReplicationController>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    coe::show::<ReplicationController>(call).await
}

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    coe::create::<ReplicationController>(call).await
}

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    coe::update::<ReplicationController>(call).await
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    coe::delete::<ReplicationController>(call).await
}
