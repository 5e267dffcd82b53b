//! `OS::Heat::SoftwareDeploymentGroup`: one configuration on several servers.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    plugin::{Child, Nested, Plugin, Properties, Sketch},
    resource_group::ResourceGroup,
    schema::{Default, Property, Rule},
};
use crate::heat::{engine::Context, error::Failure, hot::Version};

pub struct SoftwareDeploymentGroup;

const PROPERTIES: &[Property] = &[
    Property::map("servers").required().updatable(),
    Property::string("config").updatable(),
    Property::map("input_values").updatable(),
    Property::strings("actions").updatable().rules(&[Rule::Allowed(&["CREATE", "UPDATE", "DELETE", "SUSPEND", "RESUME"])]),
    Property::string("name").updatable(),
    Property::string("signal_transport").default(Default::Text("CFN_SIGNAL")),
    Property::string("input_key"),
    Property::string("input_values_validate"),
];

fn group(properties: &Properties, version: Version) -> (Child, usize) {
    let mut own = properties.clone();
    let servers = own.shift_remove("servers").and_then(|servers| servers.as_object().cloned()).unwrap_or_default();
    let members: Map<String, Value> = servers
        .iter()
        .map(|(name, server)| {
            let mut properties = own.clone();
            properties.insert("server".to_owned(), server.clone());
            (name.clone(), json!({"type": "OS::Heat::SoftwareDeployment", "properties": properties}))
        })
        .collect();
    let template = json!({"heat_template_version": version.date(), "resources": members});
    (Child { template, parameters: Map::new(), timeout_mins: None }, servers.len())
}

#[async_trait]
impl Nested for SoftwareDeploymentGroup {
    fn sketch(&self, properties: &Properties, version: Version) -> Result<Sketch, String> {
        // The members are all there in the sketch: it counts once.
        Ok(Sketch { child: group(properties, version).0, copies: 1 })
    }

    async fn child(&self, cx: &Context, properties: &Properties) -> Result<Child, Failure> {
        let version = cx.stack(|stack| stack.blueprint.template.version).unwrap_or(Version::Wallaby);
        Ok(group(properties, version).0)
    }
}

#[async_trait]
impl Plugin for SoftwareDeploymentGroup {
    fn name(&self) -> &'static str {
        "OS::Heat::SoftwareDeploymentGroup"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["deploy_stdouts", "deploy_stderrs", "deploy_status_codes"]
    }

    fn has_open_attributes(&self) -> bool {
        true
    }

    fn nested(&self) -> Option<&dyn Nested> {
        Some(self)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(child) = cx.physical_id() else { return Ok(None) };
        let single = match name {
            "show" => return ResourceGroup.attribute(cx, name).await,
            "deploy_stdouts" => "deploy_stdout",
            "deploy_stderrs" => "deploy_stderr",
            "deploy_status_codes" => "deploy_status_code",
            other => other,
        };
        let members: Vec<String> = cx
            .engine
            .read(|state| state.stacks.get(&child).map(|stack| stack.resources.keys().cloned().collect()).unwrap_or_default());
        let mut values = Map::new();
        for member in members {
            let value = cx.engine.attribute(&child, &member, single).await?;
            values.insert(member, value);
        }
        Ok(Some(Value::Object(values)))
    }

    async fn reference(&self, cx: &Context) -> Result<Value, Failure> {
        cx.engine.template_reference(cx).await
    }
}
