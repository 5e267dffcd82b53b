//! A cluster's own user gets another password. As with authorities, what has been replaced is not taken back: another rotation replaces it again.

pub(super) use super::rotate_ca::{failed, succeeded};
