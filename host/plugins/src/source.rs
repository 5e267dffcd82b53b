//! What a call may see and touch outside: one source for each interface, chosen by whoever makes the call.

use std::{sync::Arc, time::Duration};

use jeroboam_model::{RequestId, Secret, driver::FieldError};
use serde::{Deserialize, Serialize};

use crate::{
    AuditTrail, Redactor,
    bindings::jeroboam::coe::types,
    error::StopReason,
    interfaces::{
        certificates::Certificates, coe_api::CoeApi, floating_ips::FloatingIps, load_balancers::LoadBalancers, lookup::Lookup,
        settings::Settings, stacks::Stacks, volumes::Volumes,
    },
    recorder::{RecorderSink, Tape},
};

/// What belongs to one call.
#[derive(Clone)]
pub struct CallContext {
    /// Of the request or operation that it is made for; travels into logs.
    pub request_id: RequestId,
    pub sources: Sources,
}

/// Where the answers to a driver's questions come from. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    pub(crate) settings: Arc<dyn Settings>,
    pub(crate) lookup: Arc<dyn Lookup>,
    pub(crate) stacks: Arc<dyn Stacks>,
    pub(crate) load_balancers: Arc<dyn LoadBalancers>,
    pub(crate) volumes: Arc<dyn Volumes>,
    pub(crate) floating_ips: Arc<dyn FloatingIps>,
    pub(crate) certificates: Arc<dyn Certificates>,
    pub(crate) coe_api: Arc<dyn CoeApi>,
    pub(crate) recorder: Option<Arc<dyn RecorderSink>>,
    /// What is written down of the call, if anything is.
    pub(crate) tape: Option<Arc<Tape>>,
    /// Where effects are written down.
    pub(crate) audit: Option<AuditTrail>,
    pub(crate) redactor: Redactor,
}

/// Why a source has no answer. The driver sees it as the contract's `error`: no text may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SourceError {
    #[error("invalid request")]
    Invalid(Vec<FieldError>),
    #[error("not supported: {0}")]
    Unsupported(String),
    #[error("not found: {0}")]
    NotFound(String),
    #[error("conflict: {0}")]
    Conflict(String),
    #[error("denied: {0}")]
    Denied(String),
    #[error("quota: {0}")]
    Quota(String),
    #[error("unavailable: {message}")]
    Unavailable { message: String, after: Duration },
    #[error("internal error: {0}")]
    Internal(String),
}

/// What a host function ends with if it has no answer.
#[derive(Clone, Debug)]
pub(crate) enum HostError {
    /// The driver is told.
    Answer(SourceError),
    /// The call is over.
    Stop(StopReason),
}

/// Answers every question with `denied`.
pub(crate) struct Nothing;

impl Nothing {
    pub(crate) fn denied<T>() -> Result<T, SourceError> {
        Err(SourceError::Denied("this call has no access to it".to_owned()))
    }
}

macro_rules! with {
    ($($method:ident, $field:ident: $source:ident;)+) => {$(
        #[doc = concat!("Answers `", stringify!($field), "` from this.")]
        pub fn $method(mut self, source: impl $source + 'static) -> Self {
            self.$field = Arc::new(source);
            self
        }
    )+};
}

impl Sources {
    /// Everything is denied; to be widened with the methods below.
    pub fn none() -> Self {
        Self {
            settings: Arc::new(Nothing),
            lookup: Arc::new(Nothing),
            stacks: Arc::new(Nothing),
            load_balancers: Arc::new(Nothing),
            volumes: Arc::new(Nothing),
            floating_ips: Arc::new(Nothing),
            certificates: Arc::new(Nothing),
            coe_api: Arc::new(Nothing),
            recorder: None,
            tape: None,
            audit: None,
            redactor: Redactor::default(),
        }
    }

    /// Keeps these secrets, and those of before, out of everything that the driver says.
    pub fn with_secrets(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        self.redactor = self.redactor.and(secrets);
        self
    }

    /// Writes effects down before they happen.
    pub fn with_audit(mut self, trail: AuditTrail) -> Self {
        self.audit = Some(trail);
        self
    }

    /// The secrets that were given.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Keeps calls there, if they are wanted.
    pub fn with_recorder(mut self, recorder: impl RecorderSink + 'static) -> Self {
        self.recorder = Some(Arc::new(recorder));
        self
    }

    with! {
        with_settings, settings: Settings;
        with_lookup, lookup: Lookup;
        with_stacks, stacks: Stacks;
        with_load_balancers, load_balancers: LoadBalancers;
        with_volumes, volumes: Volumes;
        with_floating_ips, floating_ips: FloatingIps;
        with_certificates, certificates: Certificates;
        with_coe_api, coe_api: CoeApi;
    }
}

impl From<SourceError> for HostError {
    fn from(error: SourceError) -> Self {
        Self::Answer(error)
    }
}

impl From<StopReason> for HostError {
    fn from(reason: StopReason) -> Self {
        Self::Stop(reason)
    }
}

impl From<SourceError> for types::Error {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Invalid(fields) => Self::Invalid(
                fields.into_iter().map(|error| types::FieldError { field: error.field, message: error.message }).collect(),
            ),
            SourceError::Unsupported(text) => Self::Unsupported(text),
            SourceError::NotFound(text) => Self::NotFound(text),
            SourceError::Conflict(text) => Self::Conflict(text),
            SourceError::Denied(text) => Self::Denied(text),
            SourceError::Quota(text) => Self::Quota(text),
            SourceError::Unavailable { message, after } => {
                Self::Unavailable(types::Retry { message, after_ms: u32::try_from(after.as_millis()).unwrap_or(u32::MAX) })
            }
            SourceError::Internal(text) => Self::Internal(text),
        }
    }
}
