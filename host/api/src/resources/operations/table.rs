//! What can be asked of operations: the table that the router and the OpenAPI document are made from.

use std::convert;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::{Method, header};
use serde_json::Value;

use super::{actions, list, show};
use crate::app::App;
use crate::resources::drivers::{Answer, AskedBy, Body, Operation, Parameter, document_of, operations, routes_of};

const LIMIT: Parameter = Parameter { name: "limit", meaning: "The most items to answer with.", required: false };
const MARKER: Parameter = Parameter { name: "marker", meaning: "The last item of the page before.", required: false };
const STATUS: Parameter = Parameter {
    name: "status",
    meaning: "Only those that are `queued`, `running`, `done`, `failed` or `aborted`; several are separated by commas.",
    required: false,
};
const KIND: Parameter = Parameter {
    name: "kind",
    meaning: "Only those of this kind: `create`, `resize`, `delete`, `create-group`, `delete-group`, `upgrade`, `rotate-ca`, `rotate-credential`; \
              several are separated by commas.",
    required: false,
};
const CLUSTER: Parameter =
    Parameter { name: "cluster", meaning: "Only those of this cluster, by its uuid; it may be gone.", required: false };
const LIST: &[Parameter] = &[LIMIT, MARKER, STATUS, KIND, CLUSTER];
const OF_CLUSTER: &[Parameter] = &[LIMIT, MARKER, STATUS, KIND];

operations! {
    OPERATIONS, Handler;
    GET "/v1/operations" list::list, "list_operations", OperationGetAll, (LIST), Body::None, Answer::json::<list::Operations>(200),
        "List operations of the caller's project, the latest first; those of all projects for administrators.";
    GET "/v1/operations/{id}" show::show, "show_operation", OperationGet, (), Body::None, Answer::json::<show::Operation>(200),
        "Show an operation: how far it is, what happened, why it failed, and what can be done about it.";
    POST "/v1/operations/{id}/actions/retry" actions::retry, "retry_operation", OperationRetry, (), Body::None, Answer::json::<show::Operation>(202),
        "Try an operation again that failed or was aborted, if nothing has come after it on its cluster.";
    POST "/v1/operations/{id}/actions/abort" actions::abort, "abort_operation", OperationAbort, (), Body::None, Answer::json::<show::Operation>(202),
        "Stop an operation. It ends before its next step, once Heat has left off; its cluster has failed then, and can be deleted, or the operation retried.";
    GET "/v1/clusters/{ident}/operations" list::of_cluster, "list_operations_of_cluster", OperationGetAll, (OF_CLUSTER), Body::None,
        Answer::json::<list::Operations>(200), "List the operations of a cluster, by its name or uuid, the latest first. Those of one that is gone are kept for a while, by its uuid.";
}

crate::router::routing! {
    DOCUMENT, document_route: MethodRouter::new(), convert::identity;
    "/v1/operations/openapi.json" { get serve }
}

/// Method and path of each.
pub fn paths() -> impl Iterator<Item = (&'static Method, &'static str)> {
    OPERATIONS.iter().map(|operation| (&operation.method, operation.path))
}

/// The routes of the table, and the document of it, which anybody may read.
pub fn routes() -> Router<App> {
    routes_of(OPERATIONS, document_route())
}

/// The document: OpenAPI 3.1.
pub fn document() -> Value {
    let about = "What is done to clusters, and was: an extension of Jeroboam's own. For readers and members of the project; administrators see those of \
        all projects.";
    document_of("Jeroboam's operations", about, OPERATIONS)
}

async fn serve() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document().to_string()).into_response()
}
