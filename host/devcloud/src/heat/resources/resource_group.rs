//! `OS::Heat::ResourceGroup`: a number of alike resources, in a stack of their own.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    plugin::{Child, Nested, Plugin, Properties, Sketch},
    schema::{Default, Property, Rule, Type},
};
use crate::heat::{
    engine::{Context, state::Resource},
    error::Failure,
    hot::{Version, text},
};

pub struct ResourceGroup;

const DEFINITION: &[Property] = &[Property::string("type").required(), Property::map("properties"), Property::map("metadata")];

const REMOVAL: &[Property] = &[Property::new("resource_list", Type::List(&Type::Any)).default(Default::EmptyList)];

const PROPERTIES: &[Property] = &[
    Property::integer("count").updatable().default(Default::Integer(1)).rules(&[Rule::Range(Some(0), None)]),
    Property::string("index_var").default(Default::Text("%index%")).rules(&[Rule::Length(Some(3), None)]),
    Property::new("resource_def", Type::Map(DEFINITION)).required().updatable(),
    Property::new("removal_policies", Type::List(&Type::Map(REMOVAL))).updatable().default(Default::EmptyList),
    Property::string("removal_policies_mode")
        .updatable()
        .default(Default::Text("append"))
        .rules(&[Rule::Allowed(&["append", "update"])]),
];

/// The definition of one member: the index in every text of it.
fn member(definition: &Value, index_var: &str, name: &str) -> Value {
    fn put(value: &Value, index_var: &str, name: &str) -> Value {
        match value {
            Value::String(text) => Value::String(text.replace(index_var, name)),
            Value::Array(items) => Value::Array(items.iter().map(|item| put(item, index_var, name)).collect()),
            Value::Object(map) => Value::Object(
                map.iter()
                    .filter(|(_, item)| !item.is_null())
                    .map(|(key, item)| (key.clone(), put(item, index_var, name)))
                    .collect(),
            ),
            scalar => scalar.clone(),
        }
    }
    put(definition, index_var, name)
}

fn assemble(version: Version, members: Map<String, Value>) -> Child {
    Child {
        template: json!({"heat_template_version": version.date(), "resources": members}),
        parameters: Map::new(),
        timeout_mins: None,
    }
}

fn definition(properties: &Properties) -> (Value, String) {
    let definition = properties.get("resource_def").cloned().unwrap_or_default();
    let index_var = properties.get("index_var").and_then(Value::as_str).unwrap_or("%index%").to_owned();
    (definition, index_var)
}

fn count(properties: &Properties) -> usize {
    properties.get("count").and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok()).unwrap_or(1)
}

/// The members there are now, with what refers to them.
fn members(cx: &Context) -> Vec<Resource> {
    let child = cx.physical_id().unwrap_or_default();
    let mut members: Vec<Resource> = cx
        .engine
        .read(|state| state.stacks.get(&child).map(|stack| stack.resources.values().cloned().collect()).unwrap_or_default());
    members.sort_by_key(|member| (member.name.parse::<u64>().unwrap_or(u64::MAX), member.name.clone()));
    members
}

fn reference(member: &Resource) -> Value {
    member.reference.clone().or_else(|| member.physical_id.clone().map(Value::String)).unwrap_or(Value::Null)
}

/// Names that are not to be used (again): those removed before, and those that are to be removed now.
fn removed(cx: &Context, properties: &Properties) -> BTreeSet<String> {
    let known: BTreeSet<String> = cx
        .data("removed")
        .and_then(|names| names.as_array().cloned())
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let update = properties.get("removal_policies_mode").and_then(Value::as_str) == Some("update");
    let mut names = if update { BTreeSet::new() } else { known.clone() };
    let members = members(cx);
    let created = cx.physical_id().is_some();
    let policies = properties.get("removal_policies").and_then(Value::as_array).into_iter().flatten();
    let listed = policies.filter_map(|policy| policy.get("resource_list")?.as_array()).flatten();
    for wanted in listed {
        let name = text::display(wanted);
        if known.contains(&name) || !created || members.iter().any(|member| member.name == name) {
            names.insert(name);
        } else if let Some(member) = members.iter().find(|member| wanted.is_string() && reference(member) == *wanted) {
            names.insert(member.name.clone());
        }
    }
    names
}

