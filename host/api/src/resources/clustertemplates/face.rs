//! The names that templates are served under: `clustertemplates`, and the `baymodels` of older clients. Handlers are the same for both.

use super::fields::{COLLECTION, Draft, Shown, Template};
use crate::call::Call;
use crate::fields::Resource;
use crate::lookup::Permit;
use crate::policy::Rule;

/// A table of templates' attributes, with what else differs.
pub trait Face: Resource<Shown = Shown, Draft = Draft> {
    const COLLECTION: &'static str;
    /// What generated names end in.
    const KIND: &'static str;
    /// What nobody but a publisher may set, in words.
    const PUBLISHED: &'static str;
    const RULES: Rules;

    /// Takes back what clients say of themselves, where nobody asked them to.
    fn adapt(_draft: &mut Draft, _call: &Call) {}
}

/// By which rules it is decided.
pub struct Rules {
    pub get: Permit,
    pub get_all: Permit,
    pub detail: Permit,
    pub create: Rule,
    pub update: Permit,
    pub delete: Permit,
    pub publish: Rule,
}

impl Face for Template {
    const COLLECTION: &'static str = COLLECTION;
    const KIND: &'static str = "template";
    const PUBLISHED: &'static str = "public or hidden flag for cluster template";
    const RULES: Rules = Rules {
        get: Permit::and(Rule::TemplateGet, Rule::TemplateGetOneAllProjects),
        get_all: Permit::and(Rule::TemplateGetAll, Rule::TemplateGetAllAllProjects),
        detail: Permit::and(Rule::TemplateDetail, Rule::TemplateDetailAllProjects),
        create: Rule::TemplateCreate,
        update: Permit::and(Rule::TemplateUpdate, Rule::TemplateUpdateAllProjects),
        delete: Permit::and(Rule::TemplateDelete, Rule::TemplateDeleteAllProjects),
        publish: Rule::TemplatePublish,
    };
}
