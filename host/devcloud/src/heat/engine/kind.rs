//! What a resource's type comes to, in its environment.

use std::sync::Arc;

use crate::heat::{
    error::{HeatError, Result},
    hot::{Template, environment::is_template},
    resources::{self, plugin::Plugin},
};

use super::blueprint::Inner;

/// A plugin, or a template that stands for a type.
pub enum ResourceKind {
    Plugin(&'static dyn Plugin),
    Template { file: String, template: Arc<Template> },
}

/// As Heat says it of a template; a direct question for the type would be answered with 404.
fn unknown(kind: &str) -> HeatError {
    HeatError::validation(format!("The Resource Type ({kind}) could not be found."))
}

impl ResourceKind {
    /// Resolves a type for the resource of that name.
    pub fn resolve(blueprint: &Inner, kind: &str, resource: &str) -> Result<Self> {
        Self::resolved(blueprint, &blueprint.environment.resolve(kind, resource), kind)
    }

    /// For a type that the registry was asked about already; `kind` is what errors call it.
    pub fn resolved(blueprint: &Inner, resolved: &str, kind: &str) -> Result<Self> {
        if is_template(resolved) {
            let template = blueprint
                .files
                .template(resolved)
                .ok_or_else(|| unknown(kind))?
                .map_err(|error| HeatError::new(error.kind, format!("{resolved}: {}", error.message)))?;
            return Ok(Self::Template { file: resolved.to_owned(), template });
        }
        resources::plugin(resolved).map(Self::Plugin).ok_or_else(|| unknown(kind))
    }

    /// For a resource that exists: one whose type is gone is treated as nothing.
    #[must_use]
    pub fn existing(blueprint: &Inner, resolved: &str) -> Option<Self> {
        Self::resolved(blueprint, resolved, resolved).ok()
    }

    #[must_use]
    pub fn is_nested(&self) -> bool {
        match self {
            Self::Plugin(plugin) => plugin.nested().is_some(),
            Self::Template { .. } => true,
        }
    }
}
