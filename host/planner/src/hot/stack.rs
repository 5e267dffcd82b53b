//! A definition worked out: every resource of the stack and of the stacks within it, by path.
//!
//! A path is the resource's name; within a nested stack it is `<path of the nested stack>/<name>`, and the members of a group are all
//! `<path of the group>/*`, since they are made alike.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jeroboam_model::driver::StackDefinition;

use super::{
    ReadError, Templates,
    budget::{Budget, DEPTH},
    environment::Environment,
    evaluate::Evaluation,
    inputs::Inputs,
    nested::{Nested, Other},
    parameters::Parameter,
    template::Template,
    term::{Fields, Term},
};
use crate::heat;

#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) parameters: BTreeMap<Arc<str>, (Parameter, Term)>,
    pub(crate) resources: BTreeMap<Arc<str>, Arc<Leaf>>,
    /// What resources that have others within them are, by path.
    pub(crate) scopes: BTreeMap<Arc<str>, Scope>,
    pub(crate) outputs: Fields,
    /// What is compared as it stands, by place.
    pub(crate) rest: Fields,
    /// Files that were found to be used.
    pub(crate) used: BTreeSet<Arc<str>>,
    /// Templates that are used.
    templates: Vec<Arc<Template>>,
    /// Nested stacks by path.
    pub(super) nested: BTreeMap<Arc<str>, Nested>,
    pub(super) environment: Arc<Environment>,
    /// Whether any file could be used.
    pub(crate) uses_unknown_files: bool,
}

/// One resource.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// What its type stands for.
    pub(crate) kind: Arc<str>,
    /// Without those that are looked at as resources of their own.
    pub(crate) properties: Arc<Fields>,
    /// `metadata`, `update_policy` and the like.
    pub(crate) rest: Fields,
    /// If it cannot be told beforehand.
    pub(crate) condition: Option<Term>,
}

#[derive(Clone, Debug)]
pub(crate) enum Scope {
    /// A nested stack.
    Template { outputs: Fields },
    /// A group of members that are alike.
    Group { count: Term },
    /// A chain: its members are `<path>/<number>`.
    Chain,
}

type Result<T> = std::result::Result<T, ReadError>;

impl Stack {
    /// What would come to the same as in another definition of the stack is taken over from that.
    pub(crate) fn read(
        definition: &StackDefinition,
        inputs: &Inputs<'_>,
        templates: &Templates,
        other: Option<Other<'_>>,
    ) -> Result<Self> {
        let environment = templates.environment(&definition.environment)?;
        let template = templates.template("template", &definition.template)?;
        let values = inputs.values(environment.parameters.clone());

        let mut builder = Builder {
            templates,
            other,
            inputs,
            budget: Budget::default(),
            files: RefCell::default(),
            unknown_file: Cell::new(false),
            stack: Self {
                parameters: BTreeMap::new(),
                resources: BTreeMap::new(),
                scopes: BTreeMap::new(),
                outputs: Fields::new(),
                rest: Fields::new(),
                used: BTreeSet::new(),
                templates: Vec::new(),
                nested: BTreeMap::new(),
                environment: Arc::clone(&environment),
                uses_unknown_files: false,
            },
        };
        let parameters = builder.parameters(&template, &values);
        builder.stack.outputs = builder.template(&template, &parameters, "", 0)?;
        let mut stack = builder.stack;
        stack.uses_unknown_files = builder.unknown_file.get();
        stack.rest.extend(environment.rest.iter().map(|(name, term)| (format!("environment/{name}").into(), term.clone())));
        stack.parameters = declared(&template, &parameters, &values);
        Ok(stack)
    }

    pub(super) fn add_template(&mut self, template: &Arc<Template>) {
        if !self.templates.iter().any(|known| Arc::ptr_eq(known, template)) {
            self.templates.push(Arc::clone(template));
        }
    }

    /// Whether a template that is used has this text where nobody knows what it is for.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.templates.iter().any(|template| template.names.contains(name))
    }
}

/// The parameters of the root template; and those that were given without being declared, which Heat refuses.
fn declared(template: &Template, parameters: &Fields, values: &Fields) -> BTreeMap<Arc<str>, (Parameter, Term)> {
    let value = |name: &Arc<str>| parameters.get(name).or_else(|| values.get(name)).cloned().unwrap_or(Term::Null);
    template.parameters.iter().map(|(name, parameter)| (Arc::clone(name), (parameter.clone(), value(name)))).collect()
}

/// Those that are there: `null` is as good as nothing.
fn properties_of(properties: &Term) -> Arc<Fields> {
    match properties.bare() {
        Term::Map(fields) if fields.values().all(|value| *value != Term::Null) => Arc::clone(fields),
        Term::Map(fields) => {
            let there = fields.iter().filter(|(_, value)| **value != Term::Null);
            Arc::new(there.map(|(name, value)| (Arc::clone(name), value.clone())).collect())
        }
        Term::Null => Arc::default(),
        // All of them come from a function.
        other => Arc::new(Fields::from([("*".into(), other.clone())])),
    }
}

struct Builder<'a> {
    templates: &'a Templates,
    other: Option<Other<'a>>,
    inputs: &'a Inputs<'a>,
    budget: Budget,
    /// Files that were used, in the order in which they were come to.
    files: RefCell<Vec<Arc<str>>>,
    unknown_file: Cell<bool>,
    stack: Stack,
}

