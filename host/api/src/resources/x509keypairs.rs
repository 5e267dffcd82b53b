//! `/v1/x509keypairs`, as clients of Liberty and Mitaka know it: key pairs that somebody deposits for a bay. Nothing of the service's uses them. The private key is sealed in
//! the store, and shown with a pair by itself only.

use http::StatusCode;
use jeroboam_model::{Secret, X509KeyPair, X509KeyPairId};
use jeroboam_store::Page;
use time::OffsetDateTime;

use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::{self, Field, FieldError, Form, Given, Ignored, Out, Resource, Slot, write};
use crate::links::Base;
use crate::lookup::{self, Reach, Shared};
use crate::names;
use crate::page::{Column, PageQuery, moment};
use crate::policy::{Rule, Target};
use crate::reply::Reply;

const COLLECTION: &str = "x509keypairs";
/// The longest text of each kind: far more than any chain or key takes.
const PEM_MAX: usize = 32_768;

/// A pair and where it is seen from.
pub struct Shown {
    pair: Shared<X509KeyPair>,
    /// Only where it is shown.
    private_key: Option<Secret>,
    base: Base,
}

/// What a request says about a pair.
#[derive(Default)]
pub struct Draft {
    name: Given<String>,
    bay_uuid: Given<String>,
    ca_cert: Given<String>,
    certificate: Given<String>,
    private_key: Given<String>,
}

/// The resource `x509keypairs`.
pub enum X509KeyPairTable {}

type F = Field<X509KeyPairTable>;

impl Resource for X509KeyPairTable {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "x509keypair";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("uuid", |s, out| out.plain(format_args!("{}", s.pair.uuid))).optional(Slot::Ignored(Ignored::Text)),
        F::new("name", |s, out| out.text(&s.pair.name)).optional(Slot::text(1, 255, |d| &mut d.name)),
        F::new("bay_uuid", |s, out| out.plain(format_args!("{}", s.pair.cluster)))
            .mandatory(Slot::text(1, 255, |d| &mut d.bay_uuid)),
        F::new("ca_cert", |s, out| out.text_or_null(s.pair.ca_cert.as_deref()))
            .optional(Slot::text(1, PEM_MAX, |d| &mut d.ca_cert)),
        F::new("certificate", |s, out| out.text_or_null(s.pair.certificate.as_deref()))
            .optional(Slot::text(1, PEM_MAX, |d| &mut d.certificate)),
        F::new("private_key", |s, out| out.text_or_null(s.private_key.as_ref().map(Secret::expose)))
            .optional(Slot::text(1, PEM_MAX, |d| &mut d.private_key))
            .from_form(Form::Whole),
        F::new("links", |s, out| s.base.write_item(COLLECTION, s.pair.uuid, out)),
        F::new("created_at", |s, out| out.time(s.pair.created_at)).from_form(Form::Detailed),
        F::new("updated_at", |s, out| out.time_or_null(s.pair.updated_at)).from_form(Form::Detailed),
    ];
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::X509KeyPairGetAll, Form::Brief, "").await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::X509KeyPairDetail, Form::Detailed, "/detail").await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let pair = find(&call, Rule::X509KeyPairGet).await?;
    Ok(Reply::ok(written(&call, pair)?))
}

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = fields::read::<X509KeyPairTable>(&call.object(X509KeyPairTable::ARGUMENT)?).map_err(without_values)?;
    call.enforce(Rule::X509KeyPairCreate, Target::own(&call.caller))?;
    let bay = draft.bay_uuid.value().unwrap_or_default();
    let cluster = match lookup::cluster(&call, &bay, Reach::own(&call)).await {
        Err(ApiError::NotFound { what, ident }) => return Err(ApiError::Unknown { what, ident }),
        found => found?,
    };
    let uuid = X509KeyPairId::random();
    let private_key = draft.private_key.value().map(Secret::new);
    let sealed = private_key.map(|key| call.app.intake.seal_key(uuid, &key)).transpose();
    let pair = X509KeyPair {
        uuid,
        name: draft.name.value().unwrap_or_else(|| names::generate("keypair")),
        project_id: cluster.project_id.clone(),
        user_id: call.caller.user_id.clone(),
        cluster: cluster.uuid,
        ca_cert: draft.ca_cert.value(),
        certificate: draft.certificate.value(),
        private_key: sealed.map_err(|error| ApiError::internal("seal the private key", error))?,
        created_at: OffsetDateTime::now_utc(),
        updated_at: None,
    };
    let mut tx = call.app.store.begin();
    tx.require(&*cluster);
    tx.insert(&pair);
    tx.commit().await.map_err(|error| ApiError::commit("store the key pair", error))?;
    let stored = call.app.store.x509keypairs().get_arc(uuid).await.map_err(|error| ApiError::store("read a key pair", error))?;
    let location = format!("{}/v1/{COLLECTION}/{uuid}", call.base());
    Ok(Reply::json(StatusCode::CREATED, written(&call, stored.ok_or(ApiError::Gone(What::X509KeyPair))?)?).at(location))
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let pair = find(&call, Rule::X509KeyPairDelete).await?;
    let mut tx = call.app.store.begin();
    tx.remove(&*pair);
    tx.commit().await.map_err(|error| ApiError::commit("remove the key pair", error))?;
    Ok(Reply::no_content())
}

