//! Whether a caller passes a check.

use std::borrow::Cow;

use crate::{
    attributes::{Credential, Credentials, Nothing, Target, Value},
    compile::{Node, Operand, Right, RightPart},
};

/// A question.
pub(crate) struct Question<'a> {
    pub credentials: &'a dyn Credentials,
    pub target: &'a dyn Target,
    /// Who is `is_admin:True`; nothing while that is being found out.
    pub admin: Option<&'a Node>,
}

impl Question<'_> {
    pub fn passes(&self, node: &Node) -> bool {
        match node {
            Node::Always => true,
            Node::Never => false,
            Node::Not(node) => !self.passes(node),
            Node::All(nodes) => nodes.iter().all(|node| self.passes(node)),
            Node::Any(nodes) => nodes.iter().any(|node| self.passes(node)),
            Node::Role(role) => self.has_role(role),
            Node::RoleOf(right) => match self.right(right) {
                Side::Text(role) => self.has_role(&role.to_lowercase()),
                Side::Literal(_) | Side::Null | Side::Missing => false,
            },
            Node::Equal(left, right) => self.equal(left, &self.right(right)),
        }
    }

    /// The role is in lower case.
    fn has_role(&self, role: &str) -> bool {
        self.credentials
            .roles()
            .iter()
            .any(|own| if own.is_ascii() { own.eq_ignore_ascii_case(role) } else { own.to_lowercase() == role })
    }

    fn equal(&self, left: &Operand, right: &Side<'_>) -> bool {
        match left {
            Operand::Literal(text) => Side::Literal(text).is(right),
            Operand::Credential(Credential::Roles) => {
                self.credentials.roles().iter().any(|role| Side::Text(Cow::Borrowed(role)).is(right))
            }
            Operand::Credential(Credential::IsAdmin) => Side::from(Value::flag(self.is_admin())).is(right),
            Operand::Credential(key) => Side::from(self.credentials.get(key)).is(right),
        }
    }

    /// Asked about nothing but the caller.
    fn is_admin(&self) -> bool {
        let alone = Question { credentials: self.credentials, target: &Nothing, admin: None };
        self.admin.is_some_and(|admin| alone.passes(admin))
    }

    fn right<'s>(&'s self, right: &'s Right) -> Side<'s> {
        match right {
            Right::Literal(text) => Side::Literal(text),
            Right::Attribute(key) => self.target.get(key).into(),
            Right::Parts(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        RightPart::Text(part) => text.push_str(part),
                        RightPart::Attribute(key) => match self.target.get(key) {
                            Value::Text(value) => text.push_str(&value),
                            Value::Null | Value::Missing => return Side::Missing,
                        },
                    }
                }
                Side::Text(Cow::Owned(text))
            }
        }
    }
}

/// One side of a comparison.
enum Side<'a> {
    /// As the rule says it.
    Literal(&'a str),
    Text(Cow<'a, str>),
    Null,
    Missing,
}

impl<'a> From<Value<'a>> for Side<'a> {
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Null => Self::Null,
            Value::Missing => Self::Missing,
        }
    }
}

impl Side<'_> {
    /// What is empty is like nothing but a `None` in the rule: two callers without a project are not in the same one.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, _) | (_, Self::Missing) | (Self::Null, Self::Null | Self::Text(_)) | (Self::Text(_), Self::Null) => {
                false
            }
            (Self::Null, Self::Literal(text)) | (Self::Literal(text), Self::Null) => *text == "None",
            (Self::Literal(a), Self::Literal(b)) => a == b,
            (Self::Literal(a), Self::Text(b)) | (Self::Text(b), Self::Literal(a)) => *a == b.as_ref(),
            (Self::Text(a), Self::Text(b)) => a == b,
        }
    }
}
