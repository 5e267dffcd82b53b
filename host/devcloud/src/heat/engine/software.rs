//! Software configurations and deployments: what nodes are to run, and what they said of it.

use serde_json::{Map, Value, json};

use super::{
    Engine,
    state::{Action, Deployment, SoftwareConfig, Status, new_id, now},
};
use crate::heat::{
    error::{HeatError, Result},
    hot::text,
};

/// What a deployment is made of.
#[derive(Clone, Debug)]
pub struct NewDeployment {
    pub project_id: String,
    pub config_id: String,
    pub server_id: String,
    pub action: Action,
    pub status: Status,
    pub reason: String,
    pub input_values: Value,
    /// Inputs that the engine adds, `deploy_server_id` and the like.
    pub own_inputs: Map<String, Value>,
}

impl SoftwareConfig {
    /// Reads a request or the properties of a resource.
    pub fn read(project: &str, name: &str, body: &Map<String, Value>) -> Self {
        let list = |key: &str| body.get(key).filter(|value| value.is_array()).cloned().unwrap_or_else(|| json!([]));
        Self {
            id: new_id(),
            project_id: project.to_owned(),
            name: body.get("name").map_or_else(|| name.to_owned(), text::display),
            group: body.get("group").and_then(Value::as_str).unwrap_or("Heat::Ungrouped").to_owned(),
            config: body.get("config").cloned().unwrap_or_else(|| json!("")),
            inputs: list("inputs"),
            outputs: list("outputs"),
            options: body.get("options").filter(|value| value.is_object()).cloned().unwrap_or_else(|| json!({})),
            created: now(),
        }
    }

    /// As the API shows it.
    #[must_use]
    pub fn show(&self, whole: bool) -> Value {
        let mut shown = json!({"id": self.id, "name": self.name, "group": self.group, "creation_time": self.created});
        if whole && let Some(shown) = shown.as_object_mut() {
            for (key, value) in
                [("config", &self.config), ("inputs", &self.inputs), ("outputs", &self.outputs), ("options", &self.options)]
            {
                shown.insert(key.to_owned(), value.clone());
            }
        }
        shown
    }

    /// The names of its outputs, with whether a value means failure.
    pub fn output_names(&self) -> impl Iterator<Item = (&str, bool)> {
        self.outputs.as_array().into_iter().flatten().filter_map(|output| {
            let fails = output.get("error_output").and_then(text::boolean).unwrap_or(false);
            Some((output.get("name")?.as_str()?, fails))
        })
    }
}

impl Deployment {
    #[must_use]
    pub fn show(&self) -> Value {
        json!({
            "id": self.id,
            "server_id": self.server_id,
            "config_id": self.derived_id,
            "action": self.action.name(),
            "status": self.status.name(),
            "status_reason": self.reason,
            "input_values": self.input_values,
            "output_values": self.output_values,
            "creation_time": self.created,
            "updated_time": self.updated,
        })
    }
}

impl Engine {
    pub fn add_config(&self, config: SoftwareConfig) -> String {
        let id = config.id.clone();
        self.write(|state| state.configs.insert(id.clone(), config));
        id
    }

    /// A configuration of this project.
    pub fn config(&self, project: &str, id: &str) -> Result<SoftwareConfig> {
        self.read(|state| state.configs.get(id).filter(|config| config.project_id == project).cloned())
            .ok_or_else(|| HeatError::not_found("Software config", id))
    }

    pub fn remove_config(&self, project: &str, id: &str) -> Result<()> {
        self.config(project, id)?;
        self.write(|state| state.configs.remove(id));
        Ok(())
    }

    /// The configuration with its inputs filled in, as the node gets it.
    fn derive(&self, new: &NewDeployment) -> Result<SoftwareConfig> {
        let mut derived = self.config(&new.project_id, &new.config_id)?;
        derived.id = new_id();
        derived.created = now();
        let values = new.input_values.as_object();
        let mut inputs: Vec<Value> = derived.inputs.as_array().cloned().unwrap_or_default();
        for input in &mut inputs {
            let Some(input) = input.as_object_mut() else { continue };
            let name = input.get("name").map(text::display).unwrap_or_default();
            let value = values.and_then(|values| values.get(&name)).or_else(|| input.get("default")).cloned();
            input.insert("value".to_owned(), value.unwrap_or(Value::Null));
        }
        let known: Vec<String> = inputs.iter().filter_map(|input| Some(input.get("name")?.as_str()?.to_owned())).collect();
        let extra = values.into_iter().flatten().filter(|(name, _)| !known.contains(name));
        inputs.extend(extra.chain(&new.own_inputs).map(|(name, value)| json!({"name": name, "type": "String", "value": value})));
        derived.inputs = Value::Array(inputs);
        Ok(derived)
    }

    pub fn add_deployment(&self, new: &NewDeployment) -> Result<String> {
        let derived = self.derive(new)?;
        let deployment = Deployment {
            id: new_id(),
            project_id: new.project_id.clone(),
            server_id: new.server_id.clone(),
            config_id: new.config_id.clone(),
            derived_id: derived.id.clone(),
            action: new.action,
            status: new.status,
            reason: new.reason.clone(),
            input_values: new.input_values.clone(),
            output_values: json!({}),
            created: now(),
            updated: None,
        };
        let id = deployment.id.clone();
        self.write(|state| {
            state.configs.insert(derived.id.clone(), derived);
            state.deployments.insert(id.clone(), deployment);
        });
        Ok(id)
    }

