//! Rules in force, and the one function that decides by them.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use crate::{
    attributes::{Credentials, Target},
    check::Check,
    compile::Node,
    evaluate::Question,
    rules::{Definition, Rule, ScopeType},
};

/// The rules of one set of files and options. Never changes: another set takes its place.
#[derive(Debug)]
pub struct Rules {
    /// By the number of the rule.
    pub(crate) asked: Box<[Node]>,
    pub(crate) admin: Node,
    pub(crate) named: BTreeMap<String, Named>,
    pub(crate) enforce_scope: bool,
}

/// A rule, whether it is one of the table or only in a file.
#[derive(Clone, Debug)]
pub struct Named {
    /// What is in force.
    pub check: Check,
    pub origin: Origin,
    /// `None`: it is in a file only.
    pub definition: Option<&'static Definition>,
    pub(crate) node: Node,
}

/// Where a check comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// The default, and that of an older release: `enforce_new_defaults = false`.
    BothDefaults,
    File(Arc<PathBuf>),
    /// A file, in which the rule has its older name.
    OlderName(&'static str, Arc<PathBuf>),
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Or for nothing.
    Project,
    Domain,
    System,
}

/// Whether a caller may, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// The check is not passed.
    Denied,
    /// The rule does not look at tokens of this scope.
    WrongScope,
}

impl Decision {
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }
}

impl Rules {
    /// Whether the caller may.
    pub fn decide(&self, rule: Rule, credentials: &dyn Credentials, scope: Scope, target: &dyn Target) -> Decision {
        let definition = Rule::DEFINITIONS.get(rule as usize);
        match self.asked.get(rule as usize) {
            Some(node) => self.judge(node, definition, credentials, scope, target),
            None => Decision::Denied,
        }
    }

    /// The same for a rule that may be in a file only; nothing if it is nowhere.
    pub fn decide_named(&self, name: &str, credentials: &dyn Credentials, scope: Scope, target: &dyn Target) -> Option<Decision> {
        let named = self.named.get(name)?;
        Some(self.judge(&named.node, named.definition, credentials, scope, target))
    }

    /// Whether the caller is an administrator: `context_is_admin`, asked about nothing but the caller.
    pub fn is_admin(&self, credentials: &dyn Credentials) -> bool {
        Question { credentials, target: &crate::attributes::Nothing, admin: None }.passes(&self.admin)
    }

    /// All of them, by name.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Named)> {
        self.named.iter().map(|(name, named)| (name.as_str(), named))
    }

    pub fn get(&self, name: &str) -> Option<&Named> {
        self.named.get(name)
    }

    fn judge(
        &self,
        node: &Node,
        definition: Option<&Definition>,
        credentials: &dyn Credentials,
        scope: Scope,
        target: &dyn Target,
    ) -> Decision {
        if self.enforce_scope && definition.is_some_and(|definition| !scope.is_one_of(definition.scopes)) {
            return Decision::WrongScope;
        }
        let question = Question { credentials, target, admin: Some(&self.admin) };
        if question.passes(node) { Decision::Allowed } else { Decision::Denied }
    }
}

impl Scope {
    fn is_one_of(self, scopes: &[ScopeType]) -> bool {
        let own = match self {
            Self::Project => ScopeType::Project,
            Self::Domain => ScopeType::Domain,
            Self::System => ScopeType::System,
        };
        scopes.is_empty() || scopes.contains(&own)
    }
}

impl Default for Rules {
    /// The defaults.
    fn default() -> Self {
        crate::load::assemble(&crate::PolicyOptions::default(), Vec::new()).map_or_else(|_| Self::closed(), |loaded| loaded.rules)
    }
}

impl Rules {
    /// Nobody may do anything.
    fn closed() -> Self {
        Self { asked: Box::new([]), admin: Node::Never, named: BTreeMap::new(), enforce_scope: true }
    }
}
