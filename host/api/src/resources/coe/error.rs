//! Why nothing can be said of what runs on a cluster, or done about it; and which status that is.

use http::StatusCode;
use jeroboam_model::{Coe, Fault};
use jeroboam_plugins::{CallError, DriverError, ResourceError, StopReason};
use jeroboam_rollout::ResolveError;

use super::manifest::ManifestError;

#[derive(Debug, thiserror::Error)]
pub enum CoeError {
    #[error("Say which bay is meant: bay_ident is its uuid or name, in the query or at the end of the path.")]
    NoBay,
    #[error("Cannot fulfill request with a {} bay, expecting a {expected} bay.", coe.as_str())]
    OtherCoe { coe: Coe, expected: &'static str },
    #[error("A manifest is needed, as JSON or YAML.")]
    NoManifest,
    #[error("This service fetches nothing for its users: send the text itself, as manifest, in place of manifest_url.")]
    ManifestUrl,
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("Of what runs on a bay, only the manifest can be changed.")]
    OnlyManifest,
    #[error("Say what to run: command is a parameter of the query.")]
    NoCommand,
    #[error("The driver {driver} of the cluster is not loaded.")]
    NoDriver { driver: String, source: ResolveError },
    /// By the cluster's own API, or its driver.
    #[error("{}", said(.0))]
    Cluster(#[from] ResourceError),
}

impl CoeError {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoBay
            | Self::OtherCoe { .. }
            | Self::NoManifest
            | Self::ManifestUrl
            | Self::Manifest(_)
            | Self::OnlyManifest
            | Self::NoCommand
            | Self::Cluster(ResourceError::NotOffered { .. }) => StatusCode::BAD_REQUEST,
            Self::NoDriver { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Cluster(ResourceError::Refused { status, .. }) => refused(*status),
            Self::Cluster(ResourceError::Call(error)) => of_call(error),
        }
    }

    /// Whether the thing is not there.
    pub fn is_not_found(&self) -> bool {
        self.status() == StatusCode::NOT_FOUND
    }
}

/// The cluster's own, but for one that would tell the client that its token is no good.
fn refused(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(StatusCode::UNAUTHORIZED) | Err(_) => StatusCode::BAD_GATEWAY,
        Ok(status) => status,
    }
}

fn of_call(error: &CallError) -> StatusCode {
    match error {
        CallError::Refused { error, .. } => match error {
            DriverError::NotFound(_) => StatusCode::NOT_FOUND,
            DriverError::Conflict(_) => StatusCode::CONFLICT,
            DriverError::Denied(_) | DriverError::Quota(_) => StatusCode::FORBIDDEN,
            DriverError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            DriverError::Invalid(_) | DriverError::Unsupported(_) => StatusCode::BAD_REQUEST,
            DriverError::Internal(_) | DriverError::Other(_) => StatusCode::INTERNAL_SERVER_ERROR,
        },
        CallError::Stopped { reason: StopReason::NoPlace, .. } | CallError::Superseded { .. } => StatusCode::SERVICE_UNAVAILABLE,
        error if error.fault() == Fault::Cloud => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn said(error: &ResourceError) -> String {
    match error {
        ResourceError::Refused { message, .. } => message.clone(),
        ResourceError::NotOffered { driver } => format!("The driver {driver} does not speak for what runs on its clusters."),
        ResourceError::Call(error) => error.user_message(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(error: ResourceError) -> u16 {
        CoeError::from(error).status().as_u16()
    }

    #[test]
    fn the_clusters_own_status_is_handed_on_but_for_one_that_would_blame_the_token() {
        for (said, told) in [(404, 404), (409, 409), (422, 422), (500, 500), (401, 502)] {
            assert_eq!(status(ResourceError::Refused { status: said, message: String::new() }), told);
        }
    }

    #[test]
    fn a_cluster_that_does_not_answer_is_not_the_clients_fault() {
        let driver = || "d".to_owned();
        let unavailable = DriverError::Unavailable { message: "away".to_owned(), after: std::time::Duration::ZERO };
        let away = CallError::Refused { driver: driver(), error: unavailable };
        let slow = CallError::Stopped { driver: driver(), function: "list-resources", reason: StopReason::WallTime };
        assert_eq!([status(away.into()), status(slow.into())], [503, 503]);
    }
}
