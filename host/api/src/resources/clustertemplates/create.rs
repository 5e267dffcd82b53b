//! `POST /v1/clustertemplates`. Of several things wrong, the first in this order is what the client is told.

use std::sync::Arc;

use http::StatusCode;
use jeroboam_model::{ClusterTemplate, TemplateId};
use jeroboam_store::{CommitError, Revision, Stored};

use super::draft::Frame;
use super::face::Face;
use super::fields::{Draft, Shown, Template};
use crate::admission::{self, Openstack, Refusal, Wanted};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Form, Given, Out};
use crate::names;
use crate::policy::Target;
use crate::reply::Reply;

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    create_as::<Template>(call).await
}

/// Stores a template, whatever it is called.
pub async fn create_as<F: Face>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let mut draft = fields::read::<F>(&call.object(F::ARGUMENT)?)?;
    if draft.name.as_value().is_none() {
        draft.name = names::generate(F::KIND).into();
    }
    F::adapt(&mut draft, &call);
    let template = admit::<F>(&call, draft).await?;
    let mut transaction = call.app.store.begin();
    transaction.insert(&template);
    transaction.commit().await.map_err(|error| match error {
        CommitError::Exists { .. } => ApiError::TemplateExists(template.uuid),
        other => ApiError::commit("store the template", other),
    })?;

    let location = format!("{}/v1/{}/{}", call.base(), F::COLLECTION, template.uuid);
    let stored = Stored { value: template, revision: Revision::default() };
    let shown = Shown { template: Arc::new(stored), base: call.base() };
    let mut out = Out::with_capacity(2048);
    fields::write::<F>(&shown, Form::Whole, call.version, &mut out);
    Ok(Reply::json(StatusCode::CREATED, out).at(location))
}

async fn admit<F: Face>(call: &Call, mut draft: Draft) -> Result<ClusterTemplate, ApiError> {
    let config = &call.app.config;
    // Where clients send `null` for what they do not care about.
    if let (Given::Value(coe), None) = (&draft.coe, draft.network_driver.as_value()) {
        draft.network_driver = admission::default_network_driver(*coe, config).into();
    }
    // The image's, whatever the request says.
    draft.cluster_distro = Given::Absent;
    let mut template = draft.clone().build(frame(call, &draft))?;
    check_combination(call, &template)?;

    // It would be nobody's, and the cloud shows nothing to a token for nothing.
    if call.caller.project_id().is_none() {
        return Err(ApiError::Policy(F::RULES.create.name()));
    }
    let openstack = Openstack::new(call);
    let image = openstack.image(&template.image_id).await?;
    let chosen = admission::choose(call, &image, template.server_type, template.coe, template.driver.as_deref())?;
    template.cluster_distro = chosen.distro;
    template.driver = Some(chosen.driver.name().to_owned());

    call.enforce(F::RULES.create, Target::own(&call.caller))?;
    let flavors = openstack.check(wanted(&template)).await?;
    if template.public || template.hidden {
        call.enforce(F::RULES.publish, Target::own(&call.caller)).map_err(|_| ApiError::NotAuthorizedToPublish(F::PUBLISHED))?;
    }
    admission::check_root_volumes(&template.labels, config.default_boot_volume_size, &flavors)?;
    admission::admit_template(call, &chosen.driver, &template).await?;
    Ok(template)
}

fn frame(call: &Call, draft: &Draft) -> Frame {
    let uuid = draft.uuid.as_value().and_then(|uuid| uuid.parse().ok());
    Frame {
        uuid: uuid.unwrap_or_else(TemplateId::random),
        project_id: call.caller.project_id().cloned().unwrap_or_else(|| "".into()),
        user_id: call.caller.user_id.clone(),
        created_at: time::OffsetDateTime::now_utc(),
        updated_at: None,
    }
}

/// Whether the template's own attributes go together.
pub fn check_combination(call: &Call, template: &ClusterTemplate) -> Result<(), Refusal> {
    if let Some(driver) = &template.network_driver {
        admission::check_network_driver(template.coe, driver, &call.app.config)?;
    }
    admission::check_volume_driver(template.coe, template.volume_driver.as_deref())?;
    admission::check_docker_volume(template.docker_storage_driver.as_deref(), template.docker_volume_size)
}

pub fn wanted(template: &ClusterTemplate) -> Wanted<'_> {
    Wanted {
        flavor: template.flavor_id.as_deref(),
        master_flavor: template.master_flavor_id.as_deref(),
        external_network: template.external_network_id.as_deref(),
        fixed_network: template.fixed_network.as_deref(),
        fixed_subnet: template.fixed_subnet.as_deref(),
    }
}
