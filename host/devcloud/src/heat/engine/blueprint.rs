//! What a stack is to be: template, files, environment and parameters, read together.

use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Map, Value};

use crate::heat::{
    error::{ErrorKind, HeatError, Result},
    hot::{Environment, Parameters, Template, template::ResourceDefinition},
};

/// The files of a tree of stacks. Those that are templates are parsed once.
#[derive(Debug, Default)]
pub struct Files {
    texts: BTreeMap<String, String>,
    templates: Mutex<BTreeMap<String, Arc<Template>>>,
}

impl Files {
    #[must_use]
    pub fn new(texts: BTreeMap<String, String>) -> Self {
        Self { texts, templates: Mutex::default() }
    }

    #[must_use]
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&String> {
        self.texts.get(name)
    }

    /// The template in a file; `None` when there is no such file.
    pub fn template(&self, name: &str) -> Option<Result<Arc<Template>>> {
        let text = self.texts.get(name)?;
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(parsed) = templates.get(name) {
            return Some(Ok(parsed.clone()));
        }
        let parsed = Template::parse(&Value::String(text.clone())).map(Arc::new);
        if let Ok(parsed) = &parsed {
            templates.insert(name.to_owned(), parsed.clone());
        }
        Some(parsed)
    }
}

/// Cheap to clone, never changed.
#[derive(Clone, Debug)]
pub struct Blueprint(Arc<Inner>);

#[derive(Debug)]
pub struct Inner {
    pub template: Arc<Template>,
    pub environment: Environment,
    pub files: Arc<Files>,
    pub parameters: Parameters,
}

impl Deref for Blueprint {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What a client sends to make or change a stack.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub template: Option<Value>,
    pub files: BTreeMap<String, String>,
    pub environment: Value,
    pub environment_files: Vec<String>,
    pub parameters: Map<String, Value>,
    pub clear_parameters: Vec<String>,
}

impl Request {
    /// The environment that the request describes: its own, then its files in order, then its parameters.
    fn environment(&self) -> Result<Environment> {
        let mut environment = Environment::default();
        environment.merge(Environment::parse(&self.environment)?);
        for name in &self.environment_files {
            let text = self
                .files
                .get(name)
                .ok_or_else(|| HeatError::new(ErrorKind::BadRequest, format!("Environment file {name} is not in \"files\".")))?;
            environment.merge(Environment::parse(&Value::String(text.clone()))?);
        }
        environment.parameters.extend(self.parameters.clone());
        Ok(environment)
    }

    pub fn blueprint(&self) -> Result<Blueprint> {
        let template = self.template.as_ref().ok_or_else(|| HeatError::new(ErrorKind::BadRequest, "No template specified"))?;
        Blueprint::build(Arc::new(Template::parse(template)?), self.environment()?, Arc::new(Files::new(self.files.clone())))
    }

    /// For `existing`: what is not sent stays.
    pub fn patch(&self, before: &Blueprint) -> Result<Blueprint> {
        let mut environment = before.environment.clone();
        for name in &self.clear_parameters {
            environment.parameters.remove(name);
        }
        environment.merge(self.environment()?);
        let mut files = before.files.texts().clone();
        files.extend(self.files.clone());
        let template = match &self.template {
            Some(template) => Arc::new(Template::parse(template)?),
            None => before.template.clone(),
        };
        // A parameter that the template no longer has is dropped, unless it was sent now.
        environment.parameters.retain(|name, _| template.parameters.contains_key(name) || self.parameters.contains_key(name));
        Blueprint::build(template, environment, Arc::new(Files::new(files)))
    }
}

impl Blueprint {
    pub fn build(template: Arc<Template>, environment: Environment, files: Arc<Files>) -> Result<Self> {
        let parameters = Parameters::read(&template.parameters, &environment.parameters, &environment.parameter_defaults)?;
        Ok(Self(Arc::new(Inner { template, environment, files, parameters })))
    }

    /// The blueprint of a nested stack: same files and registry, parameters of its own.
    pub fn nested(&self, template: Arc<Template>, parameters: Map<String, Value>) -> Result<Self> {
        let mut environment = self.environment.clone();
        environment.parameters = parameters;
        environment.parameters.retain(|_, value| !value.is_null());
        Self::build(template, environment, self.files.clone())
    }

    #[must_use]
    pub fn with_files(&self, files: Arc<Files>) -> Self {
        Self(Arc::new(Inner {
            template: self.template.clone(),
            environment: self.environment.clone(),
            files,
            parameters: self.parameters.clone(),
        }))
    }

    pub fn definition(&self, name: &str) -> Option<&ResourceDefinition> {
        self.template.resources.get(name)
    }
}

/// As it is kept: nested stacks leave their files to the root of their tree.
#[derive(Serialize, Deserialize)]
struct Kept {
    template: Value,
    environment: Value,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

impl Serialize for Blueprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Kept {
            template: self.template.source.clone(),
            environment: self.environment.to_value(),
            files: self.files.texts().clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Blueprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kept = Kept::deserialize(deserializer)?;
        let template = Arc::new(Template::parse(&kept.template).map_err(D::Error::custom)?);
        let environment = Environment::parse(&kept.environment).map_err(D::Error::custom)?;
        Self::build(template, environment, Arc::new(Files::new(kept.files))).map_err(D::Error::custom)
    }
}