/// The one that the path names, of the caller's project.
async fn find(call: &Call, rule: Rule) -> Result<Shared<X509KeyPair>, ApiError> {
    let pairs = call.app.store.x509keypairs();
    let found = match call.ident.parse::<X509KeyPairId>() {
        Ok(id) => pairs.get_arc(id).await.map(|found| found.into_iter().collect()),
        Err(_) => pairs.by_name(&call.ident).await,
    };
    let found = found.map_err(|error| ApiError::store("read key pairs", error))?;
    let own = call.caller.project_id();
    let pair = lookup::only(What::X509KeyPair, &call.ident, found, |pair| own == Some(&pair.project_id))?;
    call.enforce(rule, Target::project(&pair.project_id))?;
    Ok(pair)
}

/// An error that repeats what was sent might repeat a key.
fn without_values(error: FieldError) -> FieldError {
    match error {
        FieldError::Invalid { field, reason, .. } if field == "private_key" => FieldError::invalid(&field, "***", reason),
        other => other,
    }
}

async fn page(call: Call, rule: Rule, form: Form, suffix: &str) -> Result<Reply, ApiError> {
    let (query, _) = PageQuery::read_with(&call, "x509keypair_uuid")?;
    call.enforce(rule, Target::own(&call.caller))?;
    let page = rows(&call, &query).await?;
    let base = call.base();
    let mut out = Out::with_capacity(256 + 4096 * page.items.len());
    out.object(|out| {
        let last = page.items.last().map(|pair| pair.uuid);
        out.key(COLLECTION);
        out.array(|out| {
            for pair in page.items {
                let shown = Shown { pair, private_key: None, base: base.clone() };
                write::<X509KeyPairTable>(&shown, form, call.version, out);
            }
        });
        query.write_next(format_args!("{base}/v1/{COLLECTION}{suffix}"), page.more, last, out);
    });
    Ok(Reply::ok(out))
}

async fn rows(call: &Call, query: &PageQuery) -> Result<Page<X509KeyPair>, ApiError> {
    let Some(project) = call.caller.project_id() else { return Ok(Page { items: Vec::new(), more: false }) };
    let (pairs, list) = (call.app.store.x509keypairs(), query.list_query(Some(project), X509KeyPairId));
    let page = match query.column(COLUMNS)? {
        None => pairs.list(list).await,
        Some(column) => pairs.list_by(list, column.key).await,
    };
    page.map_err(|error| ApiError::store("list key pairs", error))
}

fn written(call: &Call, pair: Shared<X509KeyPair>) -> Result<Out, ApiError> {
    let opened = pair.private_key.as_ref().map(|sealed| call.app.intake.open_key(pair.uuid, sealed)).transpose();
    let private_key = opened.map_err(|error| ApiError::internal("open the private key", error))?;
    let mut out = Out::with_capacity(8192);
    write::<X509KeyPairTable>(&Shown { pair, private_key, base: call.base() }, Form::Whole, call.version, &mut out);
    Ok(out)
}

const COLUMNS: &[Column<X509KeyPair>] = &[
    Column { name: "uuid", key: |p| p.uuid.to_string() },
    Column { name: "name", key: |p| p.name.clone() },
    Column { name: "bay_uuid", key: |p| p.cluster.to_string() },
    Column { name: "created_at", key: |p| moment(Some(p.created_at)) },
    Column { name: "updated_at", key: |p| moment(p.updated_at) },
];
