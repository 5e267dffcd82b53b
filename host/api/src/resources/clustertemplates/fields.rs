//! The attributes of a cluster template.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use jeroboam_model::{ClusterTemplate, Coe, ServerType};

use crate::fields::{Field, Given, Out, Resource, Slot, TextRule};
use crate::links::Base;
use crate::lookup::Shared;

pub const COLLECTION: &str = "clustertemplates";

/// A template and where it is seen from.
pub struct Shown {
    pub template: Shared<ClusterTemplate>,
    pub base: Base,
}

/// What a request says about a template.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub uuid: Given<String>,
    pub name: Given<String>,
    pub coe: Given<Coe>,
    pub image_id: Given<String>,
    pub flavor_id: Given<String>,
    pub master_flavor_id: Given<String>,
    pub dns_nameserver: Given<Vec<Ipv4Addr>>,
    pub keypair_id: Given<String>,
    pub external_network_id: Given<String>,
    pub fixed_network: Given<String>,
    pub fixed_subnet: Given<String>,
    pub network_driver: Given<String>,
    pub apiserver_port: Given<u32>,
    pub docker_volume_size: Given<u32>,
    pub cluster_distro: Given<String>,
    pub http_proxy: Given<String>,
    pub https_proxy: Given<String>,
    pub no_proxy: Given<String>,
    pub volume_driver: Given<String>,
    pub registry_enabled: Given<bool>,
    pub labels: Given<BTreeMap<String, String>>,
    pub tls_disabled: Given<bool>,
    pub public: Given<bool>,
    pub server_type: Given<ServerType>,
    pub insecure_registry: Given<String>,
    pub docker_storage_driver: Given<String>,
    pub master_lb_enabled: Given<bool>,
    pub floating_ip_enabled: Given<bool>,
    pub hidden: Given<bool>,
    pub tags: Given<String>,
    pub driver: Given<String>,
}

impl Shown {
    /// `links`, under the name that templates are served as.
    pub fn write_links(&self, collection: &str, out: &mut Out) {
        self.base.write_item(collection, self.template.uuid, out);
    }
}

/// The resource `clustertemplates`.
pub enum Template {}

type F = Field<Template>;

impl Resource for Template {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "cluster_template";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.plain(format_args!("{}", s.template.uuid))).optional(Slot::Text {
            min: 1,
            max: 64,
            rule: TextRule::Uuid,
            at: |d| &mut d.uuid,
        }),
        F::new("name", |s, out| out.text(&s.template.name)).optional(Slot::text(1, 255, |d| &mut d.name)),
        F::new("coe", |s, out| out.text(s.template.coe.as_str())).optional(Slot::choice(|d| &mut d.coe)).unremovable(),
        F::new("image_id", |s, out| out.text(&s.template.image_id))
            .mandatory(Slot::text(1, 255, |d| &mut d.image_id))
            .unremovable(),
        F::new("flavor_id", |s, out| out.text_or_null(s.template.flavor_id.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.flavor_id))
            .unremovable(),
        F::new("master_flavor_id", |s, out| out.text_or_null(s.template.master_flavor_id.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.master_flavor_id))
            .unremovable(),
        F::new("dns_nameserver", |s, out| match s.template.dns_nameserver.as_slice() {
            [] => out.null(),
            [first, rest @ ..] => {
                out.text(&rest.iter().fold(first.to_string(), |text, address| format!("{text},{address}")));
            }
        })
        .optional(Slot::Nameservers { at: |d| &mut d.dns_nameserver }),
        F::new("keypair_id", |s, out| out.text_or_null(s.template.keypair_id.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.keypair_id)),
        F::new("external_network_id", |s, out| out.text_or_null(s.template.external_network_id.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.external_network_id))
            .unremovable(),
        F::new("fixed_network", |s, out| out.text_or_null(s.template.fixed_network.as_deref())).optional(Slot::text(
            1,
            255,
            |d| &mut d.fixed_network,
        )),
        F::new("fixed_subnet", |s, out| out.text_or_null(s.template.fixed_subnet.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.fixed_subnet)),
        F::new("network_driver", |s, out| out.text_or_null(s.template.network_driver.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.network_driver))
            .unremovable(),
        F::new("apiserver_port", |s, out| out.integer_or_null(s.template.apiserver_port)).optional(Slot::integer(
            1024,
            65_535,
            |d| &mut d.apiserver_port,
        )),
        F::new("docker_volume_size", |s, out| out.integer_or_null(s.template.docker_volume_size)).optional(Slot::integer(
            1,
            i32::MAX as u32,
            |d| &mut d.docker_volume_size,
        )),
        F::new("cluster_distro", |s, out| out.text(&s.template.cluster_distro))
            .optional(Slot::text(1, 255, |d| &mut d.cluster_distro))
            .unremovable(),
        F::new("links", |s, out| s.write_links(COLLECTION, out)),
        F::new("http_proxy", |s, out| out.text_or_null(s.template.http_proxy.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.http_proxy)),
        F::new("https_proxy", |s, out| out.text_or_null(s.template.https_proxy.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.https_proxy)),
        F::new("no_proxy", |s, out| out.text_or_null(s.template.no_proxy.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.no_proxy)),
        F::new("volume_driver", |s, out| out.text_or_null(s.template.volume_driver.as_deref())).optional(Slot::text(
            1,
            255,
            |d| &mut d.volume_driver,
        )),
        F::new("registry_enabled", |s, out| out.boolean(s.template.registry_enabled))
            .optional(Slot::boolean(|d| &mut d.registry_enabled))
            .unremovable(),
        F::new("labels", |s, out| out.pairs(s.template.labels.iter())).not_null(Slot::pairs(|d| &mut d.labels)),
        F::new("tls_disabled", |s, out| out.boolean(s.template.tls_disabled))
            .optional(Slot::boolean(|d| &mut d.tls_disabled))
            .unremovable(),
        F::new("public", |s, out| out.boolean(s.template.public)).optional(Slot::boolean(|d| &mut d.public)).unremovable(),
        F::new("server_type", |s, out| out.text(s.template.server_type.as_str()))
            .not_null(Slot::choice(|d| &mut d.server_type))
            .unremovable(),
        F::new("insecure_registry", |s, out| out.text_or_null(s.template.insecure_registry.as_deref())).optional(Slot::text(
            1,
            255,
            |d| &mut d.insecure_registry,
        )),
        F::new("docker_storage_driver", |s, out| out.text_or_null(s.template.docker_storage_driver.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.docker_storage_driver)),
        F::new("master_lb_enabled", |s, out| out.boolean(s.template.master_lb_enabled))
            .optional(Slot::boolean(|d| &mut d.master_lb_enabled)),
        F::new("floating_ip_enabled", |s, out| out.boolean(s.template.floating_ip_enabled))
            .optional(Slot::boolean(|d| &mut d.floating_ip_enabled)),
        F::new("project_id", |s, out| out.text(s.template.project_id.as_str())),
        F::new("user_id", |s, out| out.text(s.template.user_id.as_str())),
        F::new("hidden", |s, out| out.boolean(s.template.hidden)).optional(Slot::boolean(|d| &mut d.hidden)).unremovable(),
        F::new("tags", |s, out| out.text_or_null(s.template.tags.as_deref())).optional(Slot::text(0, 255, |d| &mut d.tags)),
        F::new("driver", |s, out| out.text_or_null(s.template.driver.as_deref())).optional(Slot::text(1, 255, |d| &mut d.driver)),
        F::new("created_at", |s, out| out.time(s.template.created_at)),
        F::new("updated_at", |s, out| out.time_or_null(s.template.updated_at)),
    ];
}
