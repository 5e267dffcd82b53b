//! Field tables. Each resource has one; it says, for each attribute and in one line, what it is called, who sees it at which microversion, what a request may put
//! there, and whether a patch may change it. Reading bodies, applying patches and writing answers are done from the table, so that no
//! attribute is named twice.

mod body;
mod coerce;
mod error;
mod given;
mod literal;
mod out;
mod patch;
mod slot;
mod table;
mod taints;

pub use body::read;
pub use error::{FieldError, echo};
pub use given::Given;
pub use literal::{Literal, LiteralError};
pub use out::Out;
pub use patch::{Patch, PatchError};
pub use slot::{Choice, Chosen, Ignored, Slot, TextRule};
pub use table::{Field, Form, Resource, changed, write};

pub(crate) use coerce::boolean_word;
