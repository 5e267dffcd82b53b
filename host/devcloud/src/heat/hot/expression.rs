//! What a property, a metadata section or an output may be made of.

use serde_json::Value;

/// A value with functions in it, parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Literal(Value),
    List(Vec<Expression>),
    Map(Vec<(String, Expression)>),
    Call(Box<Function>),
}

/// How hard `str_replace` looks at its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    Lenient,
    /// Every placeholder must occur.
    Strict,
    /// And no value may be empty.
    VeryStrict,
}

/// What `resource_facade` asks of the resource in the parent stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facade {
    Metadata,
    DeletionPolicy,
    UpdatePolicy,
}

/// A HOT function with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    GetParam {
        name: Expression,
        path: Vec<Expression>,
    },
    GetResource {
        name: String,
    },
    /// Without `attribute`, all attributes as a map.
    GetAttr {
        resource: String,
        attribute: Option<Expression>,
        path: Vec<Expression>,
    },
    GetFile {
        name: Expression,
    },
    StrReplace {
        name: &'static str,
        template: Expression,
        params: Expression,
        strictness: Strictness,
    },
    StrSplit {
        delimiter: Expression,
        text: Expression,
        index: Option<Expression>,
    },
    ListJoin {
        delimiter: Expression,
        lists: Vec<Expression>,
    },
    ListConcat {
        name: &'static str,
        lists: Expression,
        unique: bool,
    },
    MapMerge {
        maps: Expression,
    },
    MapReplace {
        map: Expression,
        replacements: Expression,
    },
    Repeat {
        template: Expression,
        for_each: Vec<(String, Expression)>,
        permutations: Expression,
    },
    Digest {
        algorithm: Expression,
        text: Expression,
    },
    ResourceFacade(Facade),
    Contains {
        item: Expression,
        list: Expression,
    },
    Filter {
        values: Expression,
        list: Expression,
    },
    MakeUrl(Vec<(String, Expression)>),
    If {
        condition: Condition,
        then: Expression,
        otherwise: Option<Expression>,
    },
}

/// Something that holds or does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Always(bool),
    /// One of the template's `conditions`.
    Named(String),
    Equals(Expression, Expression),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    /// A function whose value is the truth: `get_param`, `contains`.
    Value(Expression),
}

impl Expression {
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Literal(Value::Null))
    }

    /// Calls `visit` with each function in the expression, outermost first.
    pub fn each_function<'a>(&'a self, visit: &mut dyn FnMut(&'a Function)) {
        match self {
            Self::Literal(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.each_function(visit)),
            Self::Map(entries) => entries.iter().for_each(|(_, item)| item.each_function(visit)),
            Self::Call(function) => {
                visit(function);
                for argument in function.arguments() {
                    argument.each_function(visit);
                }
            }
        }
    }

    /// Names of the resources it refers to.
    #[must_use]
    pub fn resources(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.each_function(&mut |function| match function {
            Function::GetResource { name } => names.push(name.as_str()),
            Function::GetAttr { resource, .. } => names.push(resource.as_str()),
            _ => {}
        });
        names
    }

    /// Names of the conditions that its `if`s name.
    #[must_use]
    pub fn conditions(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.each_function(&mut |function| {
            if let Function::If { condition, .. } = function {
                condition.names(&mut names);
            }
        });
        names
    }
}

impl Function {
    fn arguments(&self) -> Vec<&Expression> {
        match self {
            Self::GetParam { name, path } => std::iter::once(name).chain(path).collect(),
            Self::GetResource { .. } | Self::ResourceFacade(_) => Vec::new(),
            Self::GetAttr { attribute, path, .. } => attribute.iter().chain(path).collect(),
            Self::GetFile { name } => vec![name],
            Self::StrReplace { template, params, .. } => vec![template, params],
            Self::StrSplit { delimiter, text, index } => [delimiter, text].into_iter().chain(index).collect(),
            Self::ListJoin { delimiter, lists } => std::iter::once(delimiter).chain(lists).collect(),
            Self::ListConcat { lists, .. } => vec![lists],
            Self::MapMerge { maps } => vec![maps],
            Self::MapReplace { map, replacements } => vec![map, replacements],
            Self::Repeat { template, for_each, permutations } => {
                std::iter::once(template).chain(for_each.iter().map(|(_, list)| list)).chain([permutations]).collect()
            }
            Self::Digest { algorithm, text } => vec![algorithm, text],
            Self::Contains { item, list } => vec![item, list],
            Self::Filter { values, list } => vec![values, list],
            Self::MakeUrl(parts) => parts.iter().map(|(_, part)| part).collect(),
            Self::If { condition, then, otherwise } => {
                let mut arguments = condition.expressions();
                arguments.push(then);
                arguments.extend(otherwise);
                arguments
            }
        }
    }
}

impl Condition {
    fn names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Named(name) => names.push(name),
            Self::Not(inner) => inner.names(names),
            Self::And(all) | Self::Or(all) => all.iter().for_each(|inner| inner.names(names)),
            Self::Always(_) | Self::Equals(..) | Self::Value(_) => {}
        }
    }

    /// Names of the other conditions it is made of.
    #[must_use]
    pub fn named(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.names(&mut names);
        names
    }

    /// The values it compares.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Always(_) | Self::Named(_) => Vec::new(),
            Self::Equals(left, right) => vec![left, right],
            Self::Not(inner) => inner.expressions(),
            Self::And(all) | Self::Or(all) => all.iter().flat_map(Condition::expressions).collect(),
            Self::Value(value) => vec![value],
        }
    }
}