/// The names of the members that there should be.
fn names(cx: &Context, properties: &Properties) -> Vec<String> {
    let removed = removed(cx, properties);
    (0_u64..).map(|index| index.to_string()).filter(|name| !removed.contains(name)).take(count(properties)).collect()
}

fn version(cx: &Context) -> Version {
    cx.stack(|stack| stack.blueprint.template.version).unwrap_or(Version::Wallaby)
}

#[async_trait]
impl Nested for ResourceGroup {
    fn sketch(&self, properties: &Properties, version: Version) -> Result<Sketch, String> {
        let (definition, index_var) = definition(properties);
        if definition.get("type").and_then(Value::as_str).is_none() {
            return Err("resource_def needs a type".to_owned());
        }
        let members = Map::from_iter([("0".to_owned(), member(&definition, &index_var, "0"))]);
        Ok(Sketch { child: assemble(version, members), copies: count(properties) })
    }

    async fn child(&self, cx: &Context, properties: &Properties) -> Result<Child, Failure> {
        let (definition, index_var) = definition(properties);
        let names = names(cx, properties);
        cx.set_data("removed", json!(removed(cx, properties)));
        let members = names.iter().map(|name| (name.clone(), member(&definition, &index_var, name))).collect();
        Ok(assemble(version(cx), members))
    }

    /// With a rolling policy and another definition: so many members at a time.
    async fn steps(&self, cx: &Context, properties: &Properties, update_policy: &Value) -> Result<Vec<Child>, Failure> {
        let last = self.child(cx, properties).await?;
        let before = cx.resource(|resource| resource.properties.clone()).unwrap_or_default();
        let batch = crate::heat::engine::rolling(update_policy)
            .map(|policy| policy.get("max_batch_size").and_then(text::number).and_then(|size| size.as_u64()).unwrap_or(1));
        let same = before.get("resource_def") == properties.get("resource_def");
        let (Some(batch), false) = (batch.and_then(|batch| usize::try_from(batch.max(1)).ok()), same) else {
            return Ok(vec![last]);
        };
        let (old, _) = definition(&before);
        let (new, index_var) = definition(properties);
        let names = names(cx, properties);
        let present: Vec<String> =
            members(cx).into_iter().map(|member| member.name).filter(|name| names.contains(name)).collect();
        let mut steps = Vec::new();
        let mut done = batch;
        while done < present.len() {
            let step = present
                .iter()
                .enumerate()
                .map(|(at, name)| (name.clone(), member(if at < done { &new } else { &old }, &index_var, name)))
                .collect();
            steps.push(assemble(version(cx), step));
            done += batch;
        }
        steps.push(last);
        Ok(steps)
    }
}

#[async_trait]
impl Plugin for ResourceGroup {
    fn name(&self) -> &'static str {
        "OS::Heat::ResourceGroup"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["refs", "refs_map", "attributes", "removed_rsrc_list"]
    }

    fn has_open_attributes(&self) -> bool {
        true
    }

    fn nested(&self) -> Option<&dyn Nested> {
        Some(self)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(child) = cx.physical_id() else { return Ok(None) };
        let members = members(cx);
        Ok(Some(match name {
            "show" => json!({"id": child}),
            "refs" => Value::Array(members.iter().map(reference).collect()),
            "refs_map" => Value::Object(members.iter().map(|member| (member.name.clone(), reference(member))).collect()),
            "removed_rsrc_list" => cx.data("removed").unwrap_or_else(|| json!([])),
            "attributes" => {
                let mut all = Map::new();
                for member in &members {
                    all.insert(member.name.clone(), cx.engine.attribute(&child, &member.name, "").await?);
                }
                Value::Object(all)
            }
            path if path.starts_with("resource.") => {
                cx.engine.member_attribute(&child, path.trim_start_matches("resource.")).await?
            }
            // The attribute of every member, in order.
            attribute => {
                let mut values = Vec::with_capacity(members.len());
                for member in &members {
                    values.push(cx.engine.attribute(&child, &member.name, attribute).await?);
                }
                Value::Array(values)
            }
        }))
    }

    async fn reference(&self, cx: &Context) -> Result<Value, Failure> {
        cx.engine.template_reference(cx).await
    }
}
