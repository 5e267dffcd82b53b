//! From checks to what a request is decided by: references followed, attributes as keys, nothing left to look up by name.

use std::collections::BTreeMap;

use crate::{
    attributes::{Credential, TargetKey},
    check::{Check, Left, Part, Template},
    problem::ProblemKind,
};

/// The most that a rule may consist of, with all that it refers to: references within references could make it grow without end.
pub const MAX_NODES: usize = 4096;

/// A check whose references are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Always,
    Never,
    Not(Box<Node>),
    All(Box<[Node]>),
    Any(Box<[Node]>),
    /// In lower case.
    Role(Box<str>),
    RoleOf(Right),
    Equal(Operand, Right),
}

/// The left side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Literal(Box<str>),
    Credential(Credential),
}

/// The right side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Literal(Box<str>),
    Attribute(TargetKey),
    Parts(Box<[RightPart]>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RightPart {
    Text(Box<str>),
    Attribute(TargetKey),
}

/// Compiles the rules of one set.
pub(crate) struct Compiler<'a> {
    pub checks: BTreeMap<&'a str, &'a Check>,
    /// What a reference to a rule that is nowhere means.
    pub default_rule: &'a str,
}

impl<'a> Compiler<'a> {
    pub fn compile(&self, name: &str) -> Result<Node, ProblemKind> {
        let Some((name, check)) = self.checks.get_key_value(name) else { return Ok(Node::Never) };
        let mut run = Run { compiler: self, within: vec![name], left: MAX_NODES };
        run.node(check)
    }
}

struct Run<'c, 'a> {
    compiler: &'c Compiler<'a>,
    /// The rules that are being followed.
    within: Vec<&'a str>,
    left: usize,
}

impl<'a> Run<'_, 'a> {
    fn node(&mut self, check: &'a Check) -> Result<Node, ProblemKind> {
        self.left = self.left.checked_sub(1).ok_or(ProblemKind::TooLarge)?;
        Ok(match check {
            Check::Always => Node::Always,
            Check::Never => Node::Never,
            Check::Not(check) => match self.node(check)? {
                Node::Always => Node::Never,
                Node::Never => Node::Always,
                node => Node::Not(Box::new(node)),
            },
            Check::All(checks) => self.all(checks, &Node::Always, &Node::Never, Node::All)?,
            Check::Any(checks) => self.all(checks, &Node::Never, &Node::Always, Node::Any)?,
            Check::Rule(name) => self.rule(name)?,
            Check::Role(template) => match template.literal() {
                Some(role) => Node::Role(role.to_lowercase().into()),
                None => Node::RoleOf(right(template)),
            },
            Check::Equal { left, right: template } => Node::Equal(operand(left), right(template)),
        })
    }

    /// Without those that change nothing; only the one that settles it, if it is there. All are compiled, so that all are checked.
    fn all(
        &mut self,
        checks: &'a [Check],
        neutral: &Node,
        settling: &Node,
        of: fn(Box<[Node]>) -> Node,
    ) -> Result<Node, ProblemKind> {
        let mut nodes: Vec<Node> = checks.iter().map(|check| self.node(check)).collect::<Result<_, _>>()?;
        if nodes.contains(settling) {
            return Ok(settling.clone());
        }
        nodes.retain(|node| node != neutral);
        Ok(match nodes.pop() {
            None => neutral.clone(),
            Some(only) if nodes.is_empty() => only,
            Some(last) => {
                nodes.push(last);
                of(nodes.into())
            }
        })
    }

    fn rule(&mut self, name: &'a str) -> Result<Node, ProblemKind> {
        let checks = &self.compiler.checks;
        let Some((name, check)) = checks.get_key_value(name).or_else(|| checks.get_key_value(self.compiler.default_rule)) else {
            return Ok(Node::Never);
        };
        if let Some(at) = self.within.iter().position(|other| other == name) {
            let circle = self.within.iter().skip(at).chain([name]).copied().collect::<Vec<_>>().join(" → ");
            return Err(ProblemKind::Cycle(circle));
        }
        self.within.push(name);
        // What is deeper than any check may be is followed no further either.
        if self.within.len() > crate::check::MAX_DEPTH {
            return Err(ProblemKind::TooLarge);
        }
        let node = self.node(check)?;
        self.within.pop();
        Ok(node)
    }
}

fn operand(left: &Left) -> Operand {
    match left {
        Left::Text(text) | Left::Word(text) => Operand::Literal(text.as_str().into()),
        Left::Credential(names) => Operand::Credential(Credential::of(&names.join("."))),
    }
}

fn right(template: &Template) -> Right {
    if let Some(text) = template.literal() {
        return Right::Literal(text.into());
    }
    match template.0.as_slice() {
        [Part::Attribute(name)] => Right::Attribute(TargetKey::of(name)),
        parts => Right::Parts(
            parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => RightPart::Text(text.as_str().into()),
                    Part::Attribute(name) => RightPart::Attribute(TargetKey::of(name)),
                })
                .collect(),
        ),
    }
}
