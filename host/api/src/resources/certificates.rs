//! `/v1/certificates`

use http::StatusCode;
use jeroboam_conductor::RotateCa;
use jeroboam_model::{Authority, ClusterId};

use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Field, FieldError, Form, Given, Ignored, Out, Resource, Slot, write};
use crate::links::Base;
use crate::lookup::{self, Reach};
use crate::policy::{Rule, Target};
use crate::query::Query;
use crate::reply::Reply;

const COLLECTION: &str = "certificates";

/// A certificate, and what was said when it was asked for.
pub struct Shown {
    cluster: ClusterId,
    base: Base,
    csr: Option<String>,
    pem: String,
    ca_cert_type: Option<String>,
}

/// What a request to sign says.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    cluster_uuid: Given<String>,
    bay_uuid: Given<String>,
    csr: Given<String>,
    ca_cert_type: Given<String>,
}

/// The resource `certificates`.
pub enum Certificate {}

type F = Field<Certificate>;

/// The longest request to sign: far more than a key of any size takes.
const CSR_MAX: usize = 32_768;

impl Resource for Certificate {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "certificate";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("cluster_uuid", |s, out| out.plain(format_args!("{}", s.cluster)))
            .optional(Slot::text(1, 255, |d| &mut d.cluster_uuid)),
        // What clients of Liberty to Rocky may say instead.
        F::new("bay_uuid", |_, out| out.null()).optional(Slot::text(1, 255, |d| &mut d.bay_uuid)).from_form(Form::Never),
        F::new("links", |s, out| s.base.write_item(COLLECTION, s.cluster, out)),
        F::new("csr", |s, out| out.text_or_null(s.csr.as_deref()))
            .mandatory(Slot::text(1, CSR_MAX, |d| &mut d.csr))
            .when(|s| s.csr.is_some()),
        F::new("pem", |s, out| out.text(&s.pem)).optional(Slot::Ignored(Ignored::Text)),
        F::new("ca_cert_type", |s, out| out.text_or_null(s.ca_cert_type.as_deref()))
            .optional(Slot::text(0, 255, |d| &mut d.ca_cert_type))
            .when(|s| s.ca_cert_type.is_some()),
    ];
}

/// The certificate of an authority. Which one stands in the query, or as a last part of the path.
pub async fn show(call: Call) -> Result<Reply, ApiError> {
    let [asked] = Query::read(call.query(), ["ca_cert_type"])?.into_values();
    let authority = Authority::from_ca_cert_type(asked.as_deref().or(call.second_ident.as_deref()));
    let cluster = lookup::cluster_of_node(&call, &call.ident).await?;
    call.enforce(Rule::CertificateGet, Target::cluster(&cluster))?;
    let pem = call.app.certificates.ca(&cluster.uuid, authority).await?;
    let shown = Shown { cluster: cluster.uuid, base: call.base(), csr: None, pem, ca_cert_type: None };
    Ok(Reply::ok(written(&call, &shown)))
}

pub async fn sign(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let draft = fields::read::<Certificate>(&call.object(Certificate::ARGUMENT)?)?;
    let ident = draft.cluster_uuid.value().or(draft.bay_uuid.value());
    let ident = ident.ok_or_else(|| FieldError::mandatory("cluster_uuid"))?;
    let cluster = match lookup::cluster_of_node(&call, &ident).await {
        Err(ApiError::NotFound { what, ident }) => return Err(ApiError::Unknown { what, ident }),
        found => found?,
    };
    call.enforce(Rule::CertificateCreate, Target::cluster(&cluster))?;
    let ca_cert_type = draft.ca_cert_type.value();
    let csr = draft.csr.value().unwrap_or_default();
    let authority = Authority::from_ca_cert_type(ca_cert_type.as_deref());
    let pem = call.app.certificates.sign(&cluster.uuid, authority, &csr).await?;
    let shown = Shown { cluster: cluster.uuid, base: call.base(), csr: Some(csr), pem, ca_cert_type };
    Ok(Reply::json(StatusCode::CREATED, written(&call, &shown)))
}

/// New authorities for a cluster, and new pairs for all that they have signed. No body is needed, and any is taken.
pub async fn rotate(call: Call) -> Result<Reply, ApiError> {
    call.no_query()?;
    let view = lookup::view(&call, &call.ident, Reach::own(&call)).await?;
    call.enforce(Rule::CertificateRotateCa, Target::cluster(&view.cluster))?;
    if view.template.tls_disabled {
        return Err(ApiError::WithoutTls);
    }
    // Before anything is replaced: a cluster whose nodes never hear of their new authorities would be lost.
    let driver = call.app.rollouts.for_cluster(&view.cluster).await;
    if !driver.is_ok_and(|driver| driver.description().features.rotate_ca) {
        return Err(ApiError::DriverCannot("rotate_ca_certificate"));
    }
    call.app.intake.rotate_ca(RotateCa { cluster: view.cluster.uuid, requester: call.requester() }).await?;
    Ok(Reply::accepted(view.cluster.uuid))
}

fn written(call: &Call, shown: &Shown) -> Out {
    let mut out = Out::with_capacity(4096);
    write::<Certificate>(shown, Form::Whole, call.version, &mut out);
    out
}
