//! Who may do what: oslo.policy's language and files, Magnum's rules, and the one function that decides by them.
//!
//! ```text
//! RULES, BASE (defaults) ─┐
//! policy.yaml, policy.d ──┼─ load ─► Rules: every rule resolved, compiled ──► decide(rule, caller, target)
//! [oslo_policy] options ──┘             ▲
//!                                   Policy: the rules in force; watch() swaps them when the files change
//! ```
//!
//! A file is read whole or not at all. oslo.policy takes what it cannot read for "nobody", with a line in the log; here the file is refused with the place and what to
//! change, and the rules that were in force stay. What is read is compiled once: references between rules are followed, attributes become closed keys, and a request costs
//! a few comparisons.
//!
//! | module | holds |
//! |---|---|
//! | [`check`] | the language: a check as a closed type, read from text and printed again |
//! | [`rules`] | the one table of rules, with defaults, scopes and meanings |
//! | [`attributes`] | what is known of callers and of what they ask about |
//! | [`file`], [`options`], [`load`] | policy files, and the rules that they amount to |
//! | [`compiled`] | resolved rules, and [`Rules::decide`] |
//! | [`policy`], [`watch`] | the rules in force, and how they change while the service runs |
//! | [`sample`] | a policy file with every default |
//!
//! It must not: know HTTP or the resources of the API, ask another service (checks by `http:` are refused), or let a rule pass because something is absent on both sides.

pub mod attributes;
pub mod check;
mod compile;
pub mod compiled;
mod evaluate;
pub mod file;
mod inspect;
pub mod load;
mod metrics;
pub mod options;
pub mod policy;
pub mod problem;
pub mod rules;
pub mod sample;
pub mod watch;

pub use attributes::{Credential, Credentials, Target, TargetKey, Value};
pub use check::Check;
pub use compiled::{Decision, Rules, Scope};
pub use load::{Loaded, load};
pub use metrics::PolicyMetrics;
pub use options::PolicyOptions;
pub use policy::Policy;
pub use problem::{Notice, Problem, Refused};
pub use rules::{Definition, Deprecated, Rule, ScopeType};
