//! The difference of two stacks, resource by resource, until nothing more is reached.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jeroboam_model::driver::{StackDefinition, Verdict};

use super::{
    changes::Changes,
    reach::{Fate, Reach},
};
use crate::{
    heat::{self, Effect},
    hot::{Fields, Leaf, Stack, Term, below},
};

/// Resources that are named; a person who reads more has stopped counting.
const NAMED: usize = 100;

pub(super) struct Diff<'a> {
    old: &'a StackDefinition,
    new: &'a StackDefinition,
    before: &'a Stack,
    after: &'a Stack,
    changes: Changes,
    fates: BTreeMap<Arc<str>, Fate>,
    /// Resources that are lost or made anew, each with why.
    losses: BTreeMap<Arc<str>, String>,
    refused: Option<String>,
}

impl<'a> Diff<'a> {
    pub(super) fn new(old: &'a StackDefinition, new: &'a StackDefinition, before: &'a Stack, after: &'a Stack) -> Self {
        let (changes, fates, losses) = (Changes::default(), BTreeMap::new(), BTreeMap::new());
        Self { old, new, before, after, changes, fates, losses, refused: None }
    }

    pub(super) fn verdict(mut self) -> Verdict {
        self.parameters();
        for (path, before) in &self.before.resources {
            match self.after.resources.get(path) {
                None => self.removed(path, before),
                // Those that were taken over are one, and cost nothing here.
                Some(after) if before == after => {}
                Some(after) => self.resource(path, before, after),
            }
        }
        for (path, leaf) in &self.after.resources {
            if !self.before.resources.contains_key(path) {
                self.changes.note(format!("resources/{path}"), None, Some(&leaf.kind));
            }
        }
        self.follow();
        self.fields("outputs", &self.before.outputs, &self.after.outputs);
        self.fields("", &self.before.rest, &self.after.rest);
        self.files();
        if let Some(error) = self.refused {
            return Verdict::Fails { error };
        }
        if !self.losses.is_empty() {
            let named = self.losses.iter().take(NAMED).map(|(path, why)| format!("{path}: {why}"));
            let more = self.losses.len().saturating_sub(NAMED);
            let resources = named.chain((more > 0).then(|| format!("and {more} more"))).collect();
            return Verdict::Replaces { resources, changes: self.changes.into_inner() };
        }
        if self.changes.is_empty() { Verdict::Same } else { Verdict::InPlace { changes: self.changes.into_inner() } }
    }

    fn parameters(&mut self) {
        let (before, after) = (&self.before.parameters, &self.after.parameters);
        let names: BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
        for name in names {
            let path = format!("parameters/{name}");
            match (before.get(name), after.get(name)) {
                (Some((old, before)), Some((new, after))) => {
                    if before != after {
                        self.changes.within(&path, Some(before), Some(after));
                        if new.immutable {
                            self.refuse(format!("parameter {name} is immutable, and its value changes"));
                        }
                    }
                    let differs = old.kind != new.kind || old.hidden != new.hidden || old.immutable != new.immutable;
                    if differs {
                        self.changes.note(format!("{path}/type"), None, None);
                    }
                    if old.constraints != new.constraints {
                        self.changes.within(&format!("{path}/constraints"), Some(&old.constraints), Some(&new.constraints));
                    }
                }
                (before, after) => {
                    let value = |side: Option<&'a (_, Term)>| side.map(|(_, value)| value);
                    self.changes.push(path, value(before), value(after));
                }
            }
        }
    }

    fn removed(&mut self, path: &Arc<str>, leaf: &Leaf) {
        self.changes.note(format!("resources/{path}"), Some(&leaf.kind), None);
        if !heat::is_expendable(&leaf.kind) {
            self.lose(path, format!("{} is removed", leaf.kind));
        }
    }

    fn resource(&mut self, path: &Arc<str>, before: &Leaf, after: &Leaf) {
        let place = format!("resources/{path}");
        if before.kind != after.kind {
            self.changes.note(format!("{place}/type"), Some(&before.kind), Some(&after.kind));
            self.replace(path, &before.kind, format!("{} becomes {}", before.kind, after.kind));
            return;
        }
        if before.condition != after.condition {
            self.changes.within(&format!("{place}/condition"), before.condition.as_ref(), after.condition.as_ref());
            self.lose(path, "whether it is there depends on what cannot be told beforehand".to_owned());
        }
        let names: BTreeSet<&Arc<str>> = before.properties.keys().chain(after.properties.keys()).collect();
        for name in names {
            let (old, new) = (before.properties.get(name), after.properties.get(name));
            if old != new {
                self.changes.within(&format!("{place}/properties/{name}"), old, new);
                self.property(path, name, before, after);
            }
        }
        self.fields(&place, &before.rest, &after.rest);
        if before.rest.get("external_id") != after.rest.get("external_id") {
            self.replace(path, &before.kind, "it stands for another object".to_owned());
        }
    }

