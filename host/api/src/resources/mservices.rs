//! `/v1/mservices`: who does the work, and whether it is alive.

use jeroboam_store::{Service, Stored};
use time::OffsetDateTime;

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{Field, Form, Out, Resource, write};
use crate::policy::{Rule, Target};
use crate::reply::Reply;

const COLLECTION: &str = "mservices";

/// A service and whether it was heard of lately.
pub struct Shown {
    service: Stored<Service>,
    is_up: bool,
}

/// The resource `mservices`.
pub enum MagnumService {}

type F = Field<MagnumService>;

impl Resource for MagnumService {
    type Shown = Shown;
    type Draft = ();
    const ARGUMENT: &'static str = "mservice";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("host", |s, out| out.text(&s.service.host)),
        F::new("binary", |s, out| out.text(&s.service.binary)),
        F::new("state", |s, out| out.text(if s.is_up { "up" } else { "down" })),
        F::new("id", |s, out| out.integer(s.service.id)),
        F::new("report_count", |s, out| out.value(&s.service.report_count)),
        F::new("disabled", |s, out| out.boolean(s.service.disabled)),
        F::new("disabled_reason", |s, out| out.text_or_null(s.service.disabled_reason.as_deref())),
        F::new("created_at", |s, out| out.time(s.service.created_at)),
        F::new("updated_at", |s, out| out.time_or_null(s.service.updated_at)),
    ];
}

pub async fn list(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    call.enforce(Rule::ServiceGetAll, Target::default())?;
    let services = call.app.store.services().all().await.map_err(|error| ApiError::store("list services", error))?;
    let now = OffsetDateTime::now_utc();
    let mut out = Out::with_capacity(512);
    out.object(|out| {
        out.key(COLLECTION);
        out.array(|out| {
            for service in services {
                let heard_of = service.updated_at.unwrap_or(service.created_at);
                let is_up = now - heard_of <= call.app.config.service_down_time;
                write::<MagnumService>(&Shown { service, is_up }, Form::Whole, call.version, out);
            }
        });
    });
    Ok(Reply::ok(out))
}
