//! `/v1/federations`: clusters that are to act as one.
//!
//! Magnum has the routes, and no driver that does anything. What is asked for is kept here, so that what was answered with 202 can be read and deleted again; its
//! status is a failed one from the beginning, and says why.

mod create;
mod fields;
mod update;

use http::StatusCode;
use jeroboam_model::{Cluster, Federation, FederationId};
use jeroboam_store::Page;

use crate::call::Call;
use crate::error::{ApiError, What};
use crate::fields::{Form, Out, write};
use crate::lookup::{self, Reach, Shared};
use crate::page::{Column, PageQuery, moment};
use crate::policy::{Rule, Target};
use crate::reply::Reply;

pub use create::create;
pub use update::update;

use fields::{COLLECTION, FederationTable, Shown};

/// What a failed status says.
const REASON: &str = "No driver can make clusters act as one: the federation is on record, and no cluster was changed.";

/// Why a federation is not as Magnum wants it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FederationError {
    #[error("No hostcluster specified. Please specify a hostcluster_id.")]
    NoHost,
    #[error("No federation properties specified. Please specify properties with a 'dns-zone'.")]
    NoProperties,
    #[error("No DNS zone specified. Please specify a 'dns-zone' in the properties.")]
    NoDnsZone,
    #[error("Cluster {member} is already a member of the federation {federation}.")]
    MemberExists { member: String, federation: String },
    #[error("Cluster {member} is not a member of the federation {federation}.")]
    NoMember { member: String, federation: String },
}

impl FederationError {
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NoHost | Self::NoProperties | Self::NoDnsZone => StatusCode::BAD_REQUEST,
            Self::MemberExists { .. } => StatusCode::CONFLICT,
            Self::NoMember { .. } => StatusCode::NOT_FOUND,
        }
    }
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::FederationGetAll, Form::Brief, "").await
}

pub async fn detail(call: Call) -> Result<Reply, ApiError> {
    page(call, Rule::FederationDetail, Form::Detailed, "/detail").await
}

pub async fn show(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let federation = find(&call).await?;
    call.enforce(Rule::FederationGet, Target::project(&federation.project_id))?;
    let mut out = Out::with_capacity(1024);
    write::<FederationTable>(&Shown { federation, base: call.base() }, Form::Whole, call.version, &mut out);
    Ok(Reply::ok(out))
}

pub async fn delete(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let federation = find(&call).await?;
    call.enforce(Rule::FederationDelete, Target::project(&federation.project_id))?;
    let mut tx = call.app.store.begin();
    tx.remove(&federation);
    tx.commit().await.map_err(|error| ApiError::commit("remove the federation", error))?;
    Ok(Reply::no_content())
}

/// The one that the path names, of the caller's project.
async fn find(call: &Call) -> Result<Shared<Federation>, ApiError> {
    let federations = call.app.store.federations();
    let found = match call.ident.parse::<FederationId>() {
        Ok(id) => federations.get_arc(id).await.map(|found| found.into_iter().collect()),
        Err(_) => federations.by_name(&call.ident).await,
    };
    let found = found.map_err(|error| ApiError::store("read federations", error))?;
    let own = call.caller.project_id();
    lookup::only(What::Federation, &call.ident, found, |federation| own == Some(&federation.project_id))
}

/// A cluster that is to be host or member: of the caller's project.
async fn member(call: &Call, ident: &str) -> Result<Shared<Cluster>, ApiError> {
    lookup::cluster(call, ident, Reach::own(call)).await
}

async fn page(call: Call, rule: Rule, form: Form, suffix: &str) -> Result<Reply, ApiError> {
    let query = PageQuery::read(&call)?;
    call.enforce(rule, Target::own(&call.caller))?;
    let page = read(&call, &query).await?;
    let base = call.base();
    let mut out = Out::with_capacity(256 + 512 * page.items.len());
    out.object(|out| {
        let last = page.items.last().map(|federation| federation.uuid.0);
        out.key(COLLECTION);
        out.array(|out| {
            for federation in page.items {
                write::<FederationTable>(&Shown { federation, base: base.clone() }, form, call.version, out);
            }
        });
        query.write_next(format_args!("{base}/v1/{COLLECTION}{suffix}"), page.more, last, out);
    });
    Ok(Reply::ok(out))
}

async fn read(call: &Call, query: &PageQuery) -> Result<Page<Federation>, ApiError> {
    let Some(project) = call.caller.project_id() else { return Ok(Page { items: Vec::new(), more: false }) };
    let list = query.list_query(Some(project), FederationId);
    let federations = call.app.store.federations();
    let page = match query.column(COLUMNS)? {
        None => federations.list(list).await,
        Some(column) => federations.list_by(list, column.key).await,
    };
    page.map_err(|error| ApiError::store("list federations", error))
}

const COLUMNS: &[Column<Federation>] = &[
    Column { name: "uuid", key: |f| f.uuid.to_string() },
    Column { name: "name", key: |f| f.name.clone() },
    Column { name: "hostcluster_id", key: |f| f.hostcluster_id.to_string() },
    Column { name: "project_id", key: |f| f.project_id.0.clone() },
    Column { name: "status", key: |f| f.status.as_str().to_owned() },
    Column { name: "status_reason", key: |f| f.status_reason.clone().unwrap_or_default() },
    Column { name: "created_at", key: |f| moment(Some(f.created_at)) },
    Column { name: "updated_at", key: |f| moment(f.updated_at) },
];
