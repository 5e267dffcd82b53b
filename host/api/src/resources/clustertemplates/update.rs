//! `PATCH /v1/clustertemplates/{ident}`

use std::sync::Arc;

use jeroboam_model::ClusterTemplate;
use jeroboam_store::Stored;
use time::OffsetDateTime;

use super::create::{check_combination, wanted};
use super::draft::Frame;
use super::face::Face;
use super::fields::{Draft, Shown, Template};
use super::{is_used, refused};
use crate::admission::{self, Openstack};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Form, Out, Patch};
use crate::lookup::{self, Reach};
use crate::policy::Target;
use crate::reply::Reply;

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    update_as::<Template>(call).await
}

/// Changes a template, whatever it is called.
pub async fn update_as<F: Face>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let patch = Patch::read::<F>(&call.json("patch")?)?;
    let stored = lookup::template(&call, &call.ident, Reach::by(&call, F::RULES.update)).await?;
    call.enforce(F::RULES.update.rule, Target::template(&stored))?;

    let mut before = Draft::from(&stored.value);
    let mut after = before.clone();
    patch.apply::<F>(&mut after)?;
    let changed = fields::changed::<F>(&mut before, &mut after);
    let template = after.build(frame(&stored))?;
    // A template that clusters were made from is what they are compared with, so most of it stays as it is.
    let is_free = is_free_change(&changed, &stored, &template);
    if !is_free && is_used(&call, template.uuid).await? {
        return Err(ApiError::TemplateInUse(template.uuid));
    }
    let template = if changed.is_empty() {
        stored
    } else {
        admit::<F>(&call, &changed, &template).await?;
        let mut transaction = call.app.store.begin();
        let updated = Stored { value: template, revision: stored.revision };
        transaction.update(&updated);
        if !is_free {
            transaction.require_no_clusters_of(updated.uuid);
        }
        if let Err(error) = transaction.commit().await {
            return Err(refused(&call, updated.uuid, error).await);
        }
        Arc::new(updated)
    };

    let mut out = Out::with_capacity(2048);
    fields::write::<F>(&Shown { template, base: call.base() }, Form::Whole, call.version, &mut out);
    Ok(Reply::ok(out))
}

async fn admit<F: Face>(call: &Call, changed: &[&'static str], template: &ClusterTemplate) -> Result<(), ApiError> {
    let touches = |names: &[&str]| changed.iter().any(|name| names.contains(name));
    if touches(&["public", "hidden"]) {
        let target = Target::template(template);
        call.enforce(F::RULES.publish, target).map_err(|_| ApiError::NotAuthorizedToPublish(F::PUBLISHED))?;
    }
    if !changed.iter().any(|name| !matches!(*name, "name" | "tags" | "public" | "hidden")) {
        return Ok(());
    }
    check_combination(call, template)?;
    let openstack = Openstack::new(call);
    if touches(&["image_id"]) {
        openstack.image(&template.image_id).await?;
    }
    let driver = admission::driver_of(call, template, None)?;
    let flavors = openstack.check(wanted(template)).await?;
    admission::check_root_volumes(&template.labels, call.app.config.default_boot_volume_size, &flavors)?;
    admission::admit_template(call, &driver, template).await
}

/// One of the few changes that are allowed while clusters refer to the template, and only one.
fn is_free_change(changed: &[&'static str], before: &ClusterTemplate, after: &ClusterTemplate) -> bool {
    match changed {
        ["name" | "hidden"] => true,
        ["public"] => !before.public && after.public,
        ["tags"] => after.tags.is_some(),
        _ => false,
    }
}

fn frame(template: &ClusterTemplate) -> Frame {
    Frame {
        uuid: template.uuid,
        project_id: template.project_id.clone(),
        user_id: template.user_id.clone(),
        created_at: template.created_at,
        updated_at: Some(OffsetDateTime::now_utc()),
    }
}
