//! The attributes of a federation.

use std::collections::BTreeMap;

use jeroboam_model::Federation;

use crate::fields::{Field, Form, Given, Ignored, Resource, Slot, TextRule};
use crate::links::Base;
use crate::lookup::Shared;

pub const COLLECTION: &str = "federations";

/// A federation and where it is seen from.
pub struct Shown {
    pub federation: Shared<Federation>,
    pub base: Base,
}

/// What a request says about a federation.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: Given<String>,
    pub hostcluster_id: Given<String>,
    pub member_ids: Given<Vec<String>>,
    pub properties: Given<BTreeMap<String, String>>,
}

/// The resource `federations`.
pub enum FederationTable {}

type F = Field<FederationTable>;

impl Resource for FederationTable {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "federation";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.plain(format_args!("{}", s.federation.uuid))).optional(Slot::Ignored(Ignored::Text)),
        F::new("name", |s, out| out.text(&s.federation.name)).optional(Slot::Text {
            min: 1,
            max: 242,
            rule: TextRule::ClusterName,
            at: |d| &mut d.name,
        }),
        F::new("hostcluster_id", |s, out| out.plain(format_args!("{}", s.federation.hostcluster_id))).optional(Slot::text(
            1,
            255,
            |d| &mut d.hostcluster_id,
        )),
        F::new("member_ids", |s, out| {
            out.array(|out| s.federation.member_ids.iter().for_each(|member| out.plain(format_args!("{member}"))));
        })
        .optional(Slot::List { at: |d| &mut d.member_ids }),
        F::new("status", |s, out| out.text(s.federation.status.as_str())).optional(Slot::Ignored(Ignored::Status)),
        F::new("status_reason", |s, out| out.text_or_null(s.federation.status_reason.as_deref()))
            .optional(Slot::Ignored(Ignored::Text))
            .from_form(Form::Detailed),
        F::new("properties", |s, out| {
            out.pairs(s.federation.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        })
        .optional(Slot::pairs(|d| &mut d.properties)),
        F::new("links", |s, out| s.base.write_item(COLLECTION, s.federation.uuid, out)),
        F::new("created_at", |s, out| out.time(s.federation.created_at)).from_form(Form::Detailed),
        F::new("updated_at", |s, out| out.time_or_null(s.federation.updated_at)).from_form(Form::Detailed),
    ];
}
