//! Nested stacks that two definitions of one stack have in common: worked out for the one, taken over for the other. Versions of a driver mostly differ in a
//! template or two.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::Arc,
};

use super::{environment::Environment, inputs::Inputs, stack::Stack, template::Template, term::Fields};

/// What a nested stack was worked out from, besides the environment.
#[derive(Clone, Debug)]
pub(super) struct Nested {
    /// The file that the template is.
    pub kind: Arc<str>,
    pub template: Arc<Template>,
    pub parameters: Fields,
    /// All files that it and the stacks within it use.
    pub files: BTreeSet<Arc<str>>,
}

/// The other definition.
#[derive(Clone, Copy)]
pub(crate) struct Other<'a> {
    pub(crate) stack: &'a Stack,
    pub(crate) inputs: &'a Inputs<'a>,
}

impl<'a> Other<'a> {
    /// The nested stack at this path, if working it out would come to the same.
    pub(super) fn same(
        self,
        path: &str,
        template: &Arc<Template>,
        parameters: &Fields,
        environment: &Arc<Environment>,
        inputs: &Inputs<'_>,
    ) -> Option<&'a Nested> {
        let nested = self.stack.nested.get(path)?;
        let is_same = Arc::ptr_eq(&nested.template, template)
            && Arc::ptr_eq(&self.stack.environment, environment)
            && !self.stack.uses_unknown_files
            && nested.files.iter().all(|name| inputs.shares(self.inputs, name))
            && nested.parameters == *parameters;
        is_same.then_some(nested)
    }
}

impl Stack {
    /// Takes over the nested stack at the path, and all that the other stack has within it.
    pub(super) fn take_over(&mut self, other: &Self, path: &str) {
        copy(&mut self.resources, below(&other.resources, path));
        copy(&mut self.rest, below(&other.rest, path));
        copy(&mut self.scopes, at_and_below(&other.scopes, path));
        for (path, nested) in at_and_below(&other.nested, path) {
            self.used.insert(Arc::clone(&nested.kind));
            self.add_template(&nested.template);
            self.nested.insert(Arc::clone(path), nested.clone());
        }
    }
}

fn copy<'a, T: Clone + 'a>(to: &mut BTreeMap<Arc<str>, T>, values: impl Iterator<Item = (&'a Arc<str>, &'a T)>) {
    to.extend(values.map(|(path, value)| (Arc::clone(path), value.clone())));
}

/// What is at the path, and within it.
fn at_and_below<'a, T>(all: &'a BTreeMap<Arc<str>, T>, path: &str) -> impl Iterator<Item = (&'a Arc<str>, &'a T)> {
    all.get_key_value(path).into_iter().chain(below(all, path))
}

/// What is within the path.
pub(crate) fn below<'a, T>(all: &'a BTreeMap<Arc<str>, T>, path: &str) -> impl Iterator<Item = (&'a Arc<str>, &'a T)> {
    let within = format!("{path}/");
    let first = (Bound::Included(within.as_str()), Bound::Unbounded);
    all.range::<str, _>(first).take_while(move |(path, _)| path.starts_with(&within))
}
