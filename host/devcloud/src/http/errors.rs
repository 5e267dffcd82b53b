//! Each service's own way of saying no.

use axum::{
    Json,
    extract::Request,
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    refusal::{Problem, Refusal},
    service::Service,
};

/// Travels inside the response to [`shape`], which knows the service.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A layer: writes refusals in the shape of the service.
pub async fn shape(service: Service, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(refusal) = response.extensions_mut().remove::<Refusal>() else {
        return response;
    };
    let status = StatusCode::from_u16(refusal.status(service)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut shaped = shaped(service, status, &refusal);
    shaped.headers_mut().extend(std::mem::take(response.headers_mut()).into_iter().filter_map(|(name, value)| {
        let name = name.filter(|name| *name == http::header::WWW_AUTHENTICATE)?;
        Some((name, value))
    }));
    shaped
}

pub fn shaped(service: Service, status: StatusCode, refusal: &Refusal) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let (code, message) = (status.as_u16(), &refusal.message);
    // The authentication middleware is the same in front of all services.
    if refusal.problem == Problem::Unauthorized || service == Service::Identity {
        return (status, Json(json!({"error": {"code": code, "title": title, "message": message}}))).into_response();
    }
    let body: Value = match service {
        Service::Image => {
            let escaped = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let page = format!(
                "<html>\n <head>\n  <title>{code} {title}</title>\n </head>\n <body>\n  <h1>{code} {title}</h1>\n  {escaped}<br /><br />\n\n\n </body>\n</html>"
            );
            return (status, Html(page)).into_response();
        }
        Service::Network => json!({"NeutronError": {"type": refusal.name, "message": message, "detail": ""}}),
        Service::LoadBalancer => {
            let blame = if status.is_server_error() { "Server" } else { "Client" };
            json!({"faultcode": blame, "faultstring": message, "debuginfo": null})
        }
        Service::KeyManager => json!({"code": code, "title": title, "description": message}),
        Service::Compute | Service::Volume => {
            let mut fault = json!({"code": code, "message": message});
            if let (413, Some(fault)) = (code, fault.as_object_mut()) {
                fault.insert("retryAfter".to_owned(), json!("0"));
            }
            json!({ fault_name(service, code): fault })
        }
        Service::Identity | Service::Orchestration => {
            json!({"code": code, "title": title, "explanation": title, "error": {"type": title, "message": message, "traceback": null}})
        }
    };
    (status, Json(body)).into_response()
}

fn fault_name(service: Service, status: u16) -> &'static str {
    match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ if service == Service::Volume => "cinderFault",
        _ => "computeFault",
    }
}
