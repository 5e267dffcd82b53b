//! `GET /v1/quotas`: those that were set. There are few, so they are sorted and paged in memory.

use jeroboam_model::Quota;

use super::fields::{COLLECTION, QuotaTable};
use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::fields::{FieldError, Form, Out, boolean_word, write};
use crate::page::{Column, PageError, PageQuery, moment};
use crate::policy::{Rule, Target};
use crate::query::Query;
use crate::reply::Reply;

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    let names = ["limit", "marker", "sort_key", "sort_dir", "all_tenants"];
    let [limit, marker, sort_key, sort_dir, all_tenants] = Query::read(call.query(), names)?.into_values();
    let query = PageQuery::numbered(&call, limit, sort_key, sort_dir)?;
    let marker = marker.map(|text| text.parse().map_err(|_| PageError::NumberMarker(echo(&text)))).transpose()?;
    let everybodys = all_tenants.map_or(Ok(false), |word| everybodys(&word))?;
    call.enforce(Rule::QuotaGetAll, Target::own(&call.caller))?;

    let quotas = call.app.store.quotas().all().await.map_err(|error| ApiError::store("list quotas", error))?;
    let quotas = quotas.into_iter().map(|quota| quota.value);
    let seen = quotas.filter(|quota| everybodys || call.caller.project_id() == Some(&quota.project_id)).collect();
    let quotas = page(seen, &query, marker)?;
    let (more, quotas) = (quotas.len() > query.limit, quotas.into_iter().take(query.limit));

    let base = call.base();
    let mut out = Out::with_capacity(1024);
    out.object(|out| {
        let mut last = None;
        out.key(COLLECTION);
        out.array(|out| {
            for quota in quotas {
                last = Some(quota.id);
                write::<QuotaTable>(&quota.into(), Form::Brief, call.version, out);
            }
        });
        query.write_next(format_args!("{base}/v1/{COLLECTION}"), more, last, out);
    });
    Ok(Reply::ok(out))
}

fn everybodys(word: &str) -> Result<bool, FieldError> {
    let wrong = || FieldError::invalid("all_tenants", echo(word), "Value should be a boolean: true or false");
    boolean_word(word).ok_or_else(wrong)
}

/// The part that is asked for, and one more if there is more.
fn page(mut quotas: Vec<Quota>, query: &PageQuery, marker: Option<u32>) -> Result<Vec<Quota>, PageError> {
    match query.column(COLUMNS)? {
        None => quotas.sort_by_key(|quota| quota.id),
        Some(column) => quotas.sort_by_cached_key(|quota| ((column.key)(quota), quota.id)),
    }
    if query.descending {
        quotas.reverse();
    }
    if let Some(marker) = marker {
        let place = quotas.iter().position(|quota| quota.id == marker);
        let place = place.ok_or_else(|| PageError::NoSuchMarker(marker.to_string()))?;
        quotas.drain(..=place);
    }
    quotas.truncate(query.limit.saturating_add(1));
    Ok(quotas)
}

const COLUMNS: &[Column<Quota>] = &[
    Column { name: "project_id", key: |q| q.project_id.0.clone() },
    Column { name: "resource", key: |q| q.resource.as_str().to_owned() },
    Column { name: "hard_limit", key: |q| format!("{:010}", q.hard_limit) },
    Column { name: "created_at", key: |q| moment(Some(q.created_at)) },
    Column { name: "updated_at", key: |q| moment(q.updated_at) },
];