impl Builder<'_> {
    /// The values that a template's parameters have, each in its type's form.
    fn parameters(&self, template: &Template, given: &Fields) -> Fields {
        let value = |name: &Arc<str>, parameter: &Parameter| {
            let given =
                given.get(name).filter(|given| **given != Term::Null).or_else(|| self.stack.environment.defaults.get(name));
            given.or(parameter.default.as_ref()).map_or(Term::Null, |value| parameter.take(value))
        };
        template.parameters.iter().map(|(name, parameter)| (Arc::clone(name), value(name, parameter))).collect()
    }

    /// Adds what the template has, and answers its outputs.
    fn template(&mut self, template: &Arc<Template>, parameters: &Fields, prefix: &str, depth: usize) -> Result<Fields> {
        if depth > DEPTH {
            return Err(ReadError::Depth(DEPTH));
        }
        self.stack.add_template(template);
        let rest = template.rest.iter().map(|(name, term)| (format!("{prefix}{name}").into(), term.clone()));
        self.stack.rest.extend(rest);
        let evaluation = Evaluation {
            template,
            parameters,
            prefix,
            inputs: self.inputs,
            budget: &self.budget,
            conditions: RefCell::default(),
            files: &self.files,
            unknown_file: &self.unknown_file,
        };
        let mut found = Vec::new();
        for (name, resource) in &template.resources {
            let condition = match resource.condition.as_ref().map(|condition| evaluation.condition(condition)).transpose()? {
                Some(Term::Flag(false)) => continue,
                None | Some(Term::Flag(true)) => None,
                unknown => unknown,
            };
            let properties = evaluation.term(&resource.properties)?;
            found.push((
                format!("{prefix}{name}"),
                resource.kind.clone(),
                properties,
                evaluation.fields(&resource.rest)?,
                condition,
            ));
        }
        let mut outputs = Fields::new();
        for (name, output) in &template.outputs {
            match output.condition.as_ref().map(|condition| evaluation.condition(condition)).transpose()? {
                Some(Term::Flag(false)) => {}
                None | Some(Term::Flag(true)) => _ = outputs.insert(Arc::clone(name), evaluation.term(&output.value)?),
                Some(unknown) => {
                    let term = Term::call("if", Term::list(vec![unknown, evaluation.term(&output.value)?]));
                    outputs.insert(Arc::clone(name), term);
                }
            }
        }
        drop(evaluation);
        for (path, kind, properties, rest, condition) in found {
            self.resource(&path, &kind, &properties, rest, condition, depth)?;
        }
        Ok(outputs)
    }

    fn resource(
        &mut self,
        path: &str,
        kind: &str,
        properties: &Term,
        rest: Fields,
        condition: Option<Term>,
        depth: usize,
    ) -> Result<()> {
        self.budget.spend()?;
        let kind = self.stack.environment.resolve(kind);
        let mut own = properties_of(properties);
        if heat::is_template(&kind) {
            let template = self.nested(&kind)?;
            let parameters = self.parameters(&template, &own);
            self.nested_stack(path, &kind, template, parameters, depth)?;
            // They make a difference only within.
            own = Arc::default();
        } else if let Some(member) = heat::member_property(&kind)
            && let Some(member) = Arc::make_mut(&mut own).remove(member)
        {
            let count = own.get("count").cloned().unwrap_or(Term::Null);
            self.stack.scopes.insert(path.into(), Scope::Group { count });
            match member.as_map().and_then(|member| Some((member.get("type")?.as_text()?.to_owned(), member))) {
                Some((kind, member)) => {
                    let properties = member.get("properties").cloned().unwrap_or(Term::Null);
                    let rest = member.iter().filter(|(name, _)| !matches!(name.as_ref(), "type" | "properties"));
                    let rest = rest.map(|(name, term)| (Arc::clone(name), term.clone())).collect();
                    self.resource(&format!("{path}/*"), &kind, &properties, rest, None, depth + 1)?;
                }
                None => {
                    Arc::make_mut(&mut own).insert("*".into(), member);
                    self.unknown_file.set(true);
                }
            }
        } else if &*kind == heat::CHAIN
            && let Some(members) = own.get("resources").cloned()
        {
            self.stack.scopes.insert(path.into(), Scope::Chain);
            let properties = Arc::make_mut(&mut own).remove("resource_properties").unwrap_or(Term::Null);
            for (place, member) in members.as_list().unwrap_or_default().iter().enumerate() {
                let Some(kind) = member.as_text() else { continue };
                self.resource(&format!("{path}/{place}"), kind, &properties, Fields::new(), None, depth + 1)?;
            }
        }
        self.stack.resources.insert(path.into(), Arc::new(Leaf { kind, properties: own, rest, condition }));
        Ok(())
    }

    fn nested_stack(
        &mut self,
        path: &str,
        kind: &Arc<str>,
        template: Arc<Template>,
        parameters: Fields,
        depth: usize,
    ) -> Result<()> {
        if let Some(other) = self.other
            && let Some(same) = other.same(path, &template, &parameters, &self.stack.environment, self.inputs)
        {
            self.stack.take_over(other.stack, path);
            self.files.get_mut().extend(same.files.iter().cloned());
            return Ok(());
        }
        let before = self.files.get_mut().len();
        let outputs = self.template(&template, &parameters, &format!("{path}/"), depth + 1)?;
        self.stack.scopes.insert(path.into(), Scope::Template { outputs });
        let files = self.files.get_mut().get(before..).unwrap_or_default().iter().cloned().collect();
        self.stack.nested.insert(path.into(), Nested { kind: Arc::clone(kind), template, parameters, files });
        Ok(())
    }

    fn nested(&mut self, name: &Arc<str>) -> Result<Arc<Template>> {
        let place = format!("files/{name}");
        let text = self.inputs.text(name).ok_or_else(|| ReadError::Missing { place: place.clone() })?;
        self.stack.used.insert(Arc::clone(name));
        self.files.get_mut().push(Arc::clone(name));
        self.templates.template(&place, text)
    }
}
