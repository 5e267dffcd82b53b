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
pub(super) struct Other<'a> {
    pub stack: &'a Stack,
    pub inputs: &'a Inputs<'a>,
}

impl Other<'_> {
    /// The nested stack at this path, if working it out would come to the same.
    pub(super) fn same(
        &self,
        path: &str,
        template: &Arc<Template>,
        parameters: &Fields,
        environment: &Arc<Environment>,
        inputs: &Inputs<'_>,
    ) -> Option<&Nested> {
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
    /// Takes over all that the other stack has within the path.
    pub(super) fn take_over(&mut self, other: &Self, path: &str) {
        let within = format!("{path}/");
        copy(&mut self.resources, &other.resources, &within);
        copy(&mut self.scopes, &other.scopes, &within);
        copy(&mut self.rest, &other.rest, &within);
        let own = other.nested.get_key_value(path);
        for (path, nested) in own.into_iter().chain(below(&other.nested, &within)) {
            self.used.insert(Arc::clone(&nested.kind));
            self.add_template(&nested.template);
            self.nested.insert(Arc::clone(path), nested.clone());
        }
    }
}

fn copy<T: Clone>(to: &mut BTreeMap<Arc<str>, T>, from: &BTreeMap<Arc<str>, T>, within: &str) {
    to.extend(below(from, within).map(|(path, value)| (Arc::clone(path), value.clone())));
}

fn below<'a, T>(all: &'a BTreeMap<Arc<str>, T>, within: &'a str) -> impl Iterator<Item = (&'a Arc<str>, &'a T)> {
    all.range::<str, _>((Bound::Included(within), Bound::Unbounded)).take_while(move |(path, _)| path.starts_with(within))
}
