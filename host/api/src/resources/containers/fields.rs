//! The attributes of a container.

use std::collections::BTreeMap;

use jeroboam_model::Container;

use super::state::State;
use crate::fields::{Field, Form, Given, Ignored, Resource, Slot};
use crate::links::Base;
use crate::lookup::Shared;

pub const COLLECTION: &str = "containers";

/// A container, what its bay says of it, and where it is seen from.
pub struct Shown {
    pub container: Shared<Container>,
    pub state: State,
    pub base: Base,
}

/// What a request says about a container.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: Given<String>,
    pub bay_uuid: Given<String>,
    pub image: Given<String>,
    pub command: Given<String>,
    pub memory: Given<String>,
    pub environment: Given<BTreeMap<String, String>>,
}

impl Draft {
    /// As it is stored.
    pub fn of(container: &Container) -> Self {
        let maybe = |text: &Option<String>| text.clone().map_or(Given::Null, Given::Value);
        Self {
            name: Given::Value(container.name.clone()),
            bay_uuid: Given::Value(container.cluster.to_string()),
            image: Given::Value(container.image.clone()),
            command: maybe(&container.command),
            memory: maybe(&container.memory),
            environment: Given::Value(container.environment.clone()),
        }
    }
}

/// The resource `containers`.
pub enum ContainerTable {}

type F = Field<ContainerTable>;

impl Resource for ContainerTable {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "container";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.plain(format_args!("{}", s.container.uuid))).optional(Slot::Ignored(Ignored::Text)),
        F::new("name", |s, out| out.text(&s.container.name)).not_null(Slot::text(1, 255, |d| &mut d.name)).unremovable(),
        F::new("bay_uuid", |s, out| out.plain(format_args!("{}", s.container.cluster)))
            .mandatory(Slot::text(1, 255, |d| &mut d.bay_uuid))
            .unremovable(),
        F::new("image", |s, out| out.text(&s.container.image)).mandatory(Slot::text(1, 255, |d| &mut d.image)).unremovable(),
        F::new("command", |s, out| out.text_or_null(s.container.command.as_deref()))
            .optional(Slot::text(1, 65_536, |d| &mut d.command)),
        F::new("status", |s, out| out.text(s.state.as_str())).optional(Slot::Ignored(Ignored::Text)),
        F::new("memory", |s, out| out.text_or_null(s.container.memory.as_deref()))
            .optional(Slot::text(1, 255, |d| &mut d.memory)),
        F::new("environment", |s, out| {
            out.pairs(s.container.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        })
        .optional(Slot::pairs(|d| &mut d.environment)),
        F::new("links", |s, out| s.base.write_item(COLLECTION, s.container.uuid, out)),
        F::new("created_at", |s, out| out.time(s.container.created_at)).from_form(Form::Detailed),
        F::new("updated_at", |s, out| out.time_or_null(s.container.updated_at)).from_form(Form::Detailed),
    ];
}
