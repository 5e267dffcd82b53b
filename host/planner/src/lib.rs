//! What a version of a driver would do to the clusters that are there, before it does anything.
#![allow(dead_code)]
pub mod compare;
mod heat;
mod hot;
pub use compare::{Comparer, compare};
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict { Same, InPlace { changes: Vec<Change> }, Replaces { resources: Vec<String>, changes: Vec<Change> }, Fails { error: String } }
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change { pub path: String, pub before: Option<String>, pub after: Option<String> }
