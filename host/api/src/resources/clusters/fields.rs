//! The attributes of a cluster.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jeroboam_model::{HealthStatus, LabelChanges, Outcome, Role};
use jeroboam_store::SharedView;

use crate::fields::{Field, Form, Given, Ignored, Out, Resource, Slot, TextRule};
use crate::links::Base;
use crate::microversion::Microversion;

pub const COLLECTION: &str = "clusters";

/// The most nodes that can be asked for; Heat's own limits are far below.
pub const MAX_NODES: u32 = 1_000_000;

/// A cluster and where it is seen from.
pub struct Shown {
    view: SharedView,
    base: Base,
    changes: OnceCell<LabelChanges>,
}

/// What a request says about a cluster.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: Given<String>,
    pub cluster_template_id: Given<String>,
    pub keypair: Given<String>,
    pub node_count: Given<u32>,
    pub master_count: Given<u32>,
    pub docker_volume_size: Given<u32>,
    pub labels: Given<BTreeMap<String, String>>,
    pub master_flavor_id: Given<String>,
    pub flavor_id: Given<String>,
    pub create_timeout: Given<u32>,
    pub health_status: Given<HealthStatus>,
    pub health_status_reason: Given<BTreeMap<String, String>>,
    pub discovery_url: Given<String>,
    pub fixed_network: Given<String>,
    pub fixed_subnet: Given<String>,
    pub floating_ip_enabled: Given<bool>,
    pub merge_labels: Given<bool>,
    pub master_lb_enabled: Given<bool>,
}

impl Shown {
    pub fn new(view: SharedView, base: Base) -> Self {
        Self { view, base, changes: OnceCell::new() }
    }

    fn changes(&self) -> &LabelChanges {
        self.changes.get_or_init(|| self.view.cluster.labels.changes_from(&self.view.template.labels))
    }

    /// `links`, under the name that clusters are served as.
    pub fn write_links(&self, collection: &str, out: &mut Out) {
        self.base.write_item(collection, self.view.cluster.uuid, out);
    }

    fn addresses(&self, role: Role) -> impl Iterator<Item = &str> {
        let groups = self.view.groups.iter().filter(move |group| group.role == role);
        groups.flat_map(|group| &group.node_addresses).map(String::as_str)
    }
}

/// The resource `clusters`.
pub enum ClusterResource {}

type F = Field<ClusterResource>;