    /// Starts a deployment again, with what is new.
    pub fn redeploy(&self, id: &str, new: &NewDeployment) -> Result<()> {
        let derived = self.derive(new)?;
        self.write(|state| {
            let Some(deployment) = state.deployments.get_mut(id) else { return };
            let old = std::mem::replace(&mut deployment.derived_id, derived.id.clone());
            deployment.config_id.clone_from(&new.config_id);
            deployment.action = new.action;
            deployment.status = new.status;
            deployment.reason.clone_from(&new.reason);
            deployment.input_values.clone_from(&new.input_values);
            deployment.updated = Some(now());
            state.configs.remove(&old);
            state.configs.insert(derived.id.clone(), derived);
        });
        Ok(())
    }

    pub fn deployment(&self, project: &str, id: &str) -> Result<Deployment> {
        self.read(|state| state.deployments.get(id).filter(|deployment| deployment.project_id == project).cloned())
            .ok_or_else(|| HeatError::not_found("Software deployment", id))
    }

    pub fn remove_deployment(&self, project: &str, id: &str) -> Result<()> {
        let deployment = self.deployment(project, id)?;
        self.write(|state| {
            state.deployments.remove(id);
            state.configs.remove(&deployment.derived_id);
        });
        Ok(())
    }

    /// What a client says of a deployment over the API.
    pub fn change_deployment(&self, project: &str, id: &str, body: &Map<String, Value>) -> Result<Deployment> {
        let before = self.deployment(project, id)?;
        let status = match body.get("status").and_then(Value::as_str) {
            None => before.status,
            Some("COMPLETE") => Status::Complete,
            Some("FAILED") => Status::Failed,
            Some("IN_PROGRESS") => Status::InProgress,
            Some(other) => return Err(HeatError::new(crate::heat::ErrorKind::BadRequest, format!("Invalid status {other}"))),
        };
        let after = self.write(|state| {
            let deployment = state.deployments.get_mut(id)?;
            deployment.status = status;
            if let Some(reason) = body.get("status_reason").and_then(Value::as_str) {
                reason.clone_into(&mut deployment.reason);
            }
            if let Some(values) = body.get("output_values").filter(|values| values.is_object()) {
                deployment.output_values = values.clone();
            }
            if let Some(values) = body.get("input_values").filter(|values| values.is_object()) {
                deployment.input_values = values.clone();
            }
            deployment.updated = Some(now());
            Some(deployment.clone())
        });
        self.signalled();
        after.ok_or_else(|| HeatError::not_found("Software deployment", id))
    }

    /// What a node said: outputs, and whether it failed. Answers the reason that is kept.
    pub fn deployment_signal(&self, id: &str, details: &Value) -> Result<String> {
        let (deployment, config) = self
            .read(|state| {
                let deployment = state.deployments.get(id)?.clone();
                let config = state.configs.get(&deployment.derived_id).cloned();
                Some((deployment, config))
            })
            .ok_or_else(|| HeatError::not_found("Software deployment", id))?;
        let said = |name: &str| details.get(name).cloned().unwrap_or(Value::Null);
        let mut outputs = deployment.output_values.as_object().cloned().unwrap_or_default();
        let mut errors = Vec::new();
        for name in ["deploy_stdout", "deploy_stderr", "deploy_status_code"] {
            outputs.insert(name.to_owned(), said(name));
        }
        for (name, fails) in config.iter().flat_map(SoftwareConfig::output_names) {
            let value = said(name);
            if fails && !value.is_null() && value != json!("") {
                errors.push(format!("{name} : {}", text::display(&value)));
            }
            outputs.insert(name.to_owned(), value);
        }
        let code = text::number(&said("deploy_status_code")).and_then(|code| code.as_i64()).unwrap_or(0);
        if code != 0 {
            errors.push(format!("deploy_status_code : Deployment exited with non-zero status code: {code}"));
        }
        if said("status") == json!("FAILED") || said("status") == json!("FAILURE") {
            errors.push(match said("reason") {
                Value::String(reason) => reason,
                _ => "Deployment failed".to_owned(),
            });
        }
        let (status, reason) = if errors.is_empty() {
            let simulated = details.get("simulated").and_then(text::boolean).unwrap_or(false);
            let reason = if simulated {
                format!("Outputs received, {}", super::signals::SIMULATED)
            } else {
                "Outputs received".to_owned()
            };
            (Status::Complete, reason)
        } else {
            (Status::Failed, errors.join(", "))
        };
        self.write(|state| {
            if let Some(deployment) = state.deployments.get_mut(id) {
                deployment.status = status;
                deployment.reason.clone_from(&reason);
                deployment.output_values = Value::Object(outputs);
                deployment.updated = Some(now());
            }
        });
        self.signalled();
        Ok(reason)
    }
}
