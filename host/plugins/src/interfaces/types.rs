//! `types` has no functions; what host functions end with becomes the contract's `error`, or the end of the call.

use crate::{
    bindings::jeroboam::coe::types::{Error, Host},
    source::HostError,
    state::CallState,
};

impl Host for CallState {
    fn convert_error(&mut self, error: HostError) -> wasmtime::Result<Error> {
        match error {
            HostError::Answer(error) => Ok(error.into()),
            HostError::Stop(reason) => Err(wasmtime::Error::new(reason)),
        }
    }
}
