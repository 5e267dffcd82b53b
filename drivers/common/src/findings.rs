//! Collects what is wrong with a request, so that its author hears of everything at once.

use jeroboam_driver_sdk::{Error, FieldError, Warning, errors};

#[derive(Default)]
pub struct Findings {
    errors: Vec<FieldError>,
    warnings: Vec<Warning>,
}

impl Findings {
    /// Keeps what is the author's to mend and goes on; ends at any other error, such as a cloud that does not answer.
    pub fn note<T>(&mut self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Invalid(errors)) => {
                for error in errors {
                    if !self.errors.contains(&error) {
                        self.errors.push(error);
                    }
                }
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(errors::field_error(field, message));
    }

    pub fn warn(&mut self, field: &str, message: impl Into<String>) {
        self.warnings.push(errors::warning(field, message));
    }

    pub fn finish(self) -> Result<Vec<Warning>, Error> {
        errors::invalid_fields(self.errors)?;
        Ok(self.warnings)
    }
}
