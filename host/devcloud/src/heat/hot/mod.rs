//! The Heat Orchestration Template language: reading, checking and evaluating it. Pure: no clock, no services, no files.

pub mod constraints;
pub mod environment;
pub mod eval;
pub mod expression;
pub mod functions;
pub mod parameters;
pub mod parse;
pub mod source;
pub mod template;
pub mod text;
pub mod version;

pub use environment::Environment;
pub use eval::{EvalError, Resolve, evaluate, evaluate_condition};
pub use expression::{Condition, Expression, Function};
pub use parameters::{ParameterSchema, Parameters};
pub use template::{OutputDefinition, ResourceDefinition, Template};
pub use version::Version;
