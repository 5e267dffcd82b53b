//! Why a step ended without a result.

use jeroboam_certificates::CertificateError;
use jeroboam_cloud::CloudError;
use jeroboam_model::Fault;
use jeroboam_plugins::CallError;
use jeroboam_store::{CommitError, StoreError, VaultError};

use crate::cause::{self, Actor};
use crate::policy::Failure;

#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    /// It failed: [`crate::policy::decide`] says what happens now.
    #[error("the step failed")]
    Failed(#[from] Failure),
    /// The operation was ended, or given over to a later one, by somebody else.
    #[error("the operation was superseded")]
    Superseded,
    /// What the step did could not be recorded, so it will be done again.
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[from] CommitError),
}

/// Tells in whose name a call was made that failed.
pub(crate) trait By<T> {
    fn by(self, actor: Actor) -> Result<T, StepError>;
}

impl<T> By<T> for Result<T, CloudError> {
    fn by(self, actor: Actor) -> Result<T, StepError> {
        self.map_err(|error| StepError::Failed(cause::of_cloud(&error, actor)))
    }
}

impl From<CallError> for StepError {
    fn from(error: CallError) -> Self {
        Self::Failed(cause::of_driver(&error))
    }
}

impl From<VaultError> for StepError {
    fn from(error: VaultError) -> Self {
        let failure = Failure::lasting(Fault::Host, cause::chain(&error));
        Self::Failed(failure.advise("Secrets were sealed under another key: restore the key file that belongs to this store."))
    }
}

impl From<CertificateError> for StepError {
    fn from(error: CertificateError) -> Self {
        let text = cause::chain(&error);
        Self::Failed(match error {
            CertificateError::Barbican(error) => cause::of_cloud(&error, Actor::Service),
            CertificateError::Read(_)
            | CertificateError::Write(_)
            | CertificateError::Contended { .. }
            | CertificateError::Stopped => Failure::passing(Fault::Host, text),
            _ => Failure::lasting(Fault::Host, text),
        })
    }
}