    /// A property has another value, or one that is written alike and is another.
    fn property(&mut self, path: &Arc<str>, name: &Arc<str>, before: &Leaf, after: &Leaf) {
        match heat::effect(&after.kind, name, &before.properties, &after.properties) {
            Effect::InPlace => self.update(path, name),
            Effect::Replaces(why) => {
                let group = heat::is_group(&after.kind) && !before.properties.contains_key("*");
                if group && name.as_ref() != "index_var" {
                    // The group stays; members go.
                    self.update(path, name);
                    self.lose(path, why);
                } else {
                    self.replace(path, &after.kind, format!("{}: {why}", after.kind));
                }
            }
            Effect::Refused(why) => self.refuse(format!("{path}: {why}")),
        }
    }

    fn update(&mut self, path: &Arc<str>, name: &Arc<str>) {
        let fate = self.fates.entry(Arc::clone(path)).or_insert_with(|| Fate::Updated(BTreeSet::new()));
        if let Fate::Updated(properties) = fate {
            properties.insert(Arc::clone(name));
        }
    }

    /// The resource is made anew, and with it all that is within it.
    fn replace(&mut self, path: &Arc<str>, kind: &str, why: String) {
        self.fates.insert(Arc::clone(path), Fate::Replaced);
        if !heat::is_expendable(kind) {
            self.lose(path, why.clone());
        }
        for (path, leaf) in below(&self.before.resources, path) {
            self.fates.insert(Arc::clone(path), Fate::Replaced);
            if !heat::is_expendable(&leaf.kind) {
                self.lose(path, why.clone());
            }
        }
    }

    fn lose(&mut self, path: &Arc<str>, why: String) {
        self.losses.entry(Arc::clone(path)).or_insert(why);
    }

    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    /// Properties that refer to what is made anew change with it; until that reaches nothing more.
    fn follow(&mut self) {
        loop {
            let mut reached = Vec::new();
            let reach = Reach { before: self.before, after: self.after, fates: &self.fates };
            if self.fates.is_empty() && !self.outputs_differ() {
                return;
            }
            for (path, after) in &self.after.resources {
                let Some(before) = self.before.resources.get(path) else { continue };
                if self.fates.get(path) == Some(&Fate::Replaced) {
                    continue;
                }
                for (name, term) in after.properties.iter() {
                    let is_known = matches!(self.fates.get(path), Some(Fate::Updated(names)) if names.contains(name));
                    if !is_known && reach.moves(term) {
                        reached.push((path, name, before, after, term));
                    }
                }
            }
            if reached.is_empty() {
                return;
            }
            for (path, name, before, after, term) in reached {
                let place = format!("resources/{path}/properties/{name}");
                self.changes.push(place, Some(term), Some(&Term::text("(what it refers to changes)")));
                self.property(path, name, before, after);
                // Noted even if it has no effect, so that each property is reached once and this ends.
                self.update(path, name);
            }
        }
    }

    /// Whether an output of a nested stack is written otherwise, which changes what reads it.
    fn outputs_differ(&self) -> bool {
        use crate::hot::Scope::Template;
        self.after.scopes.iter().any(|(path, scope)| match (self.before.scopes.get(path), scope) {
            (Some(Template { outputs: before }), Template { outputs: after }) => before != after,
            _ => false,
        })
    }

    fn fields(&mut self, place: &str, before: &Fields, after: &Fields) {
        if before == after {
            return;
        }
        let names: BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (old, new) = (before.get(name), after.get(name));
            if old != new {
                let path = if place.is_empty() { name.to_string() } else { format!("{place}/{name}") };
                self.changes.within(&path, old, new);
            }
        }
    }

    /// Files that nothing was seen to use count only if something could use them all the same.
    fn files(&mut self) {
        let names: BTreeSet<&str> = self.old.files.iter().chain(&self.new.files).map(|(name, _)| name.as_str()).collect();
        let content = |definition: &'a StackDefinition, name: &str| {
            definition.files.iter().find(|(own, _)| own == name).map(|(_, text)| text)
        };
        for name in names {
            let (before, after) = (content(self.old, name), content(self.new, name));
            if before == after {
                continue;
            }
            let could_be_used = |stack: &Stack| stack.uses_unknown_files || stack.mentions(name) && !stack.used.contains(name);
            if could_be_used(self.before) || could_be_used(self.after) {
                let path: Arc<str> = format!("files/{name}").into();
                self.changes.note(path.to_string(), before.map(|text| &**text), after.map(|text| &**text));
                self.lose(&path, "it changes, and what uses it cannot be told".to_owned());
            }
        }
    }
}
