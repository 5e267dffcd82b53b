//! `/v1/baymodels`: cluster templates, as clients of Liberty to Rocky know them.

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Field, Form, Given, Resource, Slot};
use crate::lookup::Permit;
use crate::policy::Rule;
use crate::reply::Reply;
use crate::resources::clustertemplates::{self, Draft, Face, Rules, Shown, Template};

/// The resource `baymodels`.
pub enum Baymodel {}

type F = Field<Baymodel>;

/// As templates have it.
const fn same(name: &str) -> F {
    F::of::<Template>(name)
}

impl Resource for Baymodel {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "baymodel";
    const INTERNAL: &'static [&'static str] = Template::INTERNAL;
    const FIELDS: &'static [F] = &[
        same("uuid"),
        same("name"),
        same("coe"),
        same("image_id"),
        same("flavor_id"),
        same("master_flavor_id"),
        same("dns_nameserver"),
        same("keypair_id").mandatory(Slot::text(1, 255, |d| &mut d.keypair_id)).unremovable(),
        same("external_network_id"),
        same("fixed_network"),
        same("fixed_subnet"),
        same("network_driver"),
        same("apiserver_port"),
        same("docker_volume_size"),
        same("cluster_distro"),
        F::new("links", |s, out| s.write_links(Baymodel::COLLECTION, out)),
        same("http_proxy"),
        same("https_proxy"),
        same("no_proxy"),
        same("volume_driver"),
        same("registry_enabled"),
        same("labels"),
        same("tls_disabled"),
        same("public"),
        same("server_type"),
        same("insecure_registry"),
        same("docker_storage_driver"),
        same("master_lb_enabled"),
        same("floating_ip_enabled"),
        same("created_at"),
        same("updated_at"),
    ];
}

/// Administrators see the baymodels that their token's project sees.
impl Face for Baymodel {
    const COLLECTION: &'static str = "baymodels";
    const KIND: &'static str = "model";
    const PUBLISHED: &'static str = "public flag for baymodel";
    const RULES: Rules = Rules {
        get: Permit::own(Rule::BaymodelGet),
        get_all: Permit::own(Rule::BaymodelGetAll),
        detail: Permit::own(Rule::BaymodelDetail),
        create: Rule::BaymodelCreate,
        update: Permit::own(Rule::BaymodelUpdate),
        delete: Permit::own(Rule::BaymodelDelete),
        publish: Rule::BaymodelPublish,
    };

    /// Clients of the time send `devicemapper` where their user has said nothing. Container engines have no such driver any more.
    fn adapt(draft: &mut Draft, call: &Call) {
        if draft.docker_storage_driver.as_value().is_some_and(|name| name == DEVICEMAPPER) {
            draft.docker_storage_driver = Given::Absent;
            call.warn(format!("docker_storage_driver: {DEVICEMAPPER} is no more, and left to the cluster's driver"));
        }
    }
}

const DEVICEMAPPER: &str = "devicemapper";

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    clustertemplates::page::<Baymodel>(call, Form::Brief).await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    clustertemplates::page::<Baymodel>(call, Form::Detailed).await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    clustertemplates::show_as::<Baymodel>(call).await
}

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    clustertemplates::create_as::<Baymodel>(call).await
}

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    clustertemplates::update_as::<Baymodel>(call).await
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    clustertemplates::delete_as::<Baymodel>(call).await
}
