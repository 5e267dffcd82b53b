//! What pods, services and replication controllers have in common: nothing of them is kept, and a request names the bay.

use http::StatusCode;
use jeroboam_model::ClusterId;
use jeroboam_model::driver::{CoeResource, KubernetesKind, Manifest, ResourceKind};

use super::{CoeError, KUBERNETES, Site, manifest};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Form, Given, Out, Patch, Resource, Slot, write};
use crate::links::Base;
use crate::page::{Column, PageQuery};
use crate::policy::{Rule, Target};
use crate::query::Query;
use crate::reply::Reply;

/// A thing on a bay, and where it is seen from.
pub struct Shown {
    pub thing: CoeResource,
    pub bay: ClusterId,
    pub base: Base,
}

/// What a request says.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub bay_uuid: Given<String>,
    pub manifest: Given<String>,
    pub manifest_url: Given<String>,
    pub desc: Given<String>,
}

/// As long as a body may be: what is in it is bounded by itself.
pub const MANIFEST: Slot<Draft> = Slot::text(0, 524_288, |draft| &mut draft.manifest);
pub const MANIFEST_URL: Slot<Draft> = Slot::text(0, 4096, |draft| &mut draft.manifest_url);

/// Labels and the like, for an answer.
pub fn pairs(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// A resource of the API that Kubernetes has.
pub trait Live: Resource<Shown = Shown, Draft = Draft> {
    const COLLECTION: &'static str;
    const KIND: KubernetesKind;
    /// The parameter that clients of Liberty may send with a list, to no effect.
    const UUID: &'static str;
    const RULES: Rules;
}

pub struct Rules {
    pub get: Rule,
    pub get_all: Rule,
    pub detail: Rule,
    pub create: Rule,
    pub update: Rule,
    pub delete: Rule,
}

const COLUMNS: &[Column<CoeResource>] = &[
    Column { name: "uuid", key: |thing| thing.id.clone() },
    Column { name: "name", key: |thing| thing.name.clone() },
    Column { name: "status", key: |thing| thing.status.clone().unwrap_or_default() },
];

pub async fn list<L: Live>(call: Call, form: Form) -> Result<Reply, ApiError> {
    let names = ["limit", "marker", "sort_key", "sort_dir", "bay_ident", L::UUID];
    let [limit, marker, sort_key, sort_dir, bay, _] = Query::read(call.query(), names)?.into_values();
    let query = PageQuery::of(&call, limit, marker, sort_key, sort_dir)?;
    let (rule, suffix) = if form == Form::Brief { (L::RULES.get_all, "") } else { (L::RULES.detail, "/detail") };
    call.enforce(rule, Target::own(&call.caller))?;
    let site = Site::find(&call, &bay.ok_or(CoeError::NoBay)?, KUBERNETES).await?;
    call.enforce(rule, Target::cluster(&site.view.cluster))?;
    let column = query.column(COLUMNS)?;
    let things = site.list(&call, ResourceKind::from(L::KIND)).await?;
    let (things, more) = query.cut(things, column.map(|column| column.key), |thing| thing.id.clone())?;
    let (bay, base) = (site.cluster(), call.base());
    let mut out = Out::with_capacity(256 + 512 * things.len());
    out.object(|out| {
        let last = things.last().map(|thing| thing.id.clone());
        out.key(L::COLLECTION);
        out.array(|out| {
            for thing in things {
                write::<L>(&Shown { thing, bay, base: base.clone() }, form, call.version, out);
            }
        });
        let path = format_args!("{base}/v1/{}{suffix}", L::COLLECTION);
        query.write_next_with(path, format_args!("bay_ident={bay}&"), more, last, out);
    });
    Ok(Reply::ok(out))
}

pub async fn show<L: Live>(call: Call) -> Result<Reply, ApiError> {
    let site = site_of(&call, L::RULES.get).await?;
    let thing = site.show(&call, L::KIND.into(), &call.ident).await?;
    Ok(Reply::ok(written::<L>(&call, site, thing)))
}

pub async fn create<L: Live>(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = fields::read::<L>(&call.object(L::ARGUMENT)?)?;
    call.enforce(L::RULES.create, Target::own(&call.caller))?;
    let manifest = manifest_of::<L>(&draft)?.ok_or(CoeError::NoManifest)?;
    let site = Site::named(&call, &draft.bay_uuid.value().unwrap_or_default(), KUBERNETES).await?;
    call.enforce(L::RULES.create, Target::cluster(&site.view.cluster))?;
    let thing = site.create(&call, &manifest).await?;
    let location = format!("{}/v1/{}/{}", call.base(), L::COLLECTION, thing.id);
    Ok(Reply::json(StatusCode::CREATED, written::<L>(&call, site, thing)).at(location))
}

/// The manifest is put in the place of what is there. There is nothing else to change: nothing else is kept.
pub async fn update<L: Live>(call: Call) -> Result<Reply, ApiError> {
    let patch = Patch::read::<L>(&call.json("patch")?)?;
    let site = site_of(&call, L::RULES.update).await?;
    let bay = Given::Value(site.cluster().to_string());
    let mut draft = Draft { bay_uuid: bay.clone(), ..Draft::default() };
    patch.apply::<L>(&mut draft)?;
    let manifest = manifest_of::<L>(&draft)?;
    if draft.bay_uuid != bay || draft.desc != Given::Absent {
        return Err(CoeError::OnlyManifest.into());
    }
    let thing = match manifest {
        Some(manifest) => site.replace(&call, &call.ident, &manifest).await?,
        None => return Err(CoeError::OnlyManifest.into()),
    };
    Ok(Reply::ok(written::<L>(&call, site, thing)))
}

pub async fn delete<L: Live>(call: Call) -> Result<Reply, ApiError> {
    let site = site_of(&call, L::RULES.delete).await?;
    site.delete(&call, L::KIND.into(), &call.ident).await?;
    Ok(Reply::no_content())
}

/// The bay that the path names after the thing, or the query.
async fn site_of(call: &Call, rule: Rule) -> Result<Site, ApiError> {
    let [asked] = Query::read(call.query(), ["bay_ident"])?.into_values();
    call.enforce(rule, Target::own(&call.caller))?;
    let bay = call.second_ident.as_deref().or(asked.as_deref()).ok_or(CoeError::NoBay)?;
    let site = Site::find(call, bay, KUBERNETES).await?;
    call.enforce(rule, Target::cluster(&site.view.cluster))?;
    Ok(site)
}

fn manifest_of<L: Live>(draft: &Draft) -> Result<Option<Manifest>, CoeError> {
    let given = |text: &Given<String>| text.as_value().filter(|text| !text.is_empty()).cloned();
    match (given(&draft.manifest), given(&draft.manifest_url)) {
        (Some(text), _) => Ok(Some(Manifest::Kubernetes(L::KIND, manifest::read(L::KIND, &text)?))),
        (None, Some(_)) => Err(CoeError::ManifestUrl),
        (None, None) => Ok(None),
    }
}

fn written<L: Live>(call: &Call, site: Site, thing: CoeResource) -> Out {
    let mut out = Out::with_capacity(1024);
    write::<L>(&Shown { thing, bay: site.cluster(), base: call.base() }, Form::Whole, call.version, &mut out);
    out
}