impl Resource for ClusterResource {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "cluster";
    const INTERNAL: &'static [&'static str] = &[
        "ca_cert_ref",
        "magnum_cert_ref",
        "etcd_ca_cert_ref",
        "front_proxy_ca_cert_ref",
        "trust_id",
        "trustee_user_name",
        "trustee_password",
        "trustee_user_id",
    ];
    const FIELDS: &'static [F] =
        &[
            F::new("uuid", |s, out| out.plain(format_args!("{}", s.view.cluster.uuid))).optional(Slot::Ignored(Ignored::Text)),
            F::new("name", |s, out| out.text(&s.view.cluster.name)).optional(Slot::Text {
                min: 1,
                max: 242,
                rule: TextRule::ClusterName,
                at: |d| &mut d.name,
            }),
            F::new("cluster_template_id", |s, out| out.plain(format_args!("{}", s.view.cluster.cluster_template_id)))
                .mandatory(Slot::text(0, 255, |d| &mut d.cluster_template_id)),
            F::new("keypair", |s, out| out.text_or_null(s.view.cluster.keypair.as_deref()))
                .optional(Slot::text(1, 255, |d| &mut d.keypair)),
            F::new("node_count", |s, out| out.integer(s.view.count(Role::Worker)))
                .optional(Slot::integer(0, MAX_NODES, |d| &mut d.node_count)),
            F::new("master_count", |s, out| out.integer(s.view.count(Role::Master)))
                .not_null(Slot::integer(1, MAX_NODES, |d| &mut d.master_count)),
            F::new("docker_volume_size", |s, out| out.integer_or_null(s.view.cluster.docker_volume_size))
                .optional(Slot::integer(1, i32::MAX as u32, |d| &mut d.docker_volume_size)),
            F::new("labels", |s, out| out.pairs(s.view.cluster.labels.iter())).optional(Slot::pairs(|d| &mut d.labels)),
            F::new("master_flavor_id", |s, out| out.text_or_null(s.view.cluster.master_flavor_id.as_deref()))
                .optional(Slot::text(1, 255, |d| &mut d.master_flavor_id)),
            F::new("flavor_id", |s, out| out.text_or_null(s.view.cluster.flavor_id.as_deref())).optional(Slot::text(
                1,
                255,
                |d| &mut d.flavor_id,
            )),
            F::new("create_timeout", |s, out| out.integer_or_null(s.view.cluster.create_timeout)).optional(Slot::integer(
                0,
                i32::MAX as u32,
                |d| &mut d.create_timeout,
            )),
            F::new("links", |s, out| s.write_links(COLLECTION, out)),
            F::new("stack_id", |s, out| out.text_or_null(s.view.cluster.stack_id.as_deref())).until(Microversion::LAST_STACK_ID),
            F::new("cluster_id", |s, out| out.text_or_null(s.view.cluster.stack_id.as_deref())).since(Microversion::CLUSTER_ID),
            F::new("status", |s, out| out.text(s.view.cluster.status.as_str())).optional(Slot::Ignored(Ignored::Status)),
            F::new("status_reason", |s, out| out.text_or_null(s.view.cluster.status_reason.as_deref()))
                .optional(Slot::Ignored(Ignored::Text))
                .from_form(Form::Detailed),
            F::new("health_status", |s, out| out.text_or_null(s.view.cluster.health_status.map(HealthStatus::as_str)))
                .optional(Slot::choice(|d| &mut d.health_status)),
            F::new("health_status_reason", |s, out| {
                out.pairs(s.view.cluster.health_status_reason.iter().map(|(name, reason)| (name.as_str(), reason.as_str())));
            })
            .optional(Slot::pairs(|d| &mut d.health_status_reason))
            .from_form(Form::Detailed),
            F::new("discovery_url", |s, out| out.text_or_null(s.view.cluster.discovery_url.as_deref()))
                .optional(Slot::text(0, 4096, |d| &mut d.discovery_url))
                .from_form(Form::Detailed),
            F::new("api_address", |s, out| out.text_or_null(s.view.cluster.api_address.as_deref())).from_form(Form::Detailed),
            F::new("coe_version", |s, out| out.text_or_null(s.view.cluster.coe_version.as_deref())).from_form(Form::Detailed),
            F::new("container_version", |s, out| out.text_or_null(s.view.cluster.container_version.as_deref()))
                .from_form(Form::Detailed),
            F::new("project_id", |s, out| out.text(s.view.cluster.project_id.as_str())).from_form(Form::Detailed),
            F::new("user_id", |s, out| out.text(s.view.cluster.user_id.as_str())).from_form(Form::Detailed),
            F::new("node_addresses", |s, out| out.texts(s.addresses(Role::Worker))).from_form(Form::Detailed),
            F::new("master_addresses", |s, out| out.texts(s.addresses(Role::Master))).from_form(Form::Detailed),
            F::new("faults", |s, out| {
                out.object(|out| {
                    for group in s.view.groups.iter().filter(|group| group.status.outcome() == Outcome::Failed) {
                        out.member(&group.name, |out| out.text_or_null(group.status_reason.as_deref()));
                    }
                });
            })
            .optional(Slot::Ignored(Ignored::Pairs))
            .from_form(Form::Whole)
            .when(|s| s.view.cluster.status.outcome() == Outcome::Failed),
            F::new("fixed_network", |s, out| out.text_or_null(s.view.cluster.fixed_network.as_deref()))
                .optional(Slot::text(1, 255, |d| &mut d.fixed_network))
                .from_form(Form::Detailed),
            F::new("fixed_subnet", |s, out| out.text_or_null(s.view.cluster.fixed_subnet.as_deref()))
                .optional(Slot::text(1, 255, |d| &mut d.fixed_subnet))
                .from_form(Form::Detailed),
            F::new("floating_ip_enabled", |s, out| out.boolean(s.view.cluster.floating_ip_enabled))
                .optional(Slot::boolean(|d| &mut d.floating_ip_enabled))
                .from_form(Form::Detailed),
            // A switch of requests: Magnum has never shown anything else.
            F::new("merge_labels", |_, out| out.boolean(false)).optional(Slot::boolean(|d| &mut d.merge_labels)),
            F::new("labels_overridden", |s, out| out.pairs(s.changes().overridden.iter()))
                .optional(Slot::Ignored(Ignored::Pairs))
                .from_form(Form::Detailed),
            F::new("labels_added", |s, out| out.pairs(s.changes().added.iter()))
                .optional(Slot::Ignored(Ignored::Pairs))
                .from_form(Form::Detailed),
            F::new("labels_skipped", |s, out| out.pairs(s.changes().skipped.iter()))
                .optional(Slot::Ignored(Ignored::Pairs))
                .from_form(Form::Detailed),
            F::new("master_lb_enabled", |s, out| out.boolean(s.view.cluster.master_lb_enabled))
                .optional(Slot::boolean(|d| &mut d.master_lb_enabled))
                .from_form(Form::Detailed),
            F::new("created_at", |s, out| out.time(s.view.cluster.created_at)).from_form(Form::Detailed),
            F::new("updated_at", |s, out| out.time_or_null(s.view.cluster.updated_at)).from_form(Form::Detailed),
        ];
}
