//! The attributes of a node group.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jeroboam_model::{Cluster, LabelChanges, NodeGroup, Taint};

use crate::fields::{Field, Form, Given, Ignored, Resource, Slot};
use crate::links::Base;
use crate::lookup::Shared;
use crate::resources::clusters::MAX_NODES;

/// A group, its cluster, and where it is seen from.
pub struct Shown {
    group: NodeGroup,
    cluster: Shared<Cluster>,
    base: Base,
    changes: OnceCell<LabelChanges>,
}

/// What a request says about a group.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: Given<String>,
    pub docker_volume_size: Given<u32>,
    pub labels: Given<BTreeMap<String, String>>,
    pub flavor_id: Given<String>,
    pub image_id: Given<String>,
    pub node_count: Given<u32>,
    pub role: Given<String>,
    pub min_node_count: Given<u32>,
    pub max_node_count: Given<u32>,
    pub merge_labels: Given<bool>,
    pub node_labels: Given<BTreeMap<String, String>>,
    pub node_taints: Given<Vec<Taint>>,
}

impl Shown {
    pub fn new(group: NodeGroup, cluster: Shared<Cluster>, base: Base) -> Self {
        Self { group, cluster, base, changes: OnceCell::new() }
    }

    fn changes(&self) -> &LabelChanges {
        self.changes.get_or_init(|| self.group.labels.changes_from(&self.cluster.labels))
    }
}

/// The resource `nodegroups`.
pub enum NodegroupResource {}

type F = Field<NodegroupResource>;

impl Resource for NodegroupResource {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "nodegroup";
    const INTERNAL: &'static [&'static str] = &[
        "name",
        "cluster_id",
        "docker_volume_size",
        "labels",
        "flavor_id",
        "image_id",
        "node_count",
        "role",
        "status",
        "status_reason",
        "version",
    ];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.plain(format_args!("{}", s.group.uuid))).optional(Slot::Ignored(Ignored::Text)),
        F::new("name", |s, out| out.text(&s.group.name)).mandatory(Slot::text(1, 255, |d| &mut d.name)),
        F::new("cluster_id", |s, out| out.plain(format_args!("{}", s.group.cluster_id)))
            .optional(Slot::Ignored(Ignored::Text))
            .from_form(Form::Whole),
        F::new("project_id", |s, out| out.text(s.group.project_id.as_str())).from_form(Form::Whole),
        F::new("docker_volume_size", |s, out| out.integer_or_null(s.group.docker_volume_size))
            .optional(Slot::integer(1, i32::MAX as u32, |d| &mut d.docker_volume_size))
            .from_form(Form::Whole),
        F::new("labels", |s, out| out.pairs(s.group.labels.iter()))
            .optional(Slot::pairs(|d| &mut d.labels))
            .from_form(Form::Whole),
        F::new("links", |s, out| {
            let collection = format_args!("clusters/{}/nodegroups", s.group.cluster_id).to_string();
            s.base.write_item(collection, s.group.uuid, out);
        })
        .from_form(Form::Whole),
        F::new("flavor_id", |s, out| out.text_or_null(s.group.flavor_id.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.flavor_id)),
        F::new("image_id", |s, out| out.text(&s.group.image_id)).optional(Slot::text(1, 255, |d| &mut d.image_id)),
        F::new("node_addresses", |s, out| out.texts(s.group.node_addresses.iter().map(String::as_str))).from_form(Form::Whole),
        F::new("node_count", |s, out| out.integer(s.group.node_count))
            .optional(Slot::integer(0, MAX_NODES, |d| &mut d.node_count)),
        F::new("role", |s, out| out.text(&s.group.role_name)).not_null(Slot::text(1, 255, |d| &mut d.role)),
        F::new("min_node_count", |s, out| out.integer(s.group.min_node_count))
            .optional(Slot::integer(0, MAX_NODES, |d| &mut d.min_node_count)),
        F::new("max_node_count", |s, out| out.integer_or_null(s.group.max_node_count)).optional(Slot::integer(
            0,
            MAX_NODES,
            |d| &mut d.max_node_count,
        )),
        F::new("is_default", |s, out| out.boolean(s.group.is_default)),
        F::new("stack_id", |s, out| out.text_or_null(s.group.stack_id.as_deref())),
        F::new("status", |s, out| out.text(s.group.status.as_str())).optional(Slot::Ignored(Ignored::Status)),
        F::new("status_reason", |s, out| out.text_or_null(s.group.status_reason.as_deref()))
            .optional(Slot::Ignored(Ignored::Text))
            .from_form(Form::Whole),
        // Which version its nodes run is the driver's to know, and Magnum has never shown any.
        F::new("version", |_, out| out.null()).optional(Slot::Ignored(Ignored::Text)).from_form(Form::Whole),
        // A switch of requests: Magnum has never shown anything else.
        F::new("merge_labels", |_, out| out.boolean(false)).optional(Slot::boolean(|d| &mut d.merge_labels)),
        F::new("labels_overridden", |s, out| out.pairs(s.changes().overridden.iter()))
            .optional(Slot::Ignored(Ignored::Pairs))
            .from_form(Form::Whole),
        F::new("labels_added", |s, out| out.pairs(s.changes().added.iter()))
            .optional(Slot::Ignored(Ignored::Pairs))
            .from_form(Form::Whole),
        F::new("labels_skipped", |s, out| out.pairs(s.changes().skipped.iter()))
            .optional(Slot::Ignored(Ignored::Pairs))
            .from_form(Form::Whole),
        F::new("node_labels", |s, out| {
            out.pairs(s.group.node_labels.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        })
        .optional(Slot::pairs(|d| &mut d.node_labels))
        .from_form(Form::Whole),
        F::new("node_taints", |s, out| out.value(&s.group.node_taints))
            .optional(Slot::Taints { at: |d| &mut d.node_taints })
            .from_form(Form::Whole),
        F::new("created_at", |s, out| out.time(s.group.created_at)).from_form(Form::Whole),
        F::new("updated_at", |s, out| out.time_or_null(s.group.updated_at)).from_form(Form::Whole),
    ];
}
