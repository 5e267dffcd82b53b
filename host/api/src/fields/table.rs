//! The table itself, and writing a resource by it.

use super::{Out, Slot};
use crate::microversion::Microversion;

/// A REST resource: what it is written from, what a request for it becomes, and its table.
pub trait Resource: Sized + 'static {
    /// What an answer is written from.
    type Shown;
    /// A request, read.
    type Draft: Default + 'static;
    /// What the body is called in errors.
    const ARGUMENT: &'static str;
    /// In the order of the answer.
    const FIELDS: &'static [Field<Self>];
    /// What patches may not touch besides the read-only attributes of the table.
    const INTERNAL: &'static [&'static str];
}

/// An attribute.
pub struct Field<R: Resource> {
    pub name: &'static str,
    pub show: fn(&R::Shown, &mut Out),
    pub least_form: Form,
    pub since: Microversion,
    pub until: Microversion,
    pub input: Input<R::Draft>,
    pub removable: bool,
    /// Whether a resource has it at all.
    pub present: fn(&R::Shown) -> bool,
}

/// How much of a resource an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// An item of a plain list.
    Brief,
    /// An item of a detailed list.
    Detailed,
    /// The resource by itself.
    Whole,
    /// In no answer: only requests have it.
    Never,
}

/// What a request may do with an attribute.
pub enum Input<D> {
    ReadOnly,
    Mandatory(Slot<D>),
    Optional(Slot<D>),
    /// May be left out, but not be `null`.
    NotNull(Slot<D>),
}

impl<R: Resource> Field<R> {
    /// Read-only, and in every answer.
    pub const fn new(name: &'static str, show: fn(&R::Shown, &mut Out)) -> Self {
        Self {
            name,
            show,
            least_form: Form::Brief,
            since: Microversion::MIN,
            until: Microversion::MAX,
            input: Input::ReadOnly,
            removable: true,
            present: |_| true,
        }
    }

    /// The attribute of that name in the table of another resource, which is written from the same and read into the same. For constants: a name that is not
    /// there stops the build.
    #[expect(clippy::panic, reason = "while a constant is computed, which no process does")]
    pub const fn of<O: Resource<Shown = R::Shown, Draft = R::Draft>>(name: &str) -> Self {
        let mut fields = O::FIELDS;
        while let [field, others @ ..] = fields {
            if is_same(field.name, name) {
                let Field { name, show, least_form, since, until, input, removable, present } = *field;
                return Self { name, show, least_form, since, until, input, removable, present };
            }
            fields = others;
        }
        panic!("no such attribute")
    }

    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    pub const fn when(self, present: fn(&R::Shown) -> bool) -> Self {
        Self { present, ..self }
    }

    pub const fn mandatory(self, slot: Slot<R::Draft>) -> Self {
        Self { input: Input::Mandatory(slot), ..self }
    }

    pub const fn optional(self, slot: Slot<R::Draft>) -> Self {
        Self { input: Input::Optional(slot), ..self }
    }

    pub const fn not_null(self, slot: Slot<R::Draft>) -> Self {
        Self { input: Input::NotNull(slot), ..self }
    }

    pub const fn from_form(self, least_form: Form) -> Self {
        Self { least_form, ..self }
    }

    pub const fn since(self, since: Microversion) -> Self {
        Self { since, ..self }
    }

    pub const fn until(self, until: Microversion) -> Self {
        Self { until, ..self }
    }

    /// A patch may replace it, but not remove it.
    pub const fn unremovable(self) -> Self {
        Self { removable: false, ..self }
    }

    pub fn slot(&self) -> Option<Slot<R::Draft>> {
        match self.input {
            Input::ReadOnly => None,
            Input::Mandatory(slot) | Input::Optional(slot) | Input::NotNull(slot) => Some(slot),
        }
    }
}

impl<R: Resource> Clone for Field<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Resource> Copy for Field<R> {}

impl<D> Clone for Input<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Input<D> {}

/// `==`, for constants.
const fn is_same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, one_rest @ ..], [b, other_rest @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (one_rest, other_rest);
    }
    one.is_empty() && other.is_empty()
}

/// Writes a resource as an object.
pub fn write<R: Resource>(shown: &R::Shown, form: Form, version: Microversion, out: &mut Out) {
    out.object(|out| {
        for field in R::FIELDS {
            let wanted = field.least_form <= form && field.since <= version && version <= field.until;
            if wanted && (field.present)(shown) {
                out.key(field.name);
                (field.show)(shown, out);
            }
        }
    });
}

/// The names of what is not the same in both.
pub fn changed<R: Resource>(before: &mut R::Draft, after: &mut R::Draft) -> Vec<&'static str> {
    let differs = |field: &&Field<R>| field.slot().is_some_and(|slot| !slot.is_same(before, after));
    R::FIELDS.iter().filter(differs).map(|field| field.name).collect()
}
