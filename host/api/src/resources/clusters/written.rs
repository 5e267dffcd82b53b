//! A cluster in an answer: written once, and again only when something in it has changed.

use jeroboam_store::SharedView;

use super::{Face, Shown};
use crate::fields::{self, Form, Out};
use crate::links::Base;
use crate::microversion::Microversion;

/// The text, and all that it depends on besides the view.
struct Written {
    collection: &'static str,
    form: Form,
    version: Microversion,
    base: Base,
    json: Vec<u8>,
}

/// Writes the cluster as an object.
pub fn write<F: Face>(view: &SharedView, form: Form, version: Microversion, base: &Base, out: &mut Out) {
    let is_it = |written: &Written| {
        (written.collection, written.form, written.version) == (F::COLLECTION, form, version) && written.base == *base
    };
    let make = || {
        let mut out = Out::with_capacity(2048);
        fields::write::<F>(&Shown::new(view.clone(), base.clone()), form, version, &mut out);
        let mut json = out.into_bytes();
        json.shrink_to_fit();
        Written { collection: F::COLLECTION, form, version, base: base.clone(), json }
    };
    out.json(&view.made.find_or(is_it, make).json);
}
