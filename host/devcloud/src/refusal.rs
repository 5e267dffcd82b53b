//! Why a service says no.

use crate::{
    service::Service,
    services::{Kind, ServiceError},
};

/// What is wrong, from the caller's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    /// The method is not one of the resource's.
    NotAllowed,
    Conflict,
    OverQuota,
    TooLarge,
}

/// A refusal: the services write it each in their own shape.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub problem: Problem,
    /// The exception's name; Neutron shows it.
    pub name: &'static str,
    pub message: String,
    /// What was not found.
    pub missing: Option<(Kind, String)>,
}

impl Refusal {
    pub fn new(problem: Problem, name: &'static str, message: impl Into<String>) -> Self {
        Self { problem, name, message: message.into(), missing: None }
    }

    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(Problem::BadRequest, "HTTPBadRequest", message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Problem::Forbidden, "PolicyNotAuthorized", message)
    }

    pub fn conflict(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(Problem::Conflict, name, message)
    }

    /// No such object, or not one that the caller may see.
    pub fn missing(kind: Kind, id: &str, message: impl Into<String>) -> Self {
        Self { missing: Some((kind, id.to_owned())), ..Self::new(Problem::NotFound, not_found_name(kind), message) }
    }

    /// No such path.
    pub fn no_such_path() -> Self {
        Self::new(Problem::NotFound, "HTTPNotFound", "The resource could not be found.")
    }

    /// The HTTP status that a service answers with.
    pub fn status(&self, service: Service) -> u16 {
        match self.problem {
            Problem::BadRequest => 400,
            Problem::Unauthorized => 401,
            Problem::Forbidden => 403,
            Problem::NotFound => 404,
            Problem::NotAllowed => 405,
            Problem::Conflict => 409,
            Problem::OverQuota => match service {
                Service::Network => 409,
                Service::Volume => 413,
                _ => 403,
            },
            Problem::TooLarge => 413,
        }
    }

    /// As Heat sees it: only what it asked for can be "not found" to it; a reference that leads nowhere is a bad request.
    pub fn for_heat(self, asked: Option<(Kind, &str)>) -> ServiceError {
        match (self.problem, self.missing) {
            (Problem::NotFound, Some((kind, id))) if asked == Some((kind, id.as_str())) => ServiceError::NotFound { kind, id },
            (Problem::OverQuota, _) => ServiceError::OverQuota(self.message),
            (Problem::Forbidden | Problem::Unauthorized, _) => ServiceError::Forbidden(self.message),
            (Problem::Conflict, _) => ServiceError::Conflict(self.message),
            _ => ServiceError::BadRequest(self.message),
        }
    }
}

fn not_found_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Network => "NetworkNotFound",
        Kind::Subnet => "SubnetNotFound",
        Kind::Port => "PortNotFound",
        Kind::Router => "RouterNotFound",
        Kind::FloatingIp => "FloatingIPNotFound",
        Kind::SecurityGroup => "SecurityGroupNotFound",
        Kind::SecurityGroupRule => "SecurityGroupRuleNotFound",
        _ => "NotFound",
    }
}
