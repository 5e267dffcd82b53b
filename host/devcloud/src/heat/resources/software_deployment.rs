//! `OS::Heat::SoftwareDeployment` and `OS::Heat::StructuredDeployment`: a configuration that a server is to run, done when the server says so.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule},
};
use crate::{
    heat::{
        engine::{
            Context,
            signals::SIMULATED,
            software::NewDeployment,
            state::{Action, Status},
        },
        error::{Failure, HeatError},
    },
    services::{Kind, ServiceError},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoftwareDeployment {
    Software,
    Structured,
}

const PROPERTIES: &[Property] = &[
    Property::string("config").updatable(),
    Property::string("server").required(),
    Property::map("input_values").updatable(),
    Property::strings("actions").updatable().rules(&[Rule::Allowed(&["CREATE", "UPDATE", "DELETE", "SUSPEND", "RESUME"])]),
    Property::string("name").updatable(),
    Property::string("signal_transport").default(Default::Text("CFN_SIGNAL")).rules(&[Rule::Allowed(&[
        "CFN_SIGNAL",
        "TEMP_URL_SIGNAL",
        "HEAT_SIGNAL",
        "NO_SIGNAL",
        "ZAQAR_SIGNAL",
    ])]),
    Property::string("input_key").default(Default::Text("get_input")),
    Property::string("input_values_validate").default(Default::Text("LAX")).rules(&[Rule::Allowed(&["LAX", "STRICT"])]),
];

/// Actions that run the configuration when the template names none.
fn runs_on(properties: &Properties, action: Action) -> bool {
    match properties.get("actions").and_then(Value::as_array) {
        Some(actions) => actions.iter().any(|name| name.as_str() == Some(action.name())),
        None => matches!(action, Action::Create | Action::Update),
    }
}

fn signals(properties: &Properties) -> bool {
    properties.get("signal_transport").and_then(Value::as_str) != Some("NO_SIGNAL")
}

fn deployment(cx: &Context, properties: &Properties, action: Action) -> NewDeployment {
    let server = common::text(properties, "server").unwrap_or_default().to_owned();
    let (stack, stack_name) = cx.stack(|stack| (stack.id.clone(), stack.name.clone())).unwrap_or_default();
    let mut own_inputs = Map::new();
    for (name, value) in [
        ("deploy_server_id", server.clone()),
        ("deploy_action", action.name().to_owned()),
        ("deploy_stack_id", format!("{stack_name}/{stack}")),
        ("deploy_resource_name", cx.name().to_owned()),
        ("deploy_signal_transport", common::text(properties, "signal_transport").unwrap_or_default().to_owned()),
    ] {
        own_inputs.insert(name.to_owned(), Value::String(value));
    }
    if signals(properties) {
        own_inputs.insert("deploy_signal_id".to_owned(), json!(cx.engine.signal_url(&stack, cx.name())));
        own_inputs.insert("deploy_signal_verb".to_owned(), json!("POST"));
    }
    let waits = signals(properties);
    NewDeployment {
        project_id: cx.scope().project_id.clone(),
        config_id: common::text(properties, "config").unwrap_or_default().to_owned(),
        server_id: server,
        action,
        status: if waits { Status::InProgress } else { Status::Complete },
        reason: if waits { "Deploy data available".to_owned() } else { "Not waiting for outputs signal".to_owned() },
        input_values: properties.get("input_values").cloned().unwrap_or_else(|| json!({})),
        own_inputs,
    }
}

#[async_trait]
impl Plugin for SoftwareDeployment {
    fn name(&self) -> &'static str {
        match self {
            Self::Software => "OS::Heat::SoftwareDeployment",
            Self::Structured => "OS::Heat::StructuredDeployment",
        }
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["deploy_stdout", "deploy_stderr", "deploy_status_code"]
    }

    fn has_open_attributes(&self) -> bool {
        // The outputs of its configuration.
        true
    }

    async fn create(&self, cx: &Context, properties: &Properties) -> Result<(), Failure> {
        let mut new = deployment(cx, properties, Action::Create);
        if !runs_on(properties, Action::Create) {
            new.status = Status::Complete;
            "Not deployed on CREATE".clone_into(&mut new.reason);
        }
        cx.set_physical_id(&cx.engine.add_deployment(&new)?);
        Ok(())
    }

    /// Done when the server has signalled; the simulated node does so itself, once it is up.
    async fn ready(&self, cx: &Context) -> Result<bool, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(true) };
        let deployment = cx.engine.deployment(&cx.scope().project_id, &id)?;
        match deployment.status {
            Status::Complete => return Ok(true),
            Status::Failed => {
                let reason = format!("Deployment to server failed: {}", deployment.reason);
                return Err(Failure::new("Error", reason));
            }
            Status::InProgress => {}
        }
        let up = match cx.services().show(cx.scope(), Kind::Server, &deployment.server_id).await {
            Ok(shown) => shown.get("status").and_then(Value::as_str) == Some("ACTIVE"),
            Err(ServiceError::NotFound { .. }) => {
                return Err(Failure::new("Error", format!("Server {} could not be found.", deployment.server_id)));
            }
            Err(_) => false,
        };
        if cx.settled(up) {
            let said = json!({"deploy_stdout": SIMULATED, "deploy_stderr": "", "deploy_status_code": 0, "simulated": true});
            cx.engine.deployment_signal(&id, &said)?;
            return Ok(true);
        }
        Ok(false)
    }

    async fn update(&self, cx: &Context, after: &Properties, _changed: &Properties) -> Result<Updated, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(Updated::Replace) };
        if runs_on(after, Action::Update) {
            cx.engine.redeploy(&id, &deployment(cx, after, Action::Update))?;
        }
        Ok(Updated::InPlace)
    }

    async fn delete(&self, cx: &Context) -> Result<(), Failure> {
        let Some(id) = cx.physical_id() else { return Ok(()) };
        let project = cx.scope().project_id.clone();
        let properties = cx.resource(|resource| resource.properties.clone()).unwrap_or_default();
        if runs_on(&properties, Action::Delete) && cx.engine.redeploy(&id, &deployment(cx, &properties, Action::Delete)).is_ok() {
            let mut wait = cx.waiting();
            // A server that is gone has nothing more to say.
            while let Ok(false) = self.ready(cx).await {
                wait.again().await?;
            }
        }
        let _ = cx.engine.remove_deployment(&project, &id);
        Ok(())
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(None) };
        let deployment = cx.engine.deployment(&cx.scope().project_id, &id).map_err(Failure::from)?;
        if name == "show" {
            return Ok(Some(deployment.show()));
        }
        let said = deployment.output_values.get(name).cloned();
        if said.is_some() || self.attributes().contains(&name) {
            return Ok(Some(said.unwrap_or(Value::Null)));
        }
        let declared = cx
            .engine
            .config(&cx.scope().project_id, &deployment.derived_id)
            .is_ok_and(|config| config.output_names().any(|(output, _)| output == name));
        Ok(declared.then_some(Value::Null))
    }

    async fn signal(&self, cx: &Context, details: &Value) -> Result<Value, String> {
        let id = cx.physical_id().ok_or("The deployment is not there yet.")?;
        let reason = cx.engine.deployment_signal(&id, details).map_err(|HeatError { message, .. }| message)?;
        Ok(Value::String(reason))
    }
}
